"""A verdict about images as text and as JSON. Pure."""

import json
from collections.abc import Iterator

from delivery.scan.verdict import Judged, ScanVerdict

LIST = "policies/image_findings.yaml"


def headline(verdict: ScanVerdict) -> str:
    """`3 images, no finding of HIGH or above`, or what is wrong."""
    number = len(verdict.images)
    refused = sum(not judged.may_run for judged in verdict.images)
    if refused:
        return f"{refused} of {number} images may not run"
    if verdict.errors:
        return f"{LIST} is at fault"
    accepted = sum(len(judged.accepted) for judged in verdict.images)
    found = f"{accepted} accepted and no other finding" if accepted else "no finding"
    return f"{number} image{'s' if number > 1 else ''}, {found} of {verdict.block_severity} or above"


def detail_lines(verdict: ScanVerdict) -> tuple[str, ...]:
    """What stops, what was accepted, and what to know of the list, each with the image and the digest it is about."""
    return tuple(_lines(verdict))


def _lines(verdict: ScanVerdict) -> Iterator[str]:
    for judged in verdict.images:
        if not judged.may_run or judged.accepted:
            yield f"{_name(judged)}, run by {', '.join(judged.image.used_by)}"
        if judged.stopped:
            yield f"  {judged.stopped}"
        yield from (f"  {finding}" for finding in judged.blocking)
        yield from (f"  accepted: {finding}: {reason}" for finding, reason in judged.accepted)
    yield from (f"{LIST}: {error}" for error in verdict.errors)
    yield from (f"{LIST}: {note}" for note in verdict.notes)


def as_text(verdict: ScanVerdict) -> str:
    """The whole verdict."""
    lines = detail_lines(verdict)
    return "\n".join([headline(verdict) + (":" if lines else ""), *(f"  {line}" for line in lines)])


def as_json(verdict: ScanVerdict) -> str:
    """The same for programs."""
    images = [
        {
            "image": judged.image.text,
            "digest": judged.digest,
            "used_by": judged.image.used_by,
            "may_run": judged.may_run,
            "stopped": judged.stopped,
            "findings": [
                {
                    "vulnerability": finding.vulnerability,
                    "severity": finding.severity,
                    "packages": finding.packages,
                    "accepted": reason,
                }
                for finding, reason in [*((finding, "") for finding in judged.blocking), *judged.accepted]
            ],
            "lesser_findings": judged.lesser,
        }
        for judged in verdict.images
    ]
    told = {"exit_code": verdict.exit_code, "block_severity": verdict.block_severity, "images": images}
    return json.dumps({**told, "errors": verdict.errors, "notes": verdict.notes}, indent=2)


def _name(judged: Judged) -> str:
    """The image with the digest that was judged, once."""
    named = judged.image.text
    return named if not judged.digest or judged.digest in named else f"{named} ({judged.digest})"
