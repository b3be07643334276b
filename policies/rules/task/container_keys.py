"""Container definitions are written in the keys of the ECS API, letter by letter."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.task._container_shape import SHAPE
from policies.spec import Spec

RULE = Rule(
    id="container-keys",
    title="Container definition uses only keys that ECS knows, spelled as ECS spells them",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=(),
    rationale="The provider drops a misspelt key in silence and reads `Privileged` as `privileged`; rules see neither.",
    remediation="Spell the key as in the API reference; its first letter is a small one.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per unknown key, at any depth."""
    for container in containers(task):
        for path, key, known in _unknown(container.values, SHAPE, ""):
            yield finding(container, path, key, _meant(key, known))


def _unknown(value: Any, shape: dict[str, Any], path: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, key and the keys known there, for each key that is none of them."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, shape, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            inside = f"{path}.{key}".lstrip(".")
            if key not in shape:
                yield inside, key, shape
            elif shape[key]:
                yield from _unknown(inner, shape[key], inside)


def _meant(key: str, known: dict[str, Any]) -> str:
    return next((name for name in known if name.lower() == key.lower()), "a key of the ECS API")


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
MUTANTS = (
    Mutant("a capital letter that the provider overlooks", put(TASK, f"{CONTAINER}.Privileged", True), at=TASK),
    Mutant("a misspelt key that the provider drops", put(TASK, f"{CONTAINER}.healtCheck", {"retries": 3}), at=TASK),
    Mutant("deeper down", put(TASK, f"{CONTAINER}.linuxParameters.Capabilities", {"add": ["ALL"]}), at=TASK),
    Mutant("in a list", put(TASK, f"{CONTAINER}.portMappings[0].HostPort", 80), at=TASK),
    Mutant("a Terraform spelling", put(TASK, f"{CONTAINER}.readonly_root_filesystem", True), at=TASK),
)
