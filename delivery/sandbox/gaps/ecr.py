"""ECR: a scan without findings, and scans that go on while they are asked about."""

import json
from typing import Any

from moto.ecr.models import ECRBackend

from delivery.sandbox.gaps.patch import Patch, wrap

INVENTED = "CVE-9999-9999"  # moto's answer for an image whose result nobody has configured


def _describe_image_scan_findings(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> dict[str, Any]:
    answer: dict[str, Any] = original(backend, *arguments, **keywords)
    findings = answer.get("imageScanFindings") or {}  # a scan that failed or goes on has none
    if any(finding.get("name") == INVENTED for finding in findings.get("findings", [])):
        return {**answer, "imageScanFindings": {**findings, "findings": [], "findingSeverityCounts": {}}}
    return answer


def _answer_in_turn(
    original: Any, backend: Any, registry_id: str, repository_name: str, image_id: dict[str, Any]
) -> dict[str, Any]:
    """Each configured result once, and the last of them from then on, by whichever name the image is asked for."""
    image = backend._get_repository(repository_name, registry_id)._get_image(
        image_id.get("imageTag"), image_id.get("imageDigest")
    )
    if image.scan_finding_results_queue:
        image.scan_finding_results.clear()
    elif image.scan_finding_results:
        image.scan_finding_results[json.dumps(image_id)] = next(iter(image.scan_finding_results.values()))
    answer: dict[str, Any] = original(backend, registry_id, repository_name, image_id)
    return answer


def _apply_clean_scan() -> None:
    wrap(ECRBackend, "describe_image_scan_findings", _describe_image_scan_findings)


def _apply_scan_goes_on() -> None:
    wrap(ECRBackend, "describe_image_scan_findings", _answer_in_turn)


PATCHES = (
    Patch(
        service="ecr",
        name="clean-scan",
        gap="every scanned image without a configured result has an invented finding of severity HIGH",
        apply=_apply_clean_scan,
    ),
    Patch(
        service="ecr",
        name="scan-goes-on",
        gap="the first result that is given for an image stays for ever: a scan in progress never ends",
        apply=_apply_scan_goes_on,
    ),
)
