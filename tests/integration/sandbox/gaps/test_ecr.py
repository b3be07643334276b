"""A scanned image has the findings that were configured for it, and none otherwise; a scan in progress ends."""

import http.client
import json
from typing import Any

MANIFEST = {"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}
IMAGE = {"imageTag": "v1"}


def _scanned(account: Any) -> Any:
    registry = account.client("ecr")
    registry.create_repository(repositoryName="app")
    registry.put_image(repositoryName="app", imageManifest=json.dumps(MANIFEST), imageTag="v1")
    registry.start_image_scan(repositoryName="app", imageId=IMAGE)
    return registry


def _findings(registry: Any) -> list[str]:
    answer = registry.describe_image_scan_findings(repositoryName="app", imageId=IMAGE)
    assert answer["imageScanStatus"]["status"] == "COMPLETE"
    return [finding["name"] for finding in answer["imageScanFindings"]["findings"]]


def test_a_scan_finds_nothing_by_itself(emulator: Any) -> None:
    assert _findings(_scanned(emulator)) == []


def _configure(account: Any, *results: dict[str, Any]) -> None:
    """Results for the image, which moto gives one after the other."""
    about = {"repositoryName": "app", "imageId": IMAGE}
    connection = http.client.HTTPConnection(account.endpoint.removeprefix("http://"), timeout=30)
    connection.request(
        "POST",
        "/moto-api/static/ecr/scan-finding-results",
        json.dumps({"results": [{**about, **result} for result in results], "region": "us-east-1"}),
        {"Content-Type": "application/json"},
    )
    assert connection.getresponse().status == 201
    connection.close()


FOUND = {
    "imageScanStatus": {"status": "COMPLETE"},
    "imageScanFindings": {"findings": [{"name": "CVE-2026-1", "severity": "CRITICAL"}]},
}
IN_PROGRESS = {"imageScanStatus": {"status": "IN_PROGRESS"}}


def _statuses(registry: Any, *image_ids: dict[str, str]) -> list[str]:
    answers = [registry.describe_image_scan_findings(repositoryName="app", imageId=each) for each in image_ids]
    return [answer["imageScanStatus"]["status"] for answer in answers]


def test_a_configured_finding_is_found(emulator: Any) -> None:
    registry = _scanned(emulator)
    _configure(emulator, FOUND)
    assert _findings(registry) == ["CVE-2026-1"]


def test_a_scan_in_progress_ends_and_stays_as_it_ended(emulator: Any) -> None:
    registry = _scanned(emulator)
    _configure(emulator, IN_PROGRESS, IN_PROGRESS, FOUND)
    assert _statuses(registry, *[IMAGE] * 4) == ["IN_PROGRESS", "IN_PROGRESS", "COMPLETE", "COMPLETE"]
    assert _findings(registry) == ["CVE-2026-1"]


def test_the_last_result_is_given_by_whichever_name_the_image_is_asked_for(emulator: Any) -> None:
    registry = _scanned(emulator)
    _configure(emulator, FOUND)
    assert _findings(registry) == ["CVE-2026-1"]
    (details,) = registry.describe_images(repositoryName="app")["imageDetails"]
    by_digest = {"imageDigest": details["imageDigest"]}
    found = registry.describe_image_scan_findings(repositoryName="app", imageId=by_digest)["imageScanFindings"]
    assert [finding["name"] for finding in found["findings"]] == ["CVE-2026-1"]


def test_a_scan_in_progress_never_ends_in_plain_moto(plain_moto: Any) -> None:
    registry = _scanned(plain_moto)
    _configure(plain_moto, IN_PROGRESS, FOUND)
    assert _statuses(registry, IMAGE, IMAGE, IMAGE) == ["IN_PROGRESS"] * 3


def test_plain_moto_still_invents_a_finding(plain_moto: Any) -> None:
    assert _findings(_scanned(plain_moto)) == ["CVE-9999-9999"]
