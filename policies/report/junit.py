"""The verdict as JUnit XML: one test case per rule, as CI viewers show it.

Schema: https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
(checked 2026-11-22).
"""

import re
from collections import defaultdict
from itertools import chain
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from policies.report.plain import in_words
from policies.verdict import Judged, Problem, Verdict

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
GATE = "gate"  # the case that carries what concerns no single rule


def render(verdict: Verdict) -> str:
    """The XML document."""
    findings: defaultdict[str, list[Judged]] = defaultdict(list)
    errors: defaultdict[str, list[Problem]] = defaultdict(list)
    for found in verdict.findings:
        findings[found.rule.id].append(found)
    for problem in verdict.errors:
        errors[problem.rule or GATE].append(problem)
    names = dict.fromkeys(chain([GATE], (rule.id for rule in verdict.rules), findings, errors))
    suite = Element("testsuite", name=_clean(f"paygate {verdict.spec} {verdict.source}"), tests=str(len(names)))
    for name in names:
        _case(suite, verdict, name, findings[name], errors[name])
    for tag, counted in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(counted, str(len(suite.findall(f"testcase/{tag}"))))
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _case(suite: Element, verdict: Verdict, name: str, findings: list[Judged], errors: list[Problem]) -> None:
    """One outcome per case, the worst: error, failure, skipped (all findings waived) or none."""
    case = SubElement(suite, "testcase", classname=_clean(f"paygate.{verdict.spec or 'gate'}"), name=_clean(name))
    open_findings = [item for item in findings if not item.waived]
    if errors:
        _outcome(case, "error", "could not be judged", [_problem_text(item) for item in errors])
    elif open_findings:
        title = open_findings[0].rule.title
        _outcome(case, "failure", title, [_finding_text(item) for item in open_findings])
    elif findings:
        _outcome(case, "skipped", f"waived: {findings[0].waived}", [])


def _outcome(case: Element, tag: str, message: str, lines: list[str]) -> None:
    element = SubElement(case, tag, message=_clean(message))
    if tag != "skipped":
        element.set("type", tag)
        element.text = _clean("\n\n".join(lines))


def _finding_text(item: Judged) -> str:
    found, place = item.finding, item.finding.provenance
    return (
        f"{found.address} {found.attribute}\n{item.message}\n"
        f"found {in_words(found.found)}\nexpected {in_words(found.expected)}\n"
        f"{place.construct_path}\n{place.file}:{place.line}\n{item.rule.remediation}"
    )


def _problem_text(item: Problem) -> str:
    return "\n".join(part for part in (item.message, f"{item.address} {item.attribute}".strip(), item.file) if part)


def _clean(text: str) -> str:
    """The text without characters that XML cannot carry."""
    return _NO_XML.sub("�", text)
