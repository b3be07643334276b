"""The verdict as one JSON object, described by report.schema.json."""

import json
from typing import Any

from policies.report.plain import plain
from policies.verdict import Judged, Problem, Verdict


def render(verdict: Verdict) -> str:
    """The object as indented JSON."""
    return json.dumps(as_object(verdict), indent=2)


def as_object(verdict: Verdict) -> dict[str, Any]:
    """The object itself."""
    return {
        "verdict": verdict.word,
        "source": verdict.source,
        "spec": verdict.spec,
        "resources": verdict.resources,
        "rules": [rule.id for rule in verdict.rules],
        "findings": [_finding(item) for item in verdict.findings],
        "errors": [_error(item) for item in verdict.errors],
        "notes": list(verdict.notes),
    }


def _finding(item: Judged) -> dict[str, Any]:
    rule, found, place = item.rule, item.finding, item.finding.provenance
    return {
        "rule": rule.id,
        "severity": str(rule.severity),
        "address": found.address,
        "attribute": found.attribute,
        "found": plain(found.found),
        "expected": plain(found.expected),
        "message": item.message,
        "construct_path": place.construct_path,
        "file": place.file,
        "line": place.line,
        "clauses": list(rule.clauses),
        "waived": bool(item.waived),
        "waiver_reason": item.waived,
        "remediation": rule.remediation,
    }


def _error(item: Problem) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "message": item.message,
        "address": item.address,
        "attribute": item.attribute,
        "found": plain(item.found),
        "construct_path": item.construct_path,
        "file": item.file,
        "line": item.line,
    }
