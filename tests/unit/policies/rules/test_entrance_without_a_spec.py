"""Listeners of other people's stacks: what is fine although it is not as ours, and what is not."""

from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import load_spec
from policies.verdict import Judged

RULES = {loaded.id: loaded for loaded in all_rules()}
ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"
HTTPS = {"protocol": "HTTPS", "port": 8443}


def found(rule: str, **resources: Any) -> list[Any]:
    graph = load_document({"resource": resources})
    outcomes = run_rule(RULES[rule], graph, load_spec("baseline"))
    return [item.finding.found if isinstance(item, Judged) else item for item in outcomes]


def listener(**values: Any) -> dict[str, Any]:
    return {"aws_lb_listener": {"l": {**HTTPS, **values}}}


@pytest.mark.parametrize(
    ("policy", "fine"),
    [
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", True),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", True),
        ("ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04", True),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", True),
        ("ELBSecurityPolicy-TLS-1-2-2017-01", True),
        ("ELBSecurityPolicy-TLS13-1-1-2021-06", False),
        ("ELBSecurityPolicy-TLS-1-1-2017-01", False),
        ("ELBSecurityPolicy-FS-2018-06", False),
        ("ELBSecurityPolicy-2016-08", False),
        (None, False),
    ],
)
def test_any_policy_of_tls_1_2_or_newer_is_fine_where_no_spec_says_which(policy: str | None, fine: bool) -> None:
    assert (found("listener-tls-policy", **listener(ssl_policy=policy)) == []) == fine


def test_a_port_is_free_where_no_spec_says_which_and_the_protocol_is_not() -> None:
    assert found("https-listeners-only", **listener()) == []
    assert found("https-listeners-only", **listener(protocol="HTTP")) == ["HTTP"]


@pytest.mark.parametrize(
    ("arn", "told"),
    [
        (ARN, []),
        (ARN.replace("arn:aws:", "arn:aws-us-gov:"), []),
        (f"x{ARN}", [f"x{ARN}"]),
        ("${data.aws_acm_certificate.c.arn}", []),
    ],
)
def test_a_certificate_from_elsewhere_is_known_by_its_arn(arn: str, told: list[str]) -> None:
    graph = load_document(
        {
            "data": {"aws_acm_certificate": {"c": {"domain": "example.com"}}},
            "resource": listener(certificate_arn=arn),
        }
    )

    outcomes = run_rule(RULES["certificate-from-acm"], graph, load_spec("baseline"))

    assert [item.finding.found for item in outcomes if isinstance(item, Judged)] == told


def test_headers_are_the_business_of_application_load_balancers_only() -> None:
    balancers = {"n": {"load_balancer_type": "network"}, "a": {}}

    assert found("load-balancer-headers", aws_lb=balancers) == [None]
