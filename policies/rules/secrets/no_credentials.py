"""No credential stands in what is synthesized, planned or stored."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.graph.documents import decode_text
from policies.graph.templates import TemplateError, escape, parts
from policies.mutant import Mutant, add, change, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.secrets import known_shape, secret_in, sounds_secret
from policies.spec import Spec

RULE = Rule(
    id="no-credentials",
    title="Stack holds nothing that looks like a credential",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("8.3.2", "8.6.2"),
    rationale="What stands in the JSON stands in the plan, the state and the logs of the pipeline as well, and can be "
    "read by all who read one of them.",
    remediation="Store the value in Secrets Manager (write it with an ephemeral resource and a write-only argument) "
    "and refer to it by ARN.",
    source=Source("https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html", "2026-11-22"),
    applies_to=("*",),
    baseline=True,
)

TASK, DEFINITIONS = "aws_ecs_task_definition", "container_definitions"
# Of a container plaintext-secrets judges these.
JUDGED_ELSEWHERE = frozenset(
    {
        "command",
        "dockerLabels",
        "entryPoint",
        "environment",
        "firelensConfiguration",
        "healthCheck",
        "logConfiguration",
        "secrets",
    }
)
# Ids of callers have the form of access key ids in some emulators, and open nothing.
NO_CREDENTIALS = {"data.aws_caller_identity": ("id", "user_id")}


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per place; what was found is described and never repeated."""
    for resource in (*graph.resources.values(), *graph.providers):
        for path, what in _sightings(_values(resource), ""):
            yield finding(resource, path, what, "a reference to a secret")
    elsewhere = {**graph.settings, "locals": dict(graph.scope.locals), "variable": dict(graph.scope.variables)}
    for block, value in elsewhere.items():
        for path, what in _sightings(value, block):
            yield absence(path, "a reference to a secret", what)


def _values(resource: Resource) -> dict[str, Any]:
    if resource.kind != TASK:
        passed_over = NO_CREDENTIALS.get(resource.kind, ())
        return {key: value for key, value in resource.values.items() if key not in passed_over}
    own = [{k: v for k, v in item.values.items() if k not in JUDGED_ELSEWHERE} for item in containers(resource)]
    return {**resource.values, DEFINITIONS: own}


def _sightings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Where something inside a value looks like a credential, and what it looks like; JSON in texts is looked into."""
    pending = [(value, path, path)]
    while pending:
        item, where, name = pending.pop()
        if isinstance(item, str):
            inner = _json(item)
            if what := _looks_like(name, item) if inner is None else "":
                yield where, what
            item = inner
        if isinstance(item, dict):
            pending.extend((inner, f"{where}.{key}".lstrip("."), key) for key, inner in item.items() if key != "//")
        elif isinstance(item, list):
            pending.extend((inner, f"{where}[{index}]", name) for index, inner in enumerate(item))


def _looks_like(name: str, text: str) -> str:
    template = text if _is_whole(text) else escape(text)  # a broken template is an error of the graph, here a text
    return known_shape(template) or (secret_in(name, template) if sounds_secret(name) else "")


def _is_whole(text: str) -> bool:
    try:
        parts(text)
    except TemplateError:
        return False
    return True


def _json(text: str) -> Any:
    """What a JSON text holds, None for other texts."""
    if not text.startswith(("{", "[")):
        return None
    try:
        found = decode_text(text)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None


ALARM, PROVIDER = "aws_cloudwatch_metric_alarm.payment-api-target-5xx", "provider.aws"
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"  # the one of AWS's documentation
VERSION = {"secret_id": "db", "secret_string": "correct horse battery staple"}


def with_key_id(text: str) -> str:
    """The text with an access key id at its end."""
    return f"{text} {ACCESS_KEY}"


def in_locals(document: dict[str, Any]) -> None:
    """A value that nothing refers to yet."""
    document["locals"] = {"db_password": "correct horse battery"}


MUTANTS = (
    Mutant("an access key in a description", change(ALARM, "alarm_description", with_key_id), at=ALARM),
    Mutant(
        "credentials of the provider", put(PROVIDER, "[0].secret_key", "not/a/real/secret/but/a/literal"), at=PROVIDER
    ),
    Mutant(
        "a password in JSON in a text",
        put(ALARM, "alarm_description", '{"call": "+1 555 0100", "db_password": "correct horse"}'),
        at=ALARM,
    ),
    Mutant("a password in a local", in_locals, at="locals.db_password"),
    Mutant(
        "a secret with its value",
        add("aws_secretsmanager_secret_version.db", VERSION),
        at="aws_secretsmanager_secret_version.db",
    ),
)
