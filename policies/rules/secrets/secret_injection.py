"""Containers get the values that the spec names, each from the service's own secret, and no other secret."""

from collections import Counter
from collections.abc import Iterator

from policies.graph import Block, Graph, Resource
from policies.graph.arns import rest_after
from policies.graph.containers import containers
from policies.microservices import microservice_of
from policies.mutant import Mutant, append, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import TASK, Stated, own_secrets, shown, stated_secrets
from policies.spec import Spec

RULE = Rule(
    id="secret-injection",
    title="Container gets each secret variable of the spec from its service's own secret, and no other secret",
    severity=Severity.HIGH,
    clauses=("G.7.1", "G.7.2"),
    pci_dss=("7.2.2", "8.6.2"),
    rationale="A value that is copied into the environment stands in every description of the task and never rotates; "
    "a secret of a neighbour joins what the services were separated for.",
    remediation="Put an entry into `secrets`: the variable of the spec, valueFrom the ARN of the service's own secret "
    "with `:<JSON key>::`, without a version.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html", "2026-11-26"
    ),
    applies_to=(TASK,),
)

CONNECTION = "connection_string"
# The JSON keys of a value, by what the secret opens.
KEYS = {
    "database-user": (CONNECTION, "password", "username", "host", "port", "dbname", "engine"),
    "api-key": ("api_key",),
}
ELSEWHERE = ("repositoryCredentials.credentialsParameter", "logConfiguration.secretOptions")


def check_each(task: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per variable that is missing, doubled, in plain text or from elsewhere, and per other secret."""
    service = microservice_of(task, "family", spec)
    if not spec.states("secrets") or service is None:
        return
    wanted = {name: each for each in stated_secrets(spec) if each.service == service for name in each.variables}
    own = own_secrets(task, graph, spec)
    seen: Counter[str] = Counter()
    for container in containers(task):
        for entry in container.blocks("secrets"):
            name = entry.text("name") or ""
            seen[name] += 1
            yield from _of_entry(entry, wanted.get(name), own, graph)
        for path in ELSEWHERE:
            if container.has(path):
                yield finding(container, path, "a secret", "secrets as variables only")
        for variable in container.blocks("environment"):
            if variable.text("name") in wanted:
                yield finding(variable, "name", variable.text("name"), "an entry of `secrets`")
    for name, each in wanted.items():
        if seen[name] != 1:
            yield finding(task, "container_definitions", f"{name} {seen[name]} times", f"once, from {each.component}")
    yield from _without_connection(task, wanted)


def _of_entry(entry: Block, stated: Stated | None, own: dict[str, Resource], graph: Graph) -> Iterator[Finding]:
    value = entry.get("valueFrom", "")
    if stated is None:
        yield finding(entry, "name", entry.text("name"), "a variable that the spec gives this service")
        return
    secret = own.get(stated.name)
    rests = [f":{key}::" for key in KEYS[stated.kind]]
    if secret is None or rest_after(value, secret, graph) not in rests:
        yield finding(
            entry, "valueFrom", shown(value), f"the ARN of {stated.component}, with one of {', '.join(rests)}"
        )


def _without_connection(task: Resource, wanted: dict[str, Stated]) -> Iterator[Finding]:
    """G.7.1 is about connection strings: of each database, one variable has to get it."""
    for stated in {each for each in wanted.values() if each.kind == "database-user"}:
        values = [
            entry.get("valueFrom", "")
            for container in containers(task)
            for entry in container.blocks("secrets")
            if entry.text("name") in stated.variables
        ]
        if not any(f":{CONNECTION}:" in value for value in values):
            yield finding(task, "container_definitions", None, f"a variable with {CONNECTION} of {stated.component}")


PROCESSOR, DETECTOR = f"{TASK}.payment-processor", f"{TASK}.fraud-detector"
SECRETS, ENVIRONMENT = "container_definitions[0].secrets", "container_definitions[0].environment"
OTHERS = "${aws_secretsmanager_secret.payment-processor-database.arn}:connection_string::"
MUTANTS = (
    Mutant("nothing injected", drop(DETECTOR, SECRETS), at=DETECTOR, also=("execution-role-reach",), stack="gateway"),
    Mutant(
        "the secret of a neighbour",
        put(DETECTOR, f"{SECRETS}[0].valueFrom", OTHERS),
        at=DETECTOR,
        also=("execution-role-reach",),
        stack="gateway",
    ),
    Mutant(
        "a neighbour's as one more variable",
        append(DETECTOR, SECRETS, {"name": "LEDGER_URL", "valueFrom": OTHERS}),
        at=DETECTOR,
        stack="gateway",
    ),
    Mutant(
        "a service that needs none",
        put(f"{TASK}.api-gateway", SECRETS, [{"name": "DATABASE_URL", "valueFrom": OTHERS}]),
        at=f"{TASK}.api-gateway",
        stack="gateway",
    ),
    Mutant(
        "the whole secret",
        change(DETECTOR, f"{SECRETS}[0].valueFrom", lambda value: value.removesuffix(":connection_string::")),
        at=DETECTOR,
        stack="gateway",
    ),
    Mutant(
        "the value of before a rotation",
        change(DETECTOR, f"{SECRETS}[0].valueFrom", lambda value: value.replace("string::", "string:AWSPREVIOUS:")),
        at=DETECTOR,
        stack="gateway",
    ),
    Mutant(
        "a key that the value does not have",
        change(DETECTOR, f"{SECRETS}[0].valueFrom", lambda value: value.replace("connection_string", "url")),
        at=DETECTOR,
        stack="gateway",
    ),
    Mutant(
        "the user instead of the connection",
        change(DETECTOR, f"{SECRETS}[0].valueFrom", lambda value: value.replace("connection_string", "username")),
        at=DETECTOR,
        stack="gateway",
    ),
    Mutant(
        "in plain text as well",
        append(DETECTOR, ENVIRONMENT, {"name": "DATABASE_URL", "value": "postgresql://db.example.internal/payments"}),
        at=DETECTOR,
        stack="gateway",
    ),
    Mutant(
        "the two secrets of a service exchanged",
        both(
            put(PROCESSOR, f"{SECRETS}[0].name", "DATABASE_URL"),
            put(PROCESSOR, f"{SECRETS}[1].name", "CARD_NETWORK_API_KEY"),
        ),
        at=PROCESSOR,
        stack="gateway",
    ),
    Mutant(
        "an option of the log driver",
        put(
            DETECTOR,
            "container_definitions[0].logConfiguration.secretOptions",
            [{"name": "token", "valueFrom": OTHERS}],
        ),
        at=DETECTOR,
        stack="gateway",
    ),
)
