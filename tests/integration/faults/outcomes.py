"""What came of each fault, written down for docs/faults.md."""

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path("reports/faults")


def record(fault: str, *, runs: int, converged: int, needed: Mapping[str, int]) -> None:
    """runs: how often the fault happened; converged: after how many of them the next run made it good."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    told = {what: times for what, times in needed.items() if times}
    entry = {"fault": fault, "runs": runs, "converged": converged, "needed": told}
    (FOLDER / f"{fault.replace(' ', '-').replace('/', '-')}.json").write_text(json.dumps(entry, indent=2))
