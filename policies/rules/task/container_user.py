"""Containers run as a user that is not root."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-user",
    title="Container states a user and a group that are not root",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("2.2.4", "7.2.2"),
    rationale="Without a user in the definition the image decides, and most images say root.",
    remediation='Set user to numbers that are not 0, such as "10001:10001".',
    source=Source("https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-20", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)

NOT_ROOT = re.compile(r"[1-9][0-9]*(:[1-9][0-9]*)?")


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per container without a user, or with one that is not known to be another than root by its number.

    Of a name only the image knows what number it has, and `+0` is root too.
    """
    for container in containers(task):
        user = container.text("user")
        if user is None or not NOT_ROOT.fullmatch(user):
            yield finding(container, "user", user, "numbers that are not 0, such as 10001:10001")


TASK = "aws_ecs_task_definition.payment-api"
USER = "container_definitions[0].user"
MUTANTS = (
    Mutant("root by name", put(TASK, USER, "root"), at=TASK),
    Mutant("root by number", put(TASK, USER, "0"), at=TASK),
    Mutant("root with a group", put(TASK, USER, "00:10001"), at=TASK),
    Mutant("the group root", put(TASK, USER, "10001:0"), at=TASK),
    Mutant("root by number with a sign", put(TASK, USER, "+0"), at=TASK),
    Mutant("a name that the image maps to root", put(TASK, USER, "toor:10001"), at=TASK),
    Mutant("no user", put(TASK, USER, ":10001"), at=TASK),
    Mutant("left to the image", drop(TASK, USER), at=TASK),
)
