"""The certificate and the timing of the public entrance."""

from collections.abc import Iterator

from infra.settings.meaning.subject import Subject, check, is_elsewhere
from infra.settings.problem import Problem

# RFC 5280 bounds the common name: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
# (2026-11-22)
LONGEST_CERTIFICATE_NAME = 64

_CERTIFICATE = ("load_balancer", "certificate")
_EITHER = "either arn, or domain_name and hosted_zone_id"


def certificate_is_given_once(subject: Subject) -> Iterator[Problem]:
    certificate = subject.settings.load_balancer.certificate
    given = {
        "arn": certificate.arn,
        "domain_name": certificate.domain_name,
        "hosted_zone_id": certificate.hosted_zone_id,
    }
    keys = [key for key, value in given.items() if value]
    if keys in (["arn"], ["domain_name", "hosted_zone_id"]):
        return
    if not keys:
        yield Problem(_CERTIFICATE, "is not given", "an empty mapping", _EITHER, "give one of the two")
    elif "arn" in keys:
        yield Problem(_CERTIFICATE, "is given twice", " and ".join(keys), _EITHER, "keep one of the two")
    else:
        yield Problem(_CERTIFICATE, "is given by half", keys[0], _EITHER, "add the other key")


def certificate_is_of_the_region(subject: Subject) -> Iterator[Problem]:
    arn, region = subject.settings.load_balancer.certificate.arn, subject.settings.region
    if is_elsewhere(arn, region):
        yield Problem(
            (*_CERTIFICATE, "arn"),
            "is in another region",
            arn,
            f"a certificate in {region}",
            "request a certificate in the region of the load balancer",
        )


def certificate_name_is_short_enough(subject: Subject) -> Iterator[Problem]:
    domain = subject.settings.load_balancer.certificate.domain_name
    if not domain:
        return
    host = f"{subject.settings.suffix}.{domain}"
    if len(host) > LONGEST_CERTIFICATE_NAME:
        yield Problem(
            (*_CERTIFICATE, "domain_name"),
            "makes a host name too long for a certificate",
            f"{host}, {len(host)} characters",
            f"at most {LONGEST_CERTIFICATE_NAME} characters",
            "shorten the suffix or the domain",
        )


def tasks_outlive_their_requests(subject: Subject) -> Iterator[Problem]:
    """A leaving task must still run while the load balancer lets its last requests finish."""
    delay = subject.settings.load_balancer.deregistration_delay_seconds
    for service in subject.settings.services:
        if service.routes and delay >= service.stop_timeout_seconds:
            yield Problem(
                ("load_balancer", "deregistration_delay_seconds"),
                "is not below the stop timeout",
                f"{delay} s, and {service.name} is stopped after {service.stop_timeout_seconds} s",
                "less than stop_timeout_seconds of every public service",
                "lower the delay or raise the stop timeout",
            )


CHECKS = (
    check(certificate_is_given_once, "load_balancer"),
    check(certificate_is_of_the_region, "load_balancer region"),
    check(certificate_name_is_short_enough, "load_balancer suffix"),
    check(tasks_outlive_their_requests, "load_balancer", "routes stop_timeout_seconds"),
)
