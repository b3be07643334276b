"""The names that are checked before synthesis are the names that the stack bears."""

import re
from dataclasses import replace
from typing import Any

import pytest

from infra.naming import ACCOUNT_ID_STAND_IN, Names
from infra.planned_names import PlannedName, check_all, planned_names, ways_out
from infra.settings import Settings, load
from infra.settings.model import Logs, Outbound, Registry
from tests.conftest import PAYMENTS, SUFFIX

NAME_KEYS = ("name", "family", "bucket", "alarm_name")
# Named by what they stand for, not by the pattern: a DNS record, and a log group whose name AWS gives.
NAMED_OTHERWISE = {
    ("aws_route53_record", "pr42.payments.example.com"),
    ("aws_cloudwatch_log_group", "/aws/ecs/containerinsights/ecs-cluster-production-pr42/performance"),
}
NAMESPACE_DOMAIN = ".payments.internal"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(PAYMENTS, SUFFIX)


def names_in(stack: dict[str, Any]) -> set[tuple[str, str]]:
    """(resource type, name) of everything that bears a name of its own, an account id as twelve digits."""
    found = set()
    for kind, resources in stack["resource"].items():
        for values in resources.values():
            names = [values.get(key) for key in NAME_KEYS] + [values.get("tags", {}).get("Name")]
            own = (name for name in names if name and not name.startswith("${"))
            found |= {(kind, re.sub(r"\$\{[^}]*\}", ACCOUNT_ID_STAND_IN, name)) for name in own}
    return found


@pytest.mark.clause("P.11.4", "P.11.5", "G.9.3", proof="test")
def test_the_stack_bears_exactly_the_planned_names(payments: dict[str, Any], settings: Settings) -> None:
    names = Names.for_settings(settings)
    planned = {names.of(each.kind, each.component) for each in planned_names(settings)}

    borne = {name.removesuffix(NAMESPACE_DOMAIN) for _, name in names_in(payments) - NAMED_OTHERWISE}

    assert borne == planned


def test_two_ways_out_on_one_port_have_addresses_of_their_own(settings: Settings) -> None:
    ways = tuple(Outbound(port, "203.0.113.0/24", "cards") for port in (443, 443, 5432))

    assert [address for address, _ in ways_out(replace(settings.services[0], outbound=ways))] == [
        "payment-api-to-outbound-443",
        "payment-api-to-outbound-443-2",
        "payment-api-to-outbound-5432",
    ]


def test_customer_keys_and_created_repositories_plan_their_names(settings: Settings) -> None:
    changed = replace(settings, logs=Logs(30, "customer-managed"), registry=Registry(create_repositories=True))
    added = set(planned_names(changed)) - set(planned_names(settings))

    assert added == {
        PlannedName("kms-key", "logs"),
        PlannedName("kms-alias", "logs"),
        *(PlannedName("ecr-repository", service.name, service.name) for service in settings.services),
    }


def test_two_resources_of_one_kind_cannot_share_a_name(settings: Settings) -> None:
    """`a` calls `to-b`, and `a-to` calls `b`: both edges would be called a-to-to-b."""
    first = settings.services[0]
    services = [replace(first, name=name, calls=calls, routes=None)
                for name, calls in (("a", ("to-b",)), ("a-to", ("b",)), ("b", ()), ("to-b", ()))]  # fmt: skip

    problems = check_all(replace(settings, services=tuple(services)))

    assert [(planned.component, planned.service, problem.found) for planned, problem in problems] == [
        ("a-to-to-b-ingress", "a-to", "is already the name of another resource"),
        ("a-to-to-b-egress", "a-to", "is already the name of another resource"),
    ]
