"""ECR: a scan without findings."""

from typing import Any

from moto.ecr.models import ECRBackend

from delivery.sandbox.gaps.patch import Patch, wrap

INVENTED = "CVE-9999-9999"  # moto's answer for an image whose result nobody has configured


def _describe_image_scan_findings(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> dict[str, Any]:
    answer: dict[str, Any] = original(backend, *arguments, **keywords)
    findings = answer["imageScanFindings"]
    if any(finding.get("name") == INVENTED for finding in findings.get("findings", [])):
        return {**answer, "imageScanFindings": {**findings, "findings": [], "findingSeverityCounts": {}}}
    return answer


def _apply() -> None:
    wrap(ECRBackend, "describe_image_scan_findings", _describe_image_scan_findings)


PATCHES = (
    Patch(
        service="ecr",
        name="clean-scan",
        gap="every scanned image without a configured result has an invented finding of severity HIGH",
        apply=_apply,
    ),
)
