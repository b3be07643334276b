"""What came of each fault, written down for docs/faults.md."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.integration.faults.catalogue import CATALOGUE

FOLDER = Path("reports/faults")


def record(fault: str, *, runs: int, lost: int = 0, needed: Mapping[str, int] | None = None) -> None:
    """runs: how often the fault struck; lost: how often the next run could not make it good; needed: what it took."""
    if fault not in CATALOGUE:
        raise ValueError(f"{fault!r} is not in the catalogue")
    FOLDER.mkdir(parents=True, exist_ok=True)
    took = {what: times for what, times in (needed or {}).items() if times}
    file = FOLDER / f"{list(CATALOGUE).index(fault):02}.json"
    file.write_text(json.dumps({"fault": fault, "runs": runs, "lost": lost, "needed": took}, indent=2))
