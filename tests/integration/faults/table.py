"""`python -m tests.integration.faults.table` writes docs/faults.md from what the last run of the tests recorded."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.integration.faults.catalogue import CATALOGUE
from tests.integration.faults.outcomes import FOLDER

DOCUMENT = Path("docs/faults.md")
HEAD = """# What happens when something fails in the middle

Each fault is made to happen in the sandbox: real terraform and the real AWS provider deploy the gateway stack,
cut down to the kinds that are applied in seconds, into the emulated AWS, with the state in S3 there.
`tests/integration/faults` holds the tests; `python -m tests.integration.faults.table` writes this page from
their last run.

After each fault the next run has to end with an empty second plan, and a destroy with nothing left behind but
what is said here. No random value of a secret and no key may stand in a file of the run, in the state, or in a
message.

| Fault | Struck | Lost | What it took | What you see and do |
|---|---:|---:|---|---|
"""
TAIL = """
*Struck* counts requests for faults in answers, runs for all others. *Lost* counts those that the next run could
not make good.

How a deployment finds what a dead run has made: Terraform writes its state to S3 at most every 20 seconds, so a killed
run leaves things that no state knows. Their names hold the suffix. A deployment looks for everything that its
plan would create, by that name (`delivery/recovery/kinds.py`), and plans to import what is there; imports are
shown, gated and applied as part of the plan. A version of a secret is never imported, because the provider
would read its value into the state: a new one is put.

What this does not show: how AWS itself behaves. The emulator has no eventual consistency and no limits of its
own; what waits for minutes inside the provider (load balancers, NAT gateways, endpoints) is not part of the
reduced stack. That the whole payments stack is adopted when its state is lost is tried by the test that types the
runbooks; functions and what else only gateway has are adopted in unit tests only.
"""


def rows(outcomes: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line of the table for each outcome, in the order of the catalogue."""
    by_fault = {outcome["fault"]: outcome for outcome in outcomes}
    return [_row(by_fault[fault], seen) for fault, seen in CATALOGUE.items() if fault in by_fault]


def _row(outcome: Mapping[str, Any], seen: str) -> str:
    took = ", ".join(f"{what}: {times}" for what, times in outcome["needed"].items()) or "nothing"
    return f"| {outcome['fault']} | {outcome['runs']} | {outcome['lost']} | {took} | {seen} |"


def main() -> None:
    outcomes = [json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))]
    DOCUMENT.write_text(HEAD + "\n".join(rows(outcomes)) + "\n" + TAIL)


if __name__ == "__main__":
    main()
