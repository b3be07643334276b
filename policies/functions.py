"""The functions that serve the secrets of a spec: one that rotates each, and one that deploys anew after a rotation."""

from dataclasses import dataclass

from policies.graph import Graph
from policies.microservices import component_of
from policies.service_secrets import Stated, stated_secrets
from policies.spec import Spec

FUNCTION = "aws_lambda_function"
REDEPLOYMENT = "redeployment"
DATABASE_USER = "database-user"


@dataclass(frozen=True)
class Expected:
    """A function that the spec's secrets need. component: in its name; opens_database: whether it connects to one."""

    component: str
    service: str = ""
    secret: str = ""
    opens_database: bool = False

    def rotates(self, stated: Stated) -> bool:
        """Whether it is there for this secret."""
        return (self.service, self.secret) == (stated.service, stated.name)


def expected_functions(spec: Spec) -> tuple[Expected, ...]:
    """Every function that there must be, and no other; none where the spec states no secrets."""
    if not spec.states("secrets"):
        return ()
    rotations = [
        Expected(f"{each.component}-rotation", each.service, each.name, each.kind == DATABASE_USER)
        for each in stated_secrets(spec)
    ]
    return (*rotations, Expected(REDEPLOYMENT))


def functions_of(graph: Graph, spec: Spec) -> dict[str, Expected]:
    """Address of a function -> what it is, for those that bear the name of one that is expected."""
    expected = {each.component: each for each in expected_functions(spec)}
    named = {
        function.address: component_of(function, "function_name", spec, tuple(expected))
        for function in graph.of_type(FUNCTION)
    }
    return {address: expected[component] for address, component in named.items() if component}


def services_with_databases(spec: Spec) -> frozenset[str]:
    """Microservices that have a user of a database."""
    return frozenset(each.service for each in expected_functions(spec) if each.opens_database)
