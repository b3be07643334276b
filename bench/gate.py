"""`python -m bench.gate [RUNS]`: what judging payments costs, beside a stock Checkov over the same files.

Whole processes, from shell to exit, and the rules alone inside a process that has loaded them.
"""

import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.measure import measure
from policies.gate import judge

PROGRAMS = Path(sys.executable).parent
STOCK = ["-d", "{stack}", "--framework", "terraform_json", "--skip-download", "--quiet", "--compact", "--soft-fail"]
IN_PROCESS_RUNS = 20


def main(runs: int = 5) -> None:
    """Print one line per way of judging."""
    with tempfile.TemporaryDirectory() as out:
        measure([sys.executable, "-m", "infra", "--suffix", "bench", "--out", out], runs=1)
        stack = Path(out, "stacks", "payments-production-bench")
        paygate = [str(PROGRAMS / "paygate"), "gate", str(stack)]
        checkov = [str(PROGRAMS / "checkov"), *(word.format(stack=stack) for word in STOCK)]
        print(f"rules over payments, in-process    {_in_process_ms(stack):7.0f} ms CPU  (median of {IN_PROCESS_RUNS})")
        for name, command in {
            "paygate gate": paygate,
            "paygate gate --checkov": [*paygate, "--checkov"],
            "stock checkov": checkov,
        }.items():
            print(f"{name:24}  {measure(command, runs, {'CKV_SKIP_PACKAGE_UPDATE_CHECK': 'true'})}", flush=True)


def _in_process_ms(stack: Path) -> float:
    def once() -> float:
        began = time.process_time()
        judge(stack, today=date.today())
        return (time.process_time() - began) * 1000

    return statistics.median([once() for _ in range(IN_PROCESS_RUNS + 1)][1:])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
