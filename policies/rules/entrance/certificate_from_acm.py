"""Every certificate of a listener comes from ACM; one that is made here is validated through DNS."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LISTENERS
from policies.graph.values import Values
from policies.mutant import Mutant, add, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

CERTIFICATE, VALIDATION = "aws_acm_certificate", "aws_acm_certificate_validation"
MORE = ("aws_lb_listener_certificate", "aws_alb_listener_certificate")
RULE = Rule(
    id="certificate-from-acm",
    title="Load balancer listener has certificates from ACM only, validated through DNS",
    severity=Severity.HIGH,
    clauses=("P.4.2", "G.6.1"),
    pci_dss=("4.2.1",),
    rationale="ACM renews what it has issued and validated through DNS; any other certificate expires on a Sunday.",
    remediation="Take the ARN of an ACM certificate, or of an aws_acm_certificate_validation with method DNS.",
    source=Source("https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html", "2026-11-22"),
    applies_to=(*LISTENERS, *MORE),
    baseline=True,
)

ARN = re.compile(r"arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[0-9a-f-]+")


def check_each(item: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a listener without a certificate, and for one that ACM did not issue or did not validate."""
    if not item.has("certificate_arn"):
        if item.kind in MORE or item.text("protocol") in ("HTTPS", "TLS"):
            yield finding(item, "certificate_arn", None, "a certificate from ACM")
        return
    found = graph.lookup(item.get("certificate_arn"), CERTIFICATE, VALIDATION, f"data.{CERTIFICATE}")
    for certificate in found:
        if certificate.kind == VALIDATION:
            certificate = graph.target_of(certificate, "certificate_arn", CERTIFICATE)
        if certificate.kind == CERTIFICATE:
            yield from _issued(item, certificate, graph)
    if not found:
        yield from _arn(item, spec)


def _issued(item: Values, certificate: Resource, graph: Graph) -> Iterator[Finding]:
    """What ACM issues for this stack: not imported, validated through DNS before a listener takes it."""
    if certificate.has("private_key") or certificate.has("certificate_body"):
        yield finding(item, "certificate_arn", f"{certificate.address}, imported", "a certificate that ACM issues")
    elif (method := certificate.text("validation_method")) != "DNS":
        yield finding(item, "certificate_arn", f"{certificate.address}, validated by {method}", "validated by DNS")
    elif not graph.referrers(certificate, VALIDATION, "certificate_arn"):
        yield finding(item, "certificate_arn", f"{certificate.address}, pending", f"an {VALIDATION} of it")


def _arn(item: Resource, spec: Spec) -> Iterator[Finding]:
    """A certificate from elsewhere: its ARN says who issued it."""
    text = item.text("certificate_arn") or ""
    match = ARN.fullmatch(text)
    if match is None:
        yield finding(item, "certificate_arn", text, "the ARN of an ACM certificate")
    elif spec.states("region") and match.group(1) != spec.get("region"):
        yield finding(item, "certificate_arn", text, f"a certificate in {spec.get('region')}")


HTTPS, MAIN = "aws_lb_listener.https", "aws_acm_certificate.main"
IAM = "arn:aws:iam::123456789012:server-certificate/old"
ADDED = "aws_lb_listener_certificate.added"
MUTANTS = (
    Mutant("server certificate of IAM", put(HTTPS, "certificate_arn", IAM), at=HTTPS),
    Mutant(
        "certificate of another region",
        put(
            HTTPS,
            "certificate_arn",
            "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000",
        ),
        at=HTTPS,
        also=("single-region",),
    ),
    Mutant("second certificate", add(ADDED, {"listener_arn": f"${{{HTTPS}.arn}}", "certificate_arn": IAM}), at=ADDED),
    Mutant("validated by e-mail", put(MAIN, "validation_method", "EMAIL"), at=HTTPS),
    Mutant(
        "never validated",
        both(
            drop("aws_acm_certificate_validation.main"),
            put(HTTPS, "certificate_arn", f"${{{MAIN}.arn}}"),
        ),
        at=HTTPS,
    ),
    Mutant(
        "imported",
        both(put(MAIN, "certificate_body", "PEM"), put(MAIN, "private_key", "PEM")),
        at=HTTPS,
        also=("no-credentials",),
    ),
    Mutant("no certificate", drop(HTTPS, "certificate_arn"), at=HTTPS),
)
