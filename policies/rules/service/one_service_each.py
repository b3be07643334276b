"""Each microservice has one ECS service, and tasks run in no other way."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SERVICE
from policies.microservices import microservice_of, microservices
from policies.mutant import Mutant, add, both, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

# What else can start tasks, and the block that makes it do so.
RUNNERS = {
    "aws_ecs_task_set": "",
    "data.aws_ecs_task_execution": "",
    "aws_cloudwatch_event_target": "ecs_target",
    "aws_scheduler_schedule": "target.ecs_parameters",
    "aws_pipes_pipe": "target_parameters.ecs_task_parameters",
}
RULE = Rule(
    id="one-service-each",
    title="ECS service exists exactly once for each microservice of the spec, and nothing else runs tasks",
    severity=Severity.CRITICAL,
    clauses=("P.3.1", "G.3.1"),
    pci_dss=("1.2.5",),
    rationale="A missing service takes payments down; one that nobody specified runs where no clause looks.",
    remediation="Declare one aws_ecs_service per microservice, named by the pattern of the spec, and no other.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html", "2026-11-22"),
    applies_to=(SERVICE, *RUNNERS),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at services that are unknown or one too many, at what else runs tasks, and for each missing service."""
    services = graph.of_type(SERVICE)
    seen: dict[str, Resource] = {}
    for service in services:
        name = microservice_of(service, "name", spec)
        if name is None:
            yield finding(service, "name", service.text("name"), microservices(spec), "No microservice of the spec")
        elif name in seen:
            yield finding(service, "name", service.text("name"), f"one service for {name}, {seen[name].address}")
        else:
            seen[name] = service
    for name in sorted(set(microservices(spec)) - set(seen)):
        yield absence(f"{SERVICE}.{name}", f"a service for {name}", near=services[0] if services else None)
    for kind, block in RUNNERS.items():
        for runner in graph.of_type(kind):
            if not block or any(True for _ in runner.spread(block)):
                yield finding(runner, block, runner.type, "tasks that are started by a service")


API, NOTIFY = f"{SERVICE}.payment-api", f"{SERVICE}.notification-service"
TASKS = {"task_definition_arn": "${aws_ecs_task_definition.payment-api.arn}"}
# Whoever follows a microservice by its name loses this one.
LOST = ("deployment-alarms", "listener-rule-paths", "reachability", "security-group-rules")
MUTANTS = (
    Mutant(
        "renamed beyond recognition",
        put(API, "name", "ecs-service-payment-apis-production-pr42"),
        at=API,
        also=LOST,
    ),
    Mutant("a second service of one microservice", duplicate(NOTIFY, "second"), at=f"{SERVICE}.second"),
    Mutant(
        "a service that nobody specified",
        both(duplicate(NOTIFY, "batch"), put(f"{SERVICE}.batch", "name", "ecs-service-batch-production-pr42")),
        at=f"{SERVICE}.batch",
        also=("deployment-alarms", "reachability", "scaling-range", "scaling-tracks-load", "security-group-rules"),
    ),
    Mutant(
        "a rule of the event bus starts tasks",
        add(
            "aws_cloudwatch_event_target.nightly",
            {"rule": "nightly", "arn": "arn", "ecs_target": [TASKS], "force_destroy": True},
        ),
        at="aws_cloudwatch_event_target.nightly",
    ),
    Mutant(
        "a schedule starts tasks",
        add(
            "aws_scheduler_schedule.nightly",
            {"name": "scheduler-schedule-production-pr42", "target": {"arn": "arn", "ecs_parameters": TASKS}},
        ),
        at="aws_scheduler_schedule.nightly",
    ),
    Mutant(
        "a plan starts a task by reading data",
        add("data.aws_ecs_task_execution.once", {"cluster": "x", "task_definition": "y"}),
        at="data.aws_ecs_task_execution.once",
    ),
)
