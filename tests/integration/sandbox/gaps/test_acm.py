"""A certificate has the key algorithm that was asked for."""

from typing import Any


def _algorithm(account: Any, **request: str) -> str:
    certificates = account.client("acm")
    requested = certificates.request_certificate(DomainName="a.example.com", ValidationMethod="DNS", **request)
    found = certificates.describe_certificate(CertificateArn=requested["CertificateArn"])
    algorithm: str = found["Certificate"]["KeyAlgorithm"]
    return algorithm


def test_a_certificate_has_the_key_algorithm_it_was_requested_with(emulator: Any) -> None:
    assert _algorithm(emulator, KeyAlgorithm="EC_prime256v1") == "EC_prime256v1"
    assert _algorithm(emulator) == "RSA_2048"


def test_plain_moto_still_makes_rsa_of_everything(plain_moto: Any) -> None:
    assert _algorithm(plain_moto, KeyAlgorithm="EC_prime256v1") == "RSA_2048"
