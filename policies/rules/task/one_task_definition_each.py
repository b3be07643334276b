"""Each microservice has one task definition, which its own service runs and no other."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import task_definition_of
from policies.graph.ecs import SERVICE
from policies.microservices import microservice_of, microservices
from policies.mutant import Mutant, both, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

TASK = "aws_ecs_task_definition"
RULE = Rule(
    id="one-task-definition-each",
    title="Task definition exists exactly once per microservice, and only the service of that name runs it",
    severity=Severity.HIGH,
    clauses=("P.2.1", "G.3.1"),
    pci_dss=("7.2.2",),
    rationale="A shared task definition shares its roles, its image and its log group; whoever runs it gets all three.",
    remediation="Declare one aws_ecs_task_definition per microservice and point only the service of that name at it.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definitions.html", "2026-11-22"),
    applies_to=(TASK, SERVICE),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at unknown and surplus definitions, for missing ones, and at services that run another's."""
    definitions = graph.of_type(TASK)
    seen: dict[str, Resource] = {}
    for task in definitions:
        name = microservice_of(task, "family", spec)
        if name is None:
            yield finding(task, "family", task.text("family"), microservices(spec), "No microservice of the spec")
        elif name in seen:
            yield finding(task, "family", task.text("family"), f"one definition for {name}, {seen[name].address}")
        else:
            seen[name] = task
    for name in sorted(set(microservices(spec)) - set(seen)):
        yield absence(f"{TASK}.{name}", f"a task definition for {name}", near=definitions[0] if definitions else None)
    for service in graph.of_type(SERVICE):
        yield from _runs_its_own(service, graph, spec)


def _runs_its_own(service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    name = microservice_of(service, "name", spec)
    task = task_definition_of(service, graph)
    if name is not None and microservice_of(task, "family", spec) != name:
        yield finding(service, "task_definition", task.address, f"the task definition of {name}")


API, NOTIFY = f"{TASK}.payment-api", "aws_ecs_service.notification-service"
MUTANTS = (
    Mutant(
        "a service runs another's definition",
        put(NOTIFY, "task_definition", "${aws_ecs_task_definition.fraud-detection.arn}"),
        at=NOTIFY,
    ),
    Mutant("a family of no microservice", put(API, "family", "ecs-task-batch-production-pr42"), at=API),
    Mutant(
        "a definition that nothing runs",
        both(duplicate(API, "batch"), put(f"{TASK}.batch", "family", "ecs-task-batch-production-pr42")),
        at=f"{TASK}.batch",
        also=("roles-per-service",),
    ),
    Mutant("two of one family", duplicate(API, "second"), at=f"{TASK}.second", also=("roles-per-service",)),
    Mutant("a family without a name", drop(API, "family"), at=API, also=("name-suffix",)),
)
