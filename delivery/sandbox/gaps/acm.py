"""ACM: certificates with another key algorithm than RSA 2048."""

from typing import Any

from moto.acm.models import CertBundle
from moto.acm.responses import AWSCertificateManagerResponse

from delivery.sandbox.gaps.patch import Patch, wrap


def _request_certificate(original: Any, response: Any) -> Any:
    answer = original(response)
    certificate = response.acm_backend._certificates[answer.result["CertificateArn"]]
    certificate.paygate_key_algorithm = response._get_param("KeyAlgorithm")
    return answer


def _describe(original: Any, certificate: Any) -> dict[str, Any]:
    answer: dict[str, Any] = original(certificate)
    algorithm = getattr(certificate, "paygate_key_algorithm", None)
    if algorithm:
        answer["Certificate"]["KeyAlgorithm"] = algorithm
    return answer


def _apply() -> None:
    wrap(AWSCertificateManagerResponse, "request_certificate", _request_certificate)
    wrap(CertBundle, "describe", _describe)


PATCHES = (
    Patch(
        service="acm",
        name="key-algorithm",
        gap="RequestCertificate ignores KeyAlgorithm, so that the second plan replaces the certificate",
        apply=_apply,
    ),
)
