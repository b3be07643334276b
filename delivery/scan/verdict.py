"""From the scans of all images to a verdict. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from delivery.errors import EXIT_FAILED, EXIT_UNUSABLE
from delivery.scan.answer import Finding, Scan, State
from delivery.scan.images import Image
from delivery.scan.severity import stops
from policies.image_findings import Acceptance, Accepted, Found, accept


@dataclass(frozen=True)
class Judged:
    """One image. stopped: why nothing is known of it; blocking: what was found and nobody accepted.

    accepted: findings with the reason of the entry that accepts each; lesser: how many findings are below the severity.
    """

    image: Image
    digest: str
    stopped: str = ""
    blocking: tuple[Finding, ...] = ()
    accepted: tuple[tuple[Finding, str], ...] = ()
    lesser: int = 0

    @property
    def may_run(self) -> bool:
        return not self.stopped and not self.blocking


@dataclass(frozen=True)
class ScanVerdict:
    """The result for all images. errors: what is wrong with the list of accepted findings."""

    block_severity: str
    images: tuple[Judged, ...]
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 every image may run; 1 one may not; 2 the list of accepted findings is at fault."""
        if self.errors:
            return EXIT_UNUSABLE
        return 0 if all(judged.may_run for judged in self.images) else EXIT_FAILED


def conclude(
    scans: Mapping[Image, Scan], block_severity: str, acceptances: Iterable[Acceptance], today: date
) -> ScanVerdict:
    """Every image with what stops it. A scan that is still waiting stops its image like one that failed."""
    findings = [
        Found(repository_of(image), finding.vulnerability)
        for image, scan in scans.items()
        for finding in scan.findings
        if stops(finding.severity, block_severity)
    ]
    accepted = accept(
        acceptances,
        findings,
        repositories={repository_of(image) for image in scans},
        unread={repository_of(image) for image, scan in scans.items() if scan.state is not State.READY},
        today=today,
    )
    judged = tuple(_judge(image, scan, block_severity, accepted) for image, scan in scans.items())
    return ScanVerdict(block_severity, judged, accepted.errors, accepted.notes)


def repository_of(image: Image) -> str:
    """The name of its repository; the whole text of an image that is not in ECR, which no entry can name."""
    return image.place.repository if image.place else image.text


def _judge(image: Image, scan: Scan, block_severity: str, accepted: Accepted) -> Judged:
    if scan.state is not State.READY:
        reason = f"{scan.reason}, and the time to wait for it is up" if scan.state is State.WAITING else scan.reason
        return Judged(image, scan.digest, stopped=reason)
    grave = [finding for finding in scan.findings if stops(finding.severity, block_severity)]
    reasons = {finding: accepted.by.get(Found(repository_of(image), finding.vulnerability)) for finding in grave}
    return Judged(
        image,
        scan.digest,
        blocking=tuple(finding for finding in grave if reasons[finding] is None),
        accepted=tuple((finding, entry.reason) for finding, entry in reasons.items() if entry),
        lesser=len(scan.findings) - len(grave),
    )
