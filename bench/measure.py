"""Whole-process figures of a command: CPU (children included), wall time, and the largest process's memory."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MIB = 1024  # ru_maxrss counts KiB on Linux


@dataclass(frozen=True)
class Figures:
    """Medians over the counted runs."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float
    runs: int

    def __str__(self) -> str:
        return (
            f"{self.cpu_seconds:7.2f} s CPU  {self.wall_seconds:7.2f} s wall  {self.peak_mib:7.0f} MiB peak"
            f"  (median of {self.runs})"
        )


def measure(command: Sequence[str], runs: int, environment: Mapping[str, str] | None = None) -> Figures:
    """One warm-up, then `runs` counted runs. SystemExit when the command fails: a failed run measures nothing."""
    samples = [_run_once(command, environment) for _ in range(runs + 1)][1:]
    cpu, wall, peak = zip(*samples, strict=True)
    return Figures(statistics.median(cpu), statistics.median(wall), statistics.median(peak), runs)


def _run_once(command: Sequence[str], environment: Mapping[str, str] | None) -> tuple[float, float, float]:
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: {' '.join(command)} ended with exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / MIB
