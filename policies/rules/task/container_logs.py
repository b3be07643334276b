"""Containers write to the log group of their own microservice."""

from collections.abc import Iterator

from policies.graph import Block, Graph, Resource
from policies.graph.containers import containers
from policies.microservices import microservice_of
from policies.mutant import Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-logs",
    title="Container sends its logs to the CloudWatch log group of its own microservice",
    severity=Severity.HIGH,
    clauses=("P.2.6", "P.6.1", "G.3.4"),
    pci_dss=("10.2.1", "10.3.3"),
    rationale="A group made on the fly never expires; a shared one shows a service's logs to another's readers.",
    remediation="Use awslogs with the name of the service's log group, the region of the spec and a stream prefix.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
)

LOGS = "logConfiguration.options"


def check_each(task: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per container, sidecars included."""
    name = microservice_of(task, "family", spec)
    for container in containers(task):
        driver = container.text("logConfiguration.logDriver")
        if driver != "awslogs":
            yield finding(container, "logConfiguration.logDriver", driver, "awslogs")
            continue
        yield from _group(container, name, graph, spec)
        region = container.text(f"{LOGS}.awslogs-region")
        if region != spec.get("region"):
            yield finding(container, f"{LOGS}.awslogs-region", region, spec.get("region"))
        if not container.text(f"{LOGS}.awslogs-stream-prefix"):
            yield finding(container, f"{LOGS}.awslogs-stream-prefix", None, "a prefix, which Fargate requires")
        if container.boolean(f"{LOGS}.awslogs-create-group", False):
            yield finding(
                container, f"{LOGS}.awslogs-create-group", True, "a group of the stack, not one made on the fly"
            )


def _group(container: Block, name: str | None, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """The name is compared as text: what begins with a reference to a group may still name another one."""
    path = f"{LOGS}.awslogs-group"
    written = container.text(path)
    group = graph.once(_by_name).get(written) if written else None
    owner = microservice_of(group, "name", spec) if group else None
    if owner is None or (name is not None and owner != name):
        yield finding(container, path, written, f"the log group of {name or 'a microservice'}")


def _by_name(graph: Graph) -> dict[str | None, Resource]:
    return {group.text("name"): group for group in graph.of_type("aws_cloudwatch_log_group")}


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
GROUP = f"{CONTAINER}.{LOGS}.awslogs-group"
# The execution role of the task writes to its own group and to no other: what logs elsewhere no longer fits the role.
UNUSED, DENIED = ("execution-role-reach",), ("execution-role-reach", "execution-role-writes-logs")
MUTANTS = (
    Mutant(
        "another service's group",
        put(TASK, GROUP, "${aws_cloudwatch_log_group.fraud-detection.name}"),
        at=TASK,
        also=DENIED,
    ),
    Mutant("a group that is not declared", put(TASK, GROUP, "/ecs/payment-api"), at=TASK, also=DENIED),
    Mutant(
        "the group of the flow logs",
        put(TASK, GROUP, "${aws_cloudwatch_log_group.vpc-flows.name}"),
        at=TASK,
        also=DENIED,
    ),
    Mutant("a name that only begins like it", change(TASK, GROUP, lambda name: f"{name}-debug"), at=TASK, also=DENIED),
    Mutant("no group", drop(TASK, GROUP), at=TASK, also=UNUSED),
    Mutant("made on the fly", put(TASK, f"{CONTAINER}.{LOGS}.awslogs-create-group", "true"), at=TASK),
    Mutant(
        "another region", put(TASK, f"{CONTAINER}.{LOGS}.awslogs-region", "us-west-2"), at=TASK, also=("single-region",)
    ),
    Mutant("no prefix", drop(TASK, f"{CONTAINER}.{LOGS}.awslogs-stream-prefix"), at=TASK),
    Mutant("another driver", put(TASK, f"{CONTAINER}.logConfiguration.logDriver", "splunk"), at=TASK, also=UNUSED),
    Mutant("no logs", drop(TASK, f"{CONTAINER}.logConfiguration"), at=TASK, also=UNUSED),
)
