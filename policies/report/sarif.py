"""The verdict as SARIF 2.1.0: one reporting id per rule, results with file, line and resource.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
(checked 2026-11-22).
"""

import hashlib
import json
from typing import Any

from policies.report.paths import uri
from policies.report.plain import in_words
from policies.rule import Rule, Severity
from policies.verdict import Judged, Problem, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
# How code-scanning services rank a security rule: a number from 0 to 10 as text.
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}


def render(verdict: Verdict) -> str:
    """The log as indented JSON."""
    return json.dumps(as_log(verdict), indent=2)


def as_log(verdict: Verdict) -> dict[str, Any]:
    """The log: one run, complete only when there was no error."""
    rules = {rule.id: rule for rule in (*verdict.rules, *(item.rule for item in verdict.findings))}
    positions = {rule: index for index, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "paygate", "rules": [_rule(rule) for rule in rules.values()]}},
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not verdict.errors,
                        "exitCode": verdict.exit_code,
                        "toolExecutionNotifications": [_notification(item) for item in verdict.errors],
                    }
                ],
                "results": [_result(item, positions[item.rule.id]) for item in verdict.findings],
                "properties": {"verdict": verdict.word, "spec": verdict.spec, "resources": verdict.resources},
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": rule.remediation},
        "helpUri": rule.source.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", *(f"clause/{item}" for item in rule.clauses), *(f"pci-dss/{i}" for i in rule.pci_dss)],
            "security-severity": _SCORES[rule.severity],
        },
    }


def _result(item: Judged, index: int) -> dict[str, Any]:
    found, place = item.finding, item.finding.provenance
    facts = f"found {in_words(found.found)}, expected {in_words(found.expected)}"
    attribute = f" {found.attribute}" if found.attribute else ""
    result: dict[str, Any] = {
        "ruleId": item.rule.id,
        "ruleIndex": index,
        "level": _LEVELS[item.rule.severity],
        "message": {"text": f"{item.message}\n{found.address}{attribute}: {facts}"},
        "locations": [_location(place.file, place.line, found.address, place.construct_path)],
        "partialFingerprints": {"paygate/v1": _fingerprint(item.rule.id, found.address, found.attribute)},
    }
    if item.waived:
        result["suppressions"] = [{"kind": "external", "justification": item.waived}]
    return result


def _location(file: str, line: int, address: str, construct_path: str) -> dict[str, Any]:
    logical = [{"fullyQualifiedName": address, "kind": "resource"}] if address else []
    if construct_path:
        logical.append({"fullyQualifiedName": construct_path, "kind": "construct"})
    location: dict[str, Any] = {"logicalLocations": logical} if logical else {}
    if file:
        artifact = {"artifactLocation": {"uri": uri(file)}, "region": {"startLine": max(1, line)}}
        location["physicalLocation"] = artifact
    return location


def _notification(item: Problem) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": {"text": item.message}}
    if item.rule:
        notification["associatedRule"] = {"id": item.rule}
    if location := _location(item.file, item.line, item.address, item.construct_path):
        notification["locations"] = [location]
    return notification


def _fingerprint(*parts: str) -> str:
    """Tells a finding from another over runs in which lines moved."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
