"""No secret stands in a container definition in plain text."""

from collections.abc import Iterator

from policies.graph import Block, Graph, Resource
from policies.graph.containers import containers
from policies.graph.walk import strings
from policies.mutant import Mutant, append, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.secrets import secret_in, shape_of
from policies.spec import Spec

RULE = Rule(
    id="plaintext-secrets",
    title="Container receives secrets by reference and holds none in plain text",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("8.3.2", "8.6.2"),
    rationale="Whoever may describe a task definition, read a plan or a state reads what stands there.",
    remediation="Put the value into Secrets Manager and its ARN into `secrets`; never print it, rotate it if you did.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)

# Beside `environment`: whatever else takes texts of one's own.
TEXTS = (
    "command",
    "entryPoint",
    "healthCheck.command",
    "dockerLabels",
    "logConfiguration.options",
    "firelensConfiguration.options",
)


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per text; what was found is described and never shown."""
    for container in containers(task):
        yield from _environment(container)
        for path in TEXTS:
            for text in strings(container.get(path)):
                if shape := shape_of(text):
                    yield finding(container, path, shape, "no secret")
        if container.has("environmentFiles"):
            yield finding(container, "environmentFiles", "a file that nobody here can read", "environment and secrets")


def _environment(container: Block) -> Iterator[Finding]:
    for variable in container.blocks("environment"):
        name, value = variable.text("name") or "", variable.get("value", "")
        if not isinstance(value, str):
            raise variable.malformed("value", value, "a text")
        if revealed := secret_in(name, value):
            yield finding(variable, "value", f"{revealed} in {name}", "an entry of `secrets`")


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
ENVIRONMENT = f"{CONTAINER}.environment"


def _variable(name: str, value: str) -> Mutant:
    return Mutant(f"in {name}", append(TASK, ENVIRONMENT, {"name": name, "value": value}), at=TASK)


MUTANTS = (
    _variable("DB_PASSWORD", "correct horse"),
    _variable("DATABASE_URL", "postgres://payments:hunter2@db.internal:5432/payments"),
    _variable("STATUS", "AKIA" + "IOSFODNN7EXAMPLE"),
    _variable("SEED", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"),
    _variable("SETTINGS", "Server=db;User Id=api;Password=hunter2;"),
    _variable("PARTNER", "${aws_iam_role.payment-api-task-role.secret_string}"),
    Mutant(
        "in the command",
        put(TASK, f"{CONTAINER}.command", ["serve", "--key", "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"]),
        at=TASK,
    ),
    Mutant(
        "in a label", put(TASK, f"{CONTAINER}.dockerLabels", {"webhook": "whsec_" + "8f2d4c6a1b3e5f7a9c0d"}), at=TASK
    ),
    Mutant(
        "in a file of variables", put(TASK, f"{CONTAINER}.environmentFiles", [{"type": "s3", "value": "arn"}]), at=TASK
    ),
)
