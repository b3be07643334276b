"""How the gate scales: a synthesized stack, repeated until it holds 1,000, 10,000 and 100,000 resources.

    python -m bench.gate_scaling cdktf.out/stacks/payments-production-pr42/cdk.tf.json [--sizes 1000 10000]

Prints, for each size, the seconds that loading and judging took, and for each step from one size to the next the
exponent of growth: 1.0 is linear, 2.0 quadratic.
"""

import argparse
import json
import math
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.engine import run_rules
from policies.gate import rules_of
from policies.graph.load import load
from policies.spec import load_spec

SIZES = (1_000, 10_000, 100_000)
MODES = ("resource", "data")


@dataclass(frozen=True)
class Timing:
    """Seconds for one size."""

    resources: int
    load_seconds: float
    judge_seconds: float
    findings: int
    slowest: tuple[tuple[str, float], ...]

    @property
    def total_seconds(self) -> float:
        return self.load_seconds + self.judge_seconds


def repeated(document: dict[str, Any], copies: int) -> dict[str, Any]:
    """The stack several times over, each copy referring to itself alone and with names of its own, as AWS demands."""
    ending = document["//"]["metadata"]["stackName"].partition("-")[2]  # of every name: `production-pr42`
    bodies = [
        (mode, kind, name, json.dumps(body))
        for mode in MODES
        for kind, table in document.get(mode, {}).items()
        for name, body in table.items()
    ]
    references = re.compile(
        "|".join(
            sorted(
                (re.escape(f"{'data.' if mode == 'data' else ''}{kind}.{name}") for mode, kind, name, _ in bodies),
                key=len,
                reverse=True,
            )
        )
    )
    out: dict[str, Any] = {key: value for key, value in document.items() if key not in MODES}
    for copy in range(copies):
        for mode, kind, name, text in bodies:
            renamed = text.replace(f"-{ending}", f"-x{copy}-{ending}") if copy else text
            body = json.loads(references.sub(lambda found, copy=copy: f"{found.group()}-{copy}", renamed))
            out.setdefault(mode, {}).setdefault(kind, {})[f"{name}-{copy}"] = body
    return out


def timed(path: Path, rule_ids: frozenset[str]) -> Timing:
    """Load one file and judge it by every rule (or the named ones) of the payments spec."""
    spec = load_spec("payments")
    started = time.perf_counter()
    graph = load(path)
    _ = graph.dangling
    loaded = time.perf_counter()
    findings = 0
    slowest: list[tuple[str, float]] = []
    for rule in rules_of(spec):
        if rule_ids and rule.id not in rule_ids:
            continue
        before = time.perf_counter()
        findings += sum(map(len, run_rules([rule], graph, spec)))
        slowest.append((rule.id, time.perf_counter() - before))
    slowest.sort(key=lambda item: -item[1])
    return Timing(len(graph), loaded - started, time.perf_counter() - loaded, findings, tuple(slowest[:5]))


def measured(document: dict[str, Any], sizes: list[int], rule_ids: frozenset[str]) -> Iterator[Timing]:
    """One timing per size, the file written and removed in between."""
    per_copy = sum(len(table) for mode in MODES for table in document.get(mode, {}).values())
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cdk.tf.json"
            path.write_text(json.dumps(repeated(document, math.ceil(size / per_copy)), indent=2))
            yield timed(path, rule_ids)


def exponent(before: Timing, after: Timing, seconds: Callable[[Timing], float]) -> float:
    """b in seconds ~ resources ** b between two sizes."""
    return math.log(seconds(after) / seconds(before)) / math.log(after.resources / before.resources)


def main() -> None:
    parser = argparse.ArgumentParser(description="How the gate scales with the number of resources.")
    parser.add_argument("stack", type=Path, help="a synthesized cdk.tf.json")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rule", action="append", default=[], help="time this rule alone (repeatable)")
    arguments = parser.parse_args()
    document = json.loads(arguments.stack.read_text(encoding="utf-8"))
    print(f"{'resources':>10} {'load s':>8} {'judge s':>8} {'findings':>9}  exponent  slowest rules")
    previous: Timing | None = None
    for timing in measured(document, arguments.sizes, frozenset(arguments.rule)):
        growth = f"{exponent(previous, timing, lambda one: one.total_seconds):8.2f}" if previous else " " * 8
        slowest = ", ".join(f"{name} {seconds:.2f}" for name, seconds in timing.slowest)
        print(
            f"{timing.resources:>10} {timing.load_seconds:>8.2f} {timing.judge_seconds:>8.2f} {timing.findings:>9}"
            f"  {growth}  {slowest}",
            flush=True,
        )
        previous = timing


if __name__ == "__main__":
    main()
