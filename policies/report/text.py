"""The verdict for a person: one line first, then every finding with what to do about it."""

import re
from collections.abc import Iterator
from itertools import chain

from policies.report.plain import in_words
from policies.rule import Severity
from policies.verdict import Judged, Problem, Verdict

_ORDER = list(Severity)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def render(verdict: Verdict) -> str:
    """Verdict and counts; errors; findings, the gravest first; waived ones in a line each; notes."""
    waived = [item for item in verdict.findings if item.waived]
    gravest_first = sorted(verdict.unwaived, key=lambda item: _ORDER.index(item.rule.severity))
    blocks = [
        [_headline(verdict)],
        *(_error(item) for item in verdict.errors),
        *(_finding(item) for item in gravest_first),
        [f"waived  {item.rule.id}  {item.finding.address}: {item.waived}" for item in waived],
        [f"note  {note}" for note in verdict.notes],
    ]
    return _printable("\n\n".join(lines for block in blocks if (lines := "\n".join(block))))


def _printable(text: str) -> str:
    """The text with control characters spelt out: what a stack contains must not drive the reader's terminal."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


def _headline(verdict: Verdict) -> str:
    waived = len(verdict.findings) - len(verdict.unwaived)
    counts = [_count(len(verdict.unwaived), "finding")]
    counts += [_count(len(verdict.errors), "error")] if verdict.errors else []
    counts += [f"{waived} waived"] if waived else []
    spec = f" of spec {verdict.spec}" if verdict.spec else ""
    ran = _count(len(verdict.rules), "rule") + spec
    if verdict.partial:
        ran = f"only {len(verdict.rules)} of {_count(verdict.rules_of_spec, 'rule')}{spec}, which is never a pass"
    return (
        f"{verdict.word.upper()}  {', '.join(counts)}  "
        f"({ran}, {_count(verdict.resources, 'resource')}, {verdict.source})"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _finding(item: Judged) -> Iterator[str]:
    found, place = item.finding, item.finding.provenance
    yield f"{item.rule.severity}  {item.rule.id}  {found.address}"
    yield from _labelled("rule", item.rule.title)
    yield from _labelled("wrong", found.message)
    yield from _labelled("at", found.attribute)
    yield from _labelled("found", in_words(found.found))
    yield from _labelled("expected", in_words(found.expected))
    yield from _labelled("construct", place.construct_path)
    yield from _labelled("file", f"{place.file}:{place.line}" if place.line else place.file)
    yield from _labelled("mend", item.rule.remediation)
    yield from _labelled("clauses", ", ".join(item.rule.clauses))


def _error(item: Problem) -> Iterator[str]:
    yield "  ".join(part for part in ("error", item.rule, item.address) if part)
    yield from _labelled("wrong", item.message)
    yield from _labelled("at", item.attribute)
    if item.expected:
        yield from _labelled("found", in_words(item.found))
    yield from _labelled("construct", item.construct_path)
    yield from _labelled("file", f"{item.file}:{item.line}" if item.line else "")


def _labelled(label: str, text: str) -> Iterator[str]:
    """The text behind its label, further lines below the first; nothing for an empty text."""
    lines = text.splitlines()
    return chain(
        (f"  {label:<10}{line}" for line in lines[:1]),
        (f"  {'':<10}{line}" for line in lines[1:]),
    )
