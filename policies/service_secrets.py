"""The secrets that a spec gives to services, and what in a stack is which of them, by its name."""

from dataclasses import dataclass

from policies.graph import Graph, Resource
from policies.microservices import component_of, microservice_of
from policies.spec import Spec

SECRET, TASK = "aws_secretsmanager_secret", "aws_ecs_task_definition"


@dataclass(frozen=True)
class Stated:
    """One secret of the spec: the need of one service. variables: the container variables that get a value of it."""

    service: str
    name: str
    kind: str
    variables: tuple[str, ...]

    @property
    def component(self) -> str:
        """What names it, and what serves it, within the deployment."""
        return f"{self.service}-{self.name}"


def stated_secrets(spec: Spec) -> tuple[Stated, ...]:
    """Every secret that there has to be; none where the spec states no secrets."""
    if not spec.states("secrets"):
        return ()
    return tuple(
        Stated(service, name, body["kind"], tuple(body["variables"]))
        for service, secrets in spec.get("secrets.of_services").items()
        for name, body in secrets.items()
    )


def secrets_of(graph: Graph, spec: Spec) -> dict[str, Stated]:
    """Address of a secret -> which of the spec it is, for those that bear the name of one."""
    stated = {each.component: each for each in stated_secrets(spec)}
    named = {item.address: component_of(item, "name", spec, tuple(stated)) for item in graph.of_type(SECRET)}
    return {address: stated[component] for address, component in named.items() if component}


def own_secrets(task: Resource, graph: Graph, spec: Spec) -> dict[str, Resource]:
    """Name within the service -> secret, for the secrets of the service that a task definition is of."""
    service = microservice_of(task, "family", spec)
    return {
        stated.name: graph.resources[address]
        for address, stated in secrets_of(graph, spec).items()
        if stated.service == service
    }


def shown(value: object) -> str:
    """What a finding may tell of a value that stands where an ARN should: nothing, if it could be the secret itself."""
    text = str(value or "nothing")
    return text if text == "nothing" or text.startswith(("arn:", "${")) else "a text that is no ARN"
