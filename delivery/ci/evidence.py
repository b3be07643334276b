"""The verdict on a synthesized stack in every form that somebody files: JSON, SARIF, JUnit and text."""

from datetime import date
from pathlib import Path

from policies.verdict import Verdict

FILES = {"json": "verdict.json", "sarif": "verdict.sarif", "junit": "verdict.junit.xml", "text": "verdict.txt"}


def write_evidence(stack: Path, folder: Path, today: date) -> Verdict:
    """Judge the stack once and write each report below `folder`; also those of a verdict that is red or broken."""
    from policies.gate import judge
    from policies.report import render

    verdict = judge(stack, today=today)
    folder.mkdir(parents=True, exist_ok=True)
    for form, name in FILES.items():
        partial = folder / f"{name}.partial"
        partial.write_text(render(verdict, form), encoding="utf-8")
        partial.replace(folder / name)
    return verdict
