"""What ECR says about the scan of one image, read so that whatever is not understood stops the deployment. Pure.

Basic scans list `findings`, enhanced ones (Amazon Inspector) `enhancedFindings`; both are judged wherever they stand.
What Inspector suppresses is judged as well: accepting a finding is for policies/image_findings.yaml alone.
Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html (2026-11-26)
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LISTS = ("findings", "enhancedFindings")
COUNTS = "findingSeverityCounts"
UNNAMED = "(without a name)"
UNLISTED = "(counted and not listed)"


class State(StrEnum):
    """What can be done with an answer."""

    READY = "ready"  # there is a result to judge
    WAITING = "waiting"  # there may be one soon
    STOPPED = "stopped"  # there is none, and waiting does not help


# Every status of https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html (2026-11-26)
STATUSES: Mapping[str, tuple[State, str]] = {
    "COMPLETE": (State.READY, ""),
    "ACTIVE": (State.READY, ""),  # enhanced: scanned, and scanned again whenever something new is known
    "IN_PROGRESS": (State.WAITING, "the scan is in progress"),
    "PENDING": (State.WAITING, "the scan is pending"),
    "FAILED": (State.STOPPED, "the scan failed"),
    "UNSUPPORTED_IMAGE": (State.STOPPED, "ECR cannot scan an image of this kind"),
    "SCAN_ELIGIBILITY_EXPIRED": (State.STOPPED, "the image is no longer scanned, so newer vulnerabilities are unknown"),
    "FINDINGS_UNAVAILABLE": (State.STOPPED, "the findings of the scan are unavailable"),
    "LIMIT_EXCEEDED": (State.STOPPED, "the image was not scanned: a limit of scanning is exceeded"),
    "IMAGE_ARCHIVED": (State.STOPPED, "the image is archived and not scanned"),
}

# Error codes of the calls that ask about an image, where they are about the image and not about the call.
REFUSALS: Mapping[str, str] = {
    "RepositoryNotFoundException": "there is no such repository",
    "ImageNotFoundException": "there is no such image in the repository",
    "ScanNotFoundException": "the image was never scanned",
    "UnsupportedImageTypeException": "ECR cannot scan an image of this kind",
    "ImageArchivedException": "the image is archived and not scanned",
}


@dataclass(frozen=True)
class Finding:
    """A vulnerability in an image. packages: `NAME VERSION` of what has it, where ECR says."""

    vulnerability: str
    severity: str
    packages: tuple[str, ...] = ()

    def __str__(self) -> str:
        described = f"{self.vulnerability} {self.severity or '(without a severity)'}"
        return f"{described} in {', '.join(self.packages)}" if self.packages else described


@dataclass(frozen=True)
class Scan:
    """The answer about one image. digest: whose scan it is, "" where that is unknown; reason: why it is not READY."""

    state: State
    digest: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()


class UnreadableError(Exception):
    """An answer that is not of the form that ECR documents."""


def read_scan(pages: Sequence[Any], digest: str) -> Scan:
    """The scan of the image `digest`, from every page of DescribeImageScanFindings."""
    try:
        return _read(pages, digest)
    except UnreadableError as error:
        return unreadable(error, digest)


def read_digest(images: Any) -> str:
    """The digest of the one image that DescribeImages tells of. UnreadableError where there is no such one."""
    details = _list(_mapping(images, "the answer"), "imageDetails")
    if len(details) != 1:
        raise UnreadableError(f"{len(details)} images for one tag")
    return _text(_mapping(details[0], "an image").get("imageDigest"), "imageDigest")


def unreadable(error: UnreadableError, digest: str = "") -> Scan:
    return Scan(State.STOPPED, digest, f"the answer of ECR cannot be read: {error}")


def _read(pages: Sequence[Any], digest: str) -> Scan:
    found = [_status(_mapping(page, "a page")) for page in pages]
    if not found:
        raise UnreadableError("no page")
    if len(set(found)) > 1:  # the scan went on while its pages were read
        return Scan(State.WAITING, digest, f"the scan changed while it was read ({', '.join(sorted(set(found)))})")
    if found[0] not in STATUSES:
        return Scan(State.STOPPED, digest, f"the scan has the status {found[0]!r}, which nobody has judged yet")
    for page in pages:
        if (of := _mapping(page.get("imageId", {}), "imageId").get("imageDigest", digest)) != digest:
            raise UnreadableError(f"it is about {of!r}")
    state, reason = STATUSES[found[0]]
    if state is State.READY:
        return Scan(state, digest, findings=tuple(_findings(pages)))
    described = _mapping(pages[0]["imageScanStatus"], "imageScanStatus").get("description")
    return Scan(state, digest, f"{reason} ({described})" if described else reason)


def _status(page: Mapping[str, Any]) -> str:
    status = _mapping(page.get("imageScanStatus"), "imageScanStatus").get("status")
    return _text(status, "imageScanStatus.status")


def _findings(pages: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    results = [_mapping(page.get("imageScanFindings"), "imageScanFindings") for page in pages]
    if not any(key in result for result in results for key in (*LISTS, COUNTS)):
        raise UnreadableError("it neither lists nor counts findings")
    listed = [READERS[key](_mapping(item, key)) for result in results for key in LISTS for item in _list(result, key)]
    yield from listed
    yield from _unlisted(results, Counter(finding.severity for finding in listed))


def _unlisted(results: Sequence[Mapping[str, Any]], listed: Counter[str]) -> Iterator[Finding]:
    """A finding for each severity of which more are counted than listed."""
    counted: Counter[str] = Counter()
    for result in results:
        for severity, number in _mapping(result.get(COUNTS, {}), COUNTS).items():
            if not isinstance(number, int) or isinstance(number, bool):
                raise UnreadableError(f"{COUNTS}.{severity} is {number!r}")
            counted[severity] = max(counted[severity], number)  # every page counts the whole
    for severity, number in counted.items():
        if number > listed[severity]:
            yield Finding(UNLISTED, severity, (f"{number} counted, {listed[severity]} listed",))


def _basic(item: Mapping[str, Any]) -> Finding:
    entries = map(_as_mapping, _list(item, "attributes"))
    attributes = {str(entry.get("key")): entry.get("value") for entry in entries}
    package = _package(attributes.get("package_name"), attributes.get("package_version"))
    return Finding(_name(item.get("name")), _severity(item), package)


def _enhanced(item: Mapping[str, Any]) -> Finding:
    details = _as_mapping(item.get("packageVulnerabilityDetails"))
    vulnerable = map(_as_mapping, _list(details, "vulnerablePackages"))
    packages = [package for entry in vulnerable for package in _package(entry.get("name"), entry.get("version"))]
    return Finding(_name(details.get("vulnerabilityId")), _severity(item), tuple(dict.fromkeys(packages)))


READERS = {"findings": _basic, "enhancedFindings": _enhanced}


def _package(name: object, version: object) -> tuple[str, ...]:
    return (f"{name} {version}" if version else str(name),) if name else ()


def _severity(item: Mapping[str, Any]) -> str:
    return str(item.get("severity") or "")


def _name(value: object) -> str:
    return value if isinstance(value, str) and value else UNNAMED


def _as_mapping(value: object) -> Mapping[str, Any]:
    """Details that only explain a finding: without them it is judged all the same."""
    return value if isinstance(value, Mapping) else {}


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnreadableError(f"{what} is {value!r}")
    return value


def _list(holder: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = holder.get(key, [])
    if not isinstance(value, list):
        raise UnreadableError(f"{key} is {value!r}")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise UnreadableError(f"{what} is {value!r}")
    return value
