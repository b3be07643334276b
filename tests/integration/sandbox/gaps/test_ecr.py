"""A scanned image has the findings that were configured for it, and none otherwise."""

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


def test_a_configured_finding_is_found(emulator: Any) -> None:
    registry = _scanned(emulator)
    result = {
        "repositoryName": "app",
        "imageId": IMAGE,
        "imageScanStatus": {"status": "COMPLETE"},
        "imageScanFindings": {"findings": [{"name": "CVE-2026-1", "severity": "CRITICAL"}]},
    }
    connection = http.client.HTTPConnection(emulator.endpoint.removeprefix("http://"), timeout=30)
    connection.request(
        "POST",
        "/moto-api/static/ecr/scan-finding-results",
        json.dumps({"results": [result], "region": "us-east-1"}),
        {"Content-Type": "application/json"},
    )
    assert connection.getresponse().status == 201
    connection.close()
    assert _findings(registry) == ["CVE-2026-1"]


def test_plain_moto_still_invents_a_finding(plain_moto: Any) -> None:
    assert _findings(_scanned(plain_moto)) == ["CVE-9999-9999"]
