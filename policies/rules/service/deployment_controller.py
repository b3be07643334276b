"""ECS itself replaces the tasks of a service."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="deployment-controller",
    title="ECS service is deployed by ECS itself",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("6.5.1",),
    rationale="CODE_DEPLOY and EXTERNAL pass over the service's capacity strategy, circuit breaker and alarms.",
    remediation='Leave deployment_controller out, or give it the type "ECS".',
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentController.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
)


def check_each(service: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per service with another controller; ECS is the default."""
    controller = service.text("deployment_controller.type", "ECS")
    if controller != "ECS":
        yield finding(service, "deployment_controller.type", controller, "ECS")


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("CodeDeploy", put(API, "deployment_controller.type", "CODE_DEPLOY"), at=API),
    Mutant("external, in list form", put(API, "deployment_controller", [{"type": "EXTERNAL"}]), at=API),
)
