"""Every essential container states the health check of the spec, and one that can fail."""

import json
import re
from collections.abc import Iterator

from policies.graph import Block, Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-health-check",
    title="Container states a health check with the retries and the interval of the spec",
    severity=Severity.HIGH,
    clauses=("P.2.5", "G.3.2"),
    pci_dss=(),
    rationale="ECS ignores the HEALTHCHECK of an image; without one in the definition a hung task keeps its traffic.",
    remediation="Write command, retries and interval into healthCheck, even where they equal a default.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
)

KINDS = ("CMD", "CMD-SHELL")
# A command, or the last part of one, that says healthy whatever happened before.
SUCCESS = re.compile(
    r"(?:.*(?:\|\||;)\s*)?(?:(?:/bin/)?true|:|exit(?:\s+0)?|(?:/bin/)?(?:echo|sleep)\b[^;&|]*)", re.DOTALL
)


def check_each(task: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per container and value. A container that is not essential has no say in a task's health, so one that
    serves a port, or stands alone, must be essential."""
    found = containers(task)
    alone = not any(container.boolean("essential", True) for container in found)
    for container in found:
        if container.boolean("essential", True):
            yield from _health_check(container, spec)
        elif alone or container.has("portMappings"):
            yield finding(container, "essential", False, True)


def _health_check(container: Block, spec: Spec) -> Iterator[Finding]:
    kind, *words = container.texts("healthCheck.command") or ("",)
    command = " ".join(words).strip()
    if kind not in KINDS or not command:
        yield finding(container, "healthCheck.command", container.get("healthCheck.command"), f"{KINDS} and a command")
    elif SUCCESS.fullmatch(command):
        yield finding(container, "healthCheck.command", command, "a command that can fail")
    interval = spec.get("container_health_check.interval_seconds")
    for name, number in (("retries", spec.get("container_health_check.retries")), ("interval", interval)):
        if container.number(f"healthCheck.{name}") != number:
            yield finding(container, f"healthCheck.{name}", container.number(f"healthCheck.{name}"), number)
    timeout = container.number("healthCheck.timeout", 5) or 0
    if timeout > interval:
        yield finding(container, "healthCheck.timeout", timeout, f"no longer than the interval, {interval} seconds")


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
CHECK = f"{CONTAINER}.healthCheck"


def _behind_a_sidecar(definitions: str) -> str:
    """The container no longer essential, beside a healthy one that is and serves no port."""
    (container,) = json.loads(definitions)
    not_the_sidecars = ("portMappings", "cpu", "memory")
    sidecar = {key: value for key, value in container.items() if key not in not_the_sidecars}
    return json.dumps([{**container, "essential": False}, {**sidecar, "name": "sidecar"}])


MUTANTS = (
    Mutant("two retries", put(TASK, f"{CHECK}.retries", 2), at=TASK),
    Mutant("interval left to the default", drop(TASK, f"{CHECK}.interval"), at=TASK),
    Mutant("interval of a minute", put(TASK, f"{CHECK}.interval", 60), at=TASK),
    Mutant("no health check", drop(TASK, CHECK), at=TASK),
    Mutant("an empty health check", put(TASK, CHECK, {}), at=TASK),
    Mutant("switched off by NONE", put(TASK, f"{CHECK}.command", ["NONE"]), at=TASK),
    Mutant("a shell without a command", put(TASK, f"{CHECK}.command", ["CMD-SHELL"]), at=TASK),
    Mutant("always healthy", put(TASK, f"{CHECK}.command", ["CMD-SHELL", "exit 0"]), at=TASK),
    Mutant(
        "failure ignored", change(TASK, f"{CHECK}.command[1]", lambda text: text.replace("exit 1", "true")), at=TASK
    ),
    Mutant("a timeout beyond the interval", put(TASK, f"{CHECK}.timeout", 45), at=TASK),
    Mutant("the container not essential", put(TASK, f"{CONTAINER}.essential", False), at=TASK),
    Mutant("an essential sidecar takes its place", change(TASK, "container_definitions", _behind_a_sidecar), at=TASK),
)
