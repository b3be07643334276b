"""Both versions of a blue/green rollout stand behind target groups that differ in nothing but their name."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.ecs import SERVICE, is_rolling
from policies.graph.load_balancing import TARGET_GROUPS
from policies.graph.resource import Resource
from policies.graph.traffic_shift import ALTERNATE, shifts_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="blue-green-target-groups",
    title="ECS service that is replaced blue/green has two target groups, alike in all but their name",
    severity=Severity.HIGH,
    clauses=("G.6.2", "G.9.6"),
    pci_dss=("6.5.1",),
    rationale="A second group that checks less, or drains faster, lets the new version pass what the old one could "
    "not; one group for both versions is no rollout.",
    remediation="Name a second target group with the same settings in advanced_configuration.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html", "2026-11-26"
    ),
    applies_to=(SERVICE, *TARGET_GROUPS),
    baseline=True,
)

# What decides how requests reach tasks, and when a task counts as healthy. Names, tags and ids differ.
ALIKE = (
    *("port", "protocol", "protocol_version", "target_type", "ip_address_type", "vpc_id", "deregistration_delay"),
    *("slow_start", "load_balancing_algorithm_type", "health_check", "stickiness", "target_group_health"),
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at services without two groups, and at an alternate group that differs from the first."""
    for service in graph.of_type(SERVICE):
        blocks = service.blocks("load_balancer") if not is_rolling(service) else ()
        for block in blocks:
            if not block.has(ALTERNATE):
                yield finding(block, ALTERNATE, None, "a second target group")
        for shift in shifts_of(service) if blocks else ():
            groups = shift.groups(graph)
            if len({group.address for group in groups}) != 2:
                yield finding(shift.place, ALTERNATE, [group.address for group in groups], "two target groups")
            else:
                yield from _differences(*groups)


def _differences(first: Resource, alternate: Resource) -> Iterator[Finding]:
    for attribute in ALIKE:
        expected, found = _comparable(first.get(attribute)), _comparable(alternate.get(attribute))
        if found != expected:
            yield finding(alternate, attribute, found, expected, f"{first.address} has another {attribute}")


def _comparable(value: object) -> object:
    """Numbers and booleans as the texts that they may be written as; a block in a list as the block."""
    if isinstance(value, list):
        return _comparable(value[0]) if len(value) == 1 else [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items() if key != "//" and item is not None}
    return str(value).lower() if isinstance(value, bool | int | float) else value


API, FIRST, GREEN = f"{SERVICE}.api-gateway", "aws_lb_target_group.api-gateway", "aws_lb_target_group.api-gateway-green"
ADVANCED = "load_balancer[0].advanced_configuration"
NOT_NAMED = ("deployment-alarms", "listener-rule-paths", "role-trust", "target-group-members")
UNUSED = ("deployment-alarms", "infrastructure-role", "listener-rule-paths", "target-group-members")
MUTANTS = (
    Mutant(
        "one group for both",
        put(API, f"load_balancer[0].{ALTERNATE}", f"${{{FIRST}.arn}}"),
        at=API,
        also=UNUSED,
        stack="gateway",
    ),
    Mutant("no second group", drop(API, f"load_balancer[0].{ALTERNATE}"), at=API, also=UNUSED, stack="gateway"),
    Mutant(
        "no advanced configuration", drop(API, ADVANCED), at=API, also=(*NOT_NAMED, "ignored-changes"), stack="gateway"
    ),
    Mutant("green is checked less", put(GREEN, "health_check.matcher", "200-299"), at=GREEN, stack="gateway"),
    Mutant("green answers to another path", put(GREEN, "health_check.path", "/"), at=GREEN, stack="gateway"),
    Mutant("green drains at once", put(GREEN, "deregistration_delay", "0"), at=GREEN, stack="gateway"),
    Mutant(
        "green keeps its clients",
        put(GREEN, "stickiness", [{"type": "lb_cookie", "enabled": True}]),
        at=GREEN,
        stack="gateway",
    ),
    Mutant("green on another port", put(GREEN, "port", 8443), at=GREEN, also=("target-group-port",), stack="gateway"),
)
