"""Only tasks of one service are targets: nothing is registered by hand, and no group is shared."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import ATTACHMENTS, TARGET_GROUPS, registrations
from policies.mutant import Mutant, add, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="target-group-members",
    title="Target group holds the tasks of one ECS service and nothing else",
    severity=Severity.HIGH,
    clauses=("P.4.3", "G.6.1"),
    pci_dss=("1.4.4",),
    rationale="A target that was registered by hand is published under the service's paths, whatever it is.",
    remediation="Remove target group attachments and give every service a target group of its own.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html",
        "2026-11-22",
    ),
    applies_to=TARGET_GROUPS,
)


def check_each(group: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per attachment, and for a group that no service or several register tasks in."""
    for kind in ATTACHMENTS:
        for attachment in graph.referrers(group, kind, "target_group_arn"):
            yield finding(group, "", f"{attachment.address}, {attachment.get('target_id')}", "tasks of a service only")
    services = sorted({registration.service.address for registration in registrations(group, graph)})
    if len(services) != 1:
        yield finding(group, "", services or None, "the tasks of one service")


GROUP, API = "aws_lb_target_group.payment-api", "aws_ecs_service.payment-api"
ATTACHMENT = {"target_group_arn": f"${{{GROUP}.arn}}", "target_id": "10.20.16.99"}
MUTANTS = (
    Mutant("address registered by hand", add("aws_lb_target_group_attachment.added", ATTACHMENT), at=GROUP),
    Mutant("by hand, other type name", add("aws_alb_target_group_attachment.added", ATTACHMENT), at=GROUP),
    Mutant("group of nobody", duplicate(GROUP, "other"), at="aws_lb_target_group.other"),
    Mutant(
        "group shared by two services",
        put(
            "aws_ecs_service.fraud-detection",
            "load_balancer",
            [{"target_group_arn": f"${{{GROUP}.arn}}", "container_name": "fraud-detection", "container_port": 8081}],
        ),
        at=GROUP,
        also=("grace-period", "listener-rule-paths", "load-balancer-attachment", "target-group-port"),
    ),
)
