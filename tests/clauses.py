"""Collects which requirement clauses the tests that passed have proven, and writes them to reports/clauses/."""

import json
import os
from pathlib import Path

import pytest

REPORTS = Path(__file__).parent.parent / "reports" / "clauses"
PROPERTY = "clause"


class ClauseRecorder:
    """A pytest plugin: reads the `clause` marker of each test and keeps what passed.

    Written by the process that runs the session (not by xdist's workers) as a list of
    {"clause": "P.1.3", "proof": "synth", "test": "tests/..."}; scripts turn it into the traceability table.
    """

    def __init__(self) -> None:
        self._proven: list[dict[str, str]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for marker in item.iter_markers(PROPERTY):
            for clause in marker.args:
                item.user_properties.append((PROPERTY, f"{clause} {marker.kwargs['proof']}"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            for name, value in report.user_properties:
                if name == PROPERTY:
                    clause, proof = value.split()
                    self._proven.append({"clause": clause, "proof": proof, "test": report.nodeid})

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self._proven or hasattr(session.config, "workerinput"):
            return
        REPORTS.mkdir(parents=True, exist_ok=True)
        name = os.environ.get("TOX_ENV_NAME", "local")
        target = REPORTS / f"{name}.json"
        partial = target.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(sorted(self._proven, key=lambda row: tuple(row.values())), indent=1))
        partial.replace(target)
