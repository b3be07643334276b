"""A verdict as text for people, and as JSON, SARIF and JUnit for programs: a module each, imported when asked for."""

import importlib

from policies.verdict import Verdict

FORMATS = {
    "text": "policies.report.text",
    "json": "policies.report.json_report",
    "sarif": "policies.report.sarif",
    "junit": "policies.report.junit",
}


def render(verdict: Verdict, form: str = "text") -> str:
    """The verdict in one of FORMATS, ending in a newline, encodable as UTF-8 whatever the stack contained."""
    report: str = importlib.import_module(FORMATS[form]).render(verdict)
    return report.rstrip("\n").encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
