"""Public services, and only those, are attached to an Application Load Balancer."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers, task_definition_of
from policies.graph.ecs import SERVICE, target_groups_of
from policies.graph.load_balancing import forwarders
from policies.graph.traffic_shift import rules_for_tests
from policies.graph.values import Values
from policies.microservices import microservice_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="load-balancer-attachment",
    title="ECS service is attached to the Application Load Balancer if it is public, and to none if it is not",
    severity=Severity.CRITICAL,
    clauses=("P.3.4", "G.4.3", "G.6.1"),
    pci_dss=("1.3.1", "1.4.4"),
    rationale="An attachment too many puts an inner service on the internet; one too few takes the public one off it.",
    remediation="Give the public service a load_balancer block with its container, its port and a target group in use.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html", "2026-11-22"
    ),
    applies_to=(SERVICE,),
)


def check_each(service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a missing, a forbidden or a broken attachment; unknown services are another rule's matter."""
    name = microservice_of(service, "name", spec)
    if name is None:
        return
    attachments = service.blocks("load_balancer")
    if not spec.get("services")[name]["public"]:
        if attachments:
            yield finding(service, "load_balancer", f"{len(attachments)} attachments", f"none: {name} is not public")
        return
    if not attachments:
        yield finding(service, "load_balancer", None, f"an attachment: {name} is public")
    for block in attachments:
        yield from _names_its_container(block, task_definition_of(service, graph), spec.get("services")[name]["port"])
        if not block.has("target_group_arn"):
            yield finding(block, "target_group_arn", block.text("elb_name"), "a target group")
    for group in target_groups_of(service, graph):
        kinds = sorted({balancer.text("load_balancer_type") or "application" for balancer in _balancers(group, graph)})
        if kinds != ["application"]:
            yield finding(service, "load_balancer", f"{group.address}, used by {kinds or 'no listener'}", "application")


def _names_its_container(block: Values, task: Resource, port: int) -> Iterator[Finding]:
    """A load balancer that knows another container or port than the task has sends its requests nowhere."""
    name = block.text("container_name")
    if name not in {container.text("name") for container in containers(task)}:
        yield finding(block, "container_name", name, f"a container of {task.address}")
    if block.number("container_port") != port:
        yield finding(block, "container_port", block.number("container_port"), port)


def _balancers(group: Resource, graph: Graph) -> Iterator[Resource]:
    """The load balancers that send clients' requests to a target group: a rule for tests alone does not."""
    tests = rules_for_tests(graph)
    yield from (balancer for item, balancer in forwarders(group, graph) if item.address not in tests)


API, NOTIFY = "aws_ecs_service.payment-api", "aws_ecs_service.notification-service"
REDIRECT = {"status_code": "HTTP_302"}
GROUP = "aws_lb_target_group.payment-api"
ATTACHMENT = {
    "target_group_arn": f"${{{GROUP}.arn}}",
    "container_name": "notification-service",
    "container_port": 8082,
}
MUTANTS = (
    Mutant(
        "public service detached",
        drop(API, "load_balancer"),
        at=API,
        also=("deployment-alarms", "grace-period", "listener-rule-paths", "reachability", "target-group-members"),
    ),
    Mutant(
        "inner service attached",
        put(NOTIFY, "load_balancer", [ATTACHMENT]),
        at=NOTIFY,
        also=("grace-period", "listener-rule-paths", "target-group-members", "target-group-port"),
    ),
    Mutant(
        "inner service attached in the classic way",
        put(NOTIFY, "load_balancer", {"elb_name": "old"}),
        at=NOTIFY,
        also=("grace-period",),
    ),
    Mutant("another port", put(API, "load_balancer[0].container_port", 8443), at=API, also=("reachability",)),
    Mutant(
        "a container that is not there",
        put(API, "load_balancer[0].container_name", "proxy"),
        at=API,
        also=("target-group-port",),
    ),
    Mutant(
        "the only rule answers instead of forwarding",
        put("aws_lb_listener_rule.payment-api", "action", [{"type": "redirect", "redirect": REDIRECT}]),
        at=API,
        also=("listener-rule-paths", "reachability"),
    ),
    Mutant(
        "a network load balancer",
        put("aws_lb.public", "load_balancer_type", "network"),
        at=API,
        also=("load-balancer-exposure", "open-to-the-world"),
    ),
)
