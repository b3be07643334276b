"""The verdict about all images, as data, text and JSON."""

import json
from dataclasses import replace
from datetime import date

import pytest

from delivery.scan.answer import UNLISTED, Finding, Scan, State
from delivery.scan.images import Image
from delivery.scan.report import as_json, as_text
from delivery.scan.verdict import ScanVerdict, conclude
from policies.image_findings import Acceptance
from tests.unit.delivery.scan.standins import DIGESTS, REGISTRY, image

TODAY = date(2026, 11, 26)
ENTRY = Acceptance("CVE-1-1", "pay/api", "not reachable from here", "security", TODAY, date(2027, 1, 31))
GRAVE, LESSER = Finding("CVE-1-1", "HIGH", ("zlib 1.2",)), Finding("CVE-1-2", "LOW")

pytestmark = pytest.mark.clause("G.2.4", proof="test")


def ready(*findings: Finding, letter: str = "a") -> Scan:
    return Scan(State.READY, DIGESTS[letter], findings=findings)


def concluded(*scans: Scan, accepted: tuple[Acceptance, ...] = (), block_severity: str = "HIGH") -> ScanVerdict:
    return conclude(
        {image(letter): scan for letter, scan in zip("abcdef", scans, strict=False)}, block_severity, accepted, TODAY
    )


def test_images_without_grave_findings_may_run() -> None:
    verdict = concluded(ready(), ready(LESSER, letter="b"))
    assert verdict.exit_code == 0
    assert [judged.lesser for judged in verdict.images] == [0, 1]
    assert as_text(verdict) == "2 images, no finding of HIGH or above"


def test_a_grave_finding_stops_and_is_named_with_image_digest_and_package() -> None:
    verdict = concluded(ready(GRAVE, LESSER), ready(letter="b"))
    assert verdict.exit_code == 1
    assert as_text(verdict) == (
        "1 of 2 images may not run:\n"
        f"  {REGISTRY}/pay/api@{DIGESTS['a']}, run by a / main\n"
        "    CVE-1-1 HIGH in zlib 1.2"
    )


@pytest.mark.parametrize("severity", ["UNDEFINED", "UNTRIAGED", ""])
def test_a_finding_of_unknown_severity_stops_at_any_setting(severity: str) -> None:
    assert concluded(ready(Finding("CVE-1-1", severity)), block_severity="CRITICAL").exit_code == 1


@pytest.mark.parametrize(
    ("scan", "told"),
    [
        (Scan(State.STOPPED, "", "the image was never scanned"), "the image was never scanned"),
        (
            Scan(State.WAITING, DIGESTS["a"], "the scan is pending"),
            "the scan is pending, and the time to wait for it is up",
        ),
    ],
)
def test_an_image_without_a_result_stops(scan: Scan, told: str) -> None:
    verdict = concluded(scan, ready(letter="b"))
    assert verdict.exit_code == 1
    assert as_text(verdict).splitlines()[0] == "1 of 2 images may not run:"
    assert as_text(verdict).splitlines()[-1].strip() == told


def test_an_accepted_finding_stops_no_longer_and_is_told() -> None:
    verdict = concluded(ready(GRAVE), accepted=(ENTRY,))
    assert verdict.exit_code == 0
    assert as_text(verdict) == (
        "1 image, 1 accepted and no other finding of HIGH or above:\n"
        f"  {REGISTRY}/pay/api@{DIGESTS['a']}, run by a / main\n"
        "    accepted: CVE-1-1 HIGH in zlib 1.2: not reachable from here"
    )


def test_an_accepted_finding_leaves_the_others() -> None:
    other = Finding("CVE-1-3", "CRITICAL")
    verdict = concluded(ready(GRAVE, other), accepted=(ENTRY,))
    assert verdict.exit_code == 1
    assert verdict.images[0].blocking == (other,)


def test_findings_that_are_counted_and_not_listed_cannot_be_accepted() -> None:
    assert (
        concluded(ready(GRAVE, Finding(UNLISTED, "HIGH", ("2 counted, 1 listed",))), accepted=(ENTRY,)).exit_code == 1
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (ENTRY, "hides nothing that would stop the deployment"),
        (replace(ENTRY, vulnerability=LESSER.vulnerability), "hides nothing that would stop the deployment"),
        (Acceptance("CVE-1-9", "x", "r", "a", date(2026, 9, 1), date(2026, 11, 25)), "expired on 2026-11-25"),
    ],
)
def test_a_fault_of_the_list_fails_whatever_was_found(entry: Acceptance, told: str) -> None:
    verdict = concluded(ready(LESSER), accepted=(entry,))
    assert verdict.exit_code == 2
    assert as_text(verdict).startswith(
        "policies/image_findings.yaml is at fault:\n  policies/image_findings.yaml: accept"
    )
    assert told in as_text(verdict)
    assert concluded(ready(Finding("CVE-1-8", "HIGH")), accepted=(entry,)).exit_code == 2


@pytest.mark.parametrize("state", [State.WAITING, State.STOPPED])
def test_an_entry_is_not_called_unused_while_an_image_of_its_repository_has_no_result(state: State) -> None:
    unread = Scan(state, DIGESTS["b"], "no result")
    for scans in ((unread,), (ready(LESSER), unread)):
        verdict = concluded(*scans, accepted=(ENTRY,))
        assert (verdict.exit_code, verdict.errors) == (1, ())


def test_an_entry_is_unused_whatever_other_repositories_lack() -> None:
    scans = {image("a"): ready(LESSER), image("b", "pay/other"): Scan(State.WAITING, DIGESTS["b"], "pending")}
    assert "hides nothing" in conclude(scans, "HIGH", (ENTRY,), TODAY).errors[0]


def test_a_tag_is_shown_with_the_digest_that_was_judged() -> None:
    tagged = Image(f"{REGISTRY}/pay/api:1.0", ("a / main",))
    verdict = conclude({tagged: ready(GRAVE)}, "HIGH", (), TODAY)
    assert f"{REGISTRY}/pay/api:1.0 ({DIGESTS['a']}), run by a / main" in as_text(verdict)


def test_programs_get_the_same() -> None:
    verdict = concluded(ready(GRAVE, LESSER), Scan(State.STOPPED, "", "no"), accepted=(ENTRY,))
    told = json.loads(as_json(verdict))
    assert (told["exit_code"], told["block_severity"], told["errors"]) == (1, "HIGH", [])
    first, second = told["images"]
    assert (first["digest"], first["may_run"], first["lesser_findings"]) == (DIGESTS["a"], True, 1)
    assert first["findings"] == [
        {
            "vulnerability": "CVE-1-1",
            "severity": "HIGH",
            "packages": ["zlib 1.2"],
            "accepted": "not reachable from here",
        }
    ]
    assert (second["may_run"], second["stopped"], second["used_by"]) == (False, "no", ["b / main"])
