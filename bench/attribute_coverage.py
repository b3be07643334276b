"""How many small changes of a stack the gate notices, and which it does not.

    python -m bench.attribute_coverage cdktf.out/stacks/payments-production-pr42/cdk.tf.json [--write docs/...md]

Every attribute is replaced once and dropped once, every block and resource dropped once, and the stack judged after
each. Ends with 1 when a change goes unnoticed that policies/free_attributes.yaml does not cover, or a line there
covers none.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from bench.attribute_changes import Change, Document, changed, changes
from bench.free_attributes import Free, free_attributes, unlisted, unused
from policies.engine import run_rule
from policies.errors import GateError
from policies.gate import rules_of
from policies.graph.terraform_json import load_document
from policies.registry import LoadedRule
from policies.spec import Spec, load_spec

PROCESSES = 2
SPEC = "payments"
UNNOTICED, FOUND, REFUSED = "unnoticed", "found", "refused"


@dataclass(frozen=True)
class Coverage:
    """Each change with what the gate made of it: `found` by a rule, `refused` as no sound JSON, or `unnoticed`."""

    results: tuple[tuple[Change, str], ...]

    @property
    def unnoticed(self) -> tuple[Change, ...]:
        return tuple(change for change, outcome in self.results if outcome == UNNOTICED)

    def by_type(self) -> dict[str, Counter[str]]:
        """Numbers of outcomes for each type."""
        table: dict[str, Counter[str]] = {}
        for change, outcome in self.results:
            table.setdefault(change.kind, Counter())[outcome] += 1
        return dict(sorted(table.items()))


def outcome(document: Document, change: Change) -> str:
    """What the gate makes of the stack after one change.

    One finding or problem is enough to be red, so the rules about the changed type come first and the first to speak
    ends it; only an unnoticed change costs a run of every rule.
    """
    try:
        graph = load_document(changed(document, change))
    except GateError:
        return REFUSED
    if graph.dangling:
        return REFUSED
    spec = _spec()
    return FOUND if any(True for rule in _ordered(change.kind) for _ in run_rule(rule, graph, spec)) else UNNOTICED


def measured(document: Document, wanted: Sequence[Change], processes: int = PROCESSES) -> Coverage:
    """The outcome of each of the changes, several at a time."""
    if processes == 1:
        return Coverage(tuple((change, outcome(document, change)) for change in wanted))
    share = -(-len(wanted) // (processes * 8))
    parts = [(document, wanted[at : at + share]) for at in range(0, len(wanted), share)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return Coverage(tuple(row for rows in pool.map(_part, parts) for row in rows))


def _part(part: tuple[Document, Sequence[Change]]) -> list[tuple[Change, str]]:
    document, wanted = part
    return [(change, outcome(document, change)) for change in wanted]


@lru_cache(maxsize=1)
def _spec() -> Spec:
    return load_spec(SPEC)


@lru_cache(maxsize=128)
def _ordered(kind: str) -> tuple[LoadedRule, ...]:
    return tuple(sorted(rules_of(_spec()), key=lambda rule: not rule.rule.judges(kind)))


def report(coverage: Coverage, free: Iterable[Free]) -> str:
    """The summary as Markdown: numbers, a table by type, and why what goes unnoticed may."""
    lines = tuple(free)
    total = Counter(result for _, result in coverage.results)
    noticed = total[FOUND] + total[REFUSED]
    text = [
        "# Attribute coverage",
        "",
        "Made by `python -m bench.attribute_coverage STACK --write docs/attribute-coverage.md`; do not edit.",
        "",
        "Every attribute of the synthesized payments stack (those inside JSON texts too) is replaced once by another",
        "value of its kind and dropped once; every block and resource is dropped once. The gate judges each result.",
        "",
        f"**{noticed} of {len(coverage.results)} changes ({100 * noticed / len(coverage.results):.1f} %) turn the gate"
        f" red**: {total[FOUND]} through a rule, {total[REFUSED]} because a reference leads nowhere.",
        f"The other {total[UNNOTICED]} are reviewed in `policies/free_attributes.yaml`, for the reasons below.",
        "",
        "| Type | Changes | Red | Unnoticed |",
        "|---|---:|---:|---:|",
    ]
    for kind, row in coverage.by_type().items():
        text.append(f"| {kind} | {row.total()} | {row.total() - row[UNNOTICED]} | {row[UNNOTICED]} |")
    text += ["", "## Why a change may go unnoticed", "", "| Changes | Reason |", "|---:|---|"]
    reasons = Counter(next((line.reason for line in lines if line.covers(one)), "") for one in coverage.unnoticed)
    text += [f"| {count} | {reason or 'NOT REVIEWED'} |" for reason, count in reasons.most_common()]
    return "\n".join(text) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="How many small changes of a stack the gate notices.")
    parser.add_argument("stack", type=Path, help="a synthesized cdk.tf.json of the payments platform")
    parser.add_argument("--write", type=Path, help="file for the summary, as Markdown")
    parser.add_argument("--list", action="store_true", help="print every unnoticed change")
    arguments = parser.parse_args()
    document = json.loads(arguments.stack.read_text(encoding="utf-8"))
    free = free_attributes()
    coverage = measured(document, tuple(changes(document)))
    summary = report(coverage, free)
    print(summary)
    if arguments.list:
        print(*coverage.unnoticed, sep="\n")
    if arguments.write:
        arguments.write.write_text(summary, encoding="utf-8")
    faults = [f"not in the list of free attributes: {change}" for change in unlisted(coverage.unnoticed, free)]
    faults += [f"covers no unnoticed change: {line}" for line in unused(coverage.unnoticed, free)]
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
