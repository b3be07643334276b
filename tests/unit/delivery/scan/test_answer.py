"""Every answer that ECR may give about a scan, and every one that it should not give."""

from typing import Any

import pytest

from delivery.scan.answer import STATUSES, UNLISTED, UNNAMED, Finding, Scan, State, read_scan

DIGEST = "sha256:" + "ab" * 32
OTHER = "sha256:" + "cd" * 32

pytestmark = pytest.mark.clause("G.2.4", proof="test")


def page(status: Any = "COMPLETE", *, description: str | None = None, **findings: Any) -> dict[str, Any]:
    told = {"status": status} if description is None else {"status": status, "description": description}
    answer: dict[str, Any] = {"imageId": {"imageDigest": DIGEST}, "imageScanStatus": told}
    return {**answer, "imageScanFindings": findings} if findings else answer


def basic(name: str, severity: str, **attributes: str) -> dict[str, Any]:
    listed = [{"key": key, "value": value} for key, value in attributes.items()]
    return {"name": name, "severity": severity, "attributes": listed}


def enhanced(name: str, severity: str, *packages: tuple[str, str]) -> dict[str, Any]:
    vulnerable = [{"name": package, "version": version} for package, version in packages]
    details = {"vulnerabilityId": name, "vulnerablePackages": vulnerable}
    return {"severity": severity, "status": "ACTIVE", "title": f"{name} - x", "packageVulnerabilityDetails": details}


READY: dict[str, tuple[list[Any], tuple[Finding, ...]]] = {
    "clean, basic": ([page(findings=[], findingSeverityCounts={})], ()),
    "clean, enhanced": ([page("ACTIVE", enhancedFindings=[])], ()),
    "clean, only counted": ([page("ACTIVE", findingSeverityCounts={})], ()),
    "basic": (
        [page(findings=[basic("CVE-1-1", "HIGH", package_name="zlib", package_version="1.2")])],
        (Finding("CVE-1-1", "HIGH", ("zlib 1.2",)),),
    ),
    "basic, without attributes": (
        [page(findings=[{"name": "CVE-1-1", "severity": "HIGH"}])],
        (Finding("CVE-1-1", "HIGH"),),
    ),
    "enhanced": (
        [page("ACTIVE", enhancedFindings=[enhanced("CVE-1-2", "CRITICAL", ("a", "1"), ("b", "2"), ("a", "1"))])],
        (Finding("CVE-1-2", "CRITICAL", ("a 1", "b 2")),),
    ),
    "enhanced, complete": (
        [page("COMPLETE", enhancedFindings=[enhanced("CVE-1-2", "LOW")])],
        (Finding("CVE-1-2", "LOW"),),
    ),
    "enhanced, suppressed by Inspector": (
        [page("ACTIVE", enhancedFindings=[{**enhanced("CVE-1-2", "LOW"), "status": "SUPPRESSED"}])],
        (Finding("CVE-1-2", "LOW"),),
    ),
    "both forms": (
        [page(findings=[basic("CVE-1-1", "LOW")], enhancedFindings=[enhanced("CVE-1-2", "HIGH")])],
        (Finding("CVE-1-1", "LOW"), Finding("CVE-1-2", "HIGH")),
    ),
    "two pages": (
        [
            page(findings=[basic("CVE-1-1", "LOW")], findingSeverityCounts={"LOW": 1, "HIGH": 1}),
            page(findings=[basic("CVE-1-2", "HIGH")], findingSeverityCounts={"LOW": 1, "HIGH": 1}),
        ],
        (Finding("CVE-1-1", "LOW"), Finding("CVE-1-2", "HIGH")),
    ),
    "more are counted than listed": (
        [page(findings=[basic("CVE-1-1", "HIGH")], findingSeverityCounts={"HIGH": 3, "LOW": 0})],
        (Finding("CVE-1-1", "HIGH"), Finding(UNLISTED, "HIGH", ("3 counted, 1 listed",))),
    ),
    "counted and none listed": (
        [page("ACTIVE", findingSeverityCounts={"UNTRIAGED": 1})],
        (Finding(UNLISTED, "UNTRIAGED", ("1 counted, 0 listed",)),),
    ),
    "without name and severity": ([page(findings=[{}])], (Finding(UNNAMED, ""),)),
    "attributes that cannot be read": (
        [page(findings=[{"name": "CVE-1-1", "severity": "HIGH", "attributes": [None, {"key": []}, {"key": {}}]}])],
        (Finding("CVE-1-1", "HIGH"),),
    ),
    "a severity that is no text": (
        [page(findings=[{"name": "CVE-1-1", "severity": ["LOW"]}])],
        (Finding("CVE-1-1", "['LOW']"),),
    ),
    "enhanced, without details": (
        [page("ACTIVE", enhancedFindings=[{"severity": "HIGH", "packageVulnerabilityDetails": None}])],
        (Finding(UNNAMED, "HIGH"),),
    ),
}


@pytest.mark.parametrize(("pages", "findings"), READY.values(), ids=READY.keys())
def test_what_a_scan_found(pages: list[Any], findings: tuple[Finding, ...]) -> None:
    assert read_scan(pages, DIGEST) == Scan(State.READY, DIGEST, findings=findings)


NOT_READY = {
    "IN_PROGRESS": (State.WAITING, "the scan is in progress"),
    "PENDING": (State.WAITING, "the scan is pending"),
    "FAILED": (State.STOPPED, "the scan failed"),
    "UNSUPPORTED_IMAGE": (State.STOPPED, "ECR cannot scan an image of this kind"),
    "SCAN_ELIGIBILITY_EXPIRED": (State.STOPPED, "the image is no longer scanned, so newer vulnerabilities are unknown"),
    "FINDINGS_UNAVAILABLE": (State.STOPPED, "the findings of the scan are unavailable"),
    "LIMIT_EXCEEDED": (State.STOPPED, "the image was not scanned: a limit of scanning is exceeded"),
    "IMAGE_ARCHIVED": (State.STOPPED, "the image is archived and not scanned"),
}


def test_the_statuses_of_ecr_are_those_that_are_told_here() -> None:
    assert set(STATUSES) == {*NOT_READY, "COMPLETE", "ACTIVE"}


@pytest.mark.parametrize("status", NOT_READY)
def test_a_scan_without_a_result_says_why(status: str) -> None:
    state, reason = NOT_READY[status]
    assert read_scan([page(status)], DIGEST) == Scan(state, DIGEST, reason)
    told = read_scan([page(status, description="Because.")], DIGEST)
    assert told == Scan(state, DIGEST, f"{reason} (Because.)")


@pytest.mark.parametrize("status", NOT_READY)
def test_findings_of_a_scan_without_a_result_do_not_make_it_one(status: str) -> None:
    assert read_scan([page(status, findings=[])], DIGEST).state is not State.READY


def test_a_status_that_nobody_knows_stops() -> None:
    scan = read_scan([page("MOSTLY_FINE", findings=[])], DIGEST)
    assert scan == Scan(State.STOPPED, DIGEST, "the scan has the status 'MOSTLY_FINE', which nobody has judged yet")


def test_a_scan_that_goes_on_between_two_pages_is_asked_about_again() -> None:
    scan = read_scan([page(findings=[]), page("IN_PROGRESS")], DIGEST)
    assert scan == Scan(State.WAITING, DIGEST, "the scan changed while it was read (COMPLETE, IN_PROGRESS)")


MALFORMED: dict[str, tuple[list[Any], str]] = {
    "no page": ([], "no page"),
    "no mapping": ([None], "a page is None"),
    "no status": ([{}], "imageScanStatus is None"),
    "an empty status": ([{"imageScanStatus": {}}], "imageScanStatus.status is None"),
    "a status that is no text": ([page(5)], "imageScanStatus.status is 5"),
    "of another image": ([{**page(findings=[]), "imageId": {"imageDigest": OTHER}}], f"it is about '{OTHER}'"),
    "its second page of another image": (
        [page(findings=[]), {**page(findings=[]), "imageId": {"imageDigest": OTHER}}],
        f"it is about '{OTHER}'",
    ),
    "complete without findings": ([page()], "imageScanFindings is None"),
    "active without findings": ([page("ACTIVE")], "imageScanFindings is None"),
    "neither listed nor counted": ([page(imageScanCompletedAt=1)], "it neither lists nor counts findings"),
    "findings that are no list": ([page(findings={})], "findings is {}"),
    "findings that are null": ([page(enhancedFindings=None)], "enhancedFindings is None"),
    "a finding that is no mapping": ([page(findings=["CVE"])], "findings is 'CVE'"),
    "attributes that are no list": ([page(findings=[{"attributes": 1}])], "attributes is 1"),
    "counts that are no mapping": ([page(findingSeverityCounts=[])], "findingSeverityCounts is []"),
    "a count that is no number": ([page(findingSeverityCounts={"LOW": "1"})], "findingSeverityCounts.LOW is '1'"),
    "a count that is a truth": ([page(findingSeverityCounts={"LOW": True})], "findingSeverityCounts.LOW is True"),
}


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(("pages", "fault"), MALFORMED.values(), ids=MALFORMED.keys())
def test_an_answer_that_cannot_be_read_stops(pages: list[Any], fault: str) -> None:
    assert read_scan(pages, DIGEST) == Scan(State.STOPPED, DIGEST, f"the answer of ECR cannot be read: {fault}")


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding("CVE-1-1", "HIGH", ("zlib 1.2", "b")), "CVE-1-1 HIGH in zlib 1.2, b"),
        (Finding("CVE-1-1", "HIGH"), "CVE-1-1 HIGH"),
        (Finding("CVE-1-1", ""), "CVE-1-1 (without a severity)"),
    ],
)
def test_a_finding_names_vulnerability_severity_and_packages(finding: Finding, text: str) -> None:
    assert str(finding) == text
