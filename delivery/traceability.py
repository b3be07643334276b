"""`python -m delivery.traceability`: every clause with the rules and tests that proved it in this run.

Reads what the test sessions recorded (tests/clauses.py) in reports/clauses/, so a test that did not run or did not pass
proves nothing. A clause of a platform that is built (it has a settings file) and whose stated proof is not met fails.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CLAUSES = ROOT / "docs" / "clauses.yaml"
RECORDS = ROOT / "reports" / "clauses"
TABLE = ROOT / "reports" / "traceability.md"
PROOFS = ("synth", "live", "test", "doc")


@dataclass(frozen=True)
class Row:
    """One clause: what it asks to be proven by, its rules, and how many tests of each kind passed."""

    clause: str
    text: str
    built: bool
    wanted: tuple[str, ...]
    rules: tuple[str, ...]
    tests: Mapping[str, int]

    @property
    def unmet(self) -> tuple[str, ...]:
        """Kinds of proof that are asked for and missing; a `synth` proof is a rule and a test."""
        missing = [kind for kind in self.wanted if not self.tests.get(kind)]
        if "synth" in self.wanted and not self.rules and "synth" not in missing:
            missing.append("synth (no rule)")
        return tuple(missing) if self.built else ()


def main() -> int:
    """Print the table. Exit code 0: every clause of the built platforms is proven; 1: one is not; 2: nothing ran."""
    records = _records()
    if not records:
        print(f"traceability: nothing recorded in {RECORDS.relative_to(ROOT)}; run the tests first", file=sys.stderr)
        return 2
    rows = tuple(rows_of(_clauses(), built_platforms(), _rules_by_clause(), records))
    table = render(rows)
    TABLE.write_text(table, encoding="utf-8")
    print(table)
    unmet = [row for row in rows if row.unmet]
    for row in unmet:
        print(f"{row.clause} is not proven: no {', '.join(row.unmet)}. {row.text}", file=sys.stderr)
    built = [row for row in rows if row.built]
    print(
        f"{len(built) - len(unmet)} of {len(built)} clauses of built platforms proven; {len(rows) - len(built)} to come"
    )
    return 1 if unmet else 0


def rows_of(
    clauses: Mapping[str, Iterable[Mapping[str, Any]]],
    built: frozenset[str],
    rules: Mapping[str, tuple[str, ...]],
    records: Iterable[Mapping[str, str]],
) -> Iterable[Row]:
    """One row per clause, in the order of the file. records: {"clause", "proof", "test"}, a test counted once."""
    passed = {(record["clause"], record["proof"], record["test"]) for record in records}
    for platform, entries in clauses.items():
        for entry in entries:
            clause = entry["id"]
            tests = {kind: sum(row[:2] == (clause, kind) for row in passed) for kind in PROOFS}
            yield Row(clause, entry["text"], platform in built, tuple(entry["proof"]), rules.get(clause, ()), tests)


def render(rows: Iterable[Row]) -> str:
    """A Markdown table; a kind of proof that is not asked for shows as a dot."""
    lines = [f"| clause | {' | '.join(PROOFS)} | rules | text |", f"|---|{'---:|' * len(PROOFS)}---|---|"]
    for row in rows:
        counts = [str(row.tests[kind]) if kind in row.wanted or row.tests[kind] else "·" for kind in PROOFS]
        lines.append(f"| {row.clause} | {' | '.join(counts)} | {', '.join(row.rules) or '·'} | {row.text} |")
    return "\n".join(lines) + "\n"


def built_platforms(folder: Path = ROOT / "environments") -> frozenset[str]:
    """The platforms that have a settings file."""
    return frozenset(path.name.split(".")[0] for path in folder.glob("*.*.yaml"))


def _clauses() -> dict[str, list[dict[str, Any]]]:
    import yaml

    decoded: dict[str, list[dict[str, Any]]] = yaml.safe_load(CLAUSES.read_text(encoding="utf-8"))
    return decoded


def _rules_by_clause() -> dict[str, tuple[str, ...]]:
    from policies.registry import all_rules

    found: dict[str, tuple[str, ...]] = {}
    for loaded in all_rules():
        for clause in loaded.rule.clauses:
            found[clause] = (*found.get(clause, ()), loaded.id)
    return found


def _records() -> list[dict[str, str]]:
    return [
        record for path in sorted(RECORDS.glob("*.json")) for record in json.loads(path.read_text(encoding="utf-8"))
    ]


if __name__ == "__main__":
    sys.exit(main())
