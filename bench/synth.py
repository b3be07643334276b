"""`python -m bench.synth [RUNS]`: what a warm synth of payments costs, lazily loaded and by the plain import."""

import sys
import tempfile

from bench.measure import measure
from infra.lazy import PLAIN_PATH_VARIABLE

PATHS = {"lazy": {}, "plain import": {PLAIN_PATH_VARIABLE: "1"}}


def main(runs: int = 5) -> None:
    """Print one line per path."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "infra", "--suffix", "bench", "--out", out]
        for name, environment in PATHS.items():
            print(f"synth payments, {name:12}  {measure(command, runs, environment)}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
