"""No credential stands in what is synthesized, planned or stored."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, add, change, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.rules.secrets._sightings import sightings
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

# Kinds that bring a secret into the plan and the state, whatever is done with it there.
SECRET_KINDS = frozenset(
    {
        "aws_iam_access_key",
        "aws_iam_user_login_profile",
        "data.aws_ecr_authorization_token",
        "data.aws_secretsmanager_random_password",
        "data.aws_secretsmanager_secret_version",
        "random_password",
        "tls_private_key",
    }
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per place; what was found is described and never repeated."""
    for resource in (*graph.resources.values(), *graph.providers):
        if resource.kind in SECRET_KINDS or _is_stored_parameter(resource):
            yield finding(
                resource, "", f"{resource.kind}, whose secret is stored in the state", "an ephemeral resource"
            )
        for path, what in sightings(_values(resource), ""):
            yield finding(resource, path, what, "a reference to a secret")
    elsewhere = {**graph.settings, "locals": dict(graph.scope.locals), "variable": dict(graph.scope.variables)}
    for block, value in elsewhere.items():
        for path, what in sightings(value, block):
            yield absence(path, "a reference to a secret", what)


def _is_stored_parameter(resource: Resource) -> bool:
    is_secret = resource.kind == "aws_ssm_parameter" and resource.text("type") == "SecureString"
    return is_secret and resource.has("value")


def _values(resource: Resource) -> dict[str, Any]:
    if resource.kind != TASK:
        passed_over = NO_CREDENTIALS.get(resource.kind, ())
        return {key: value for key, value in resource.values.items() if key not in passed_over}
    own = [{k: v for k, v in item.values.items() if k not in JUDGED_ELSEWHERE} for item in containers(resource)]
    return {**resource.values, DEFINITIONS: own}


ALARM, PROVIDER = "aws_cloudwatch_metric_alarm.payment-api-target-5xx", "provider.aws"
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"  # the one of AWS's documentation
READ = "data.aws_secretsmanager_secret_version.db"
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
        "credentials of the provider",
        put(PROVIDER, "[0].secret_key", "not/a/real/secret/but/a/literal"),
        at=PROVIDER,
        also=("provider-as-reviewed",),
    ),
    Mutant(
        "a password in JSON in a text",
        put(ALARM, "alarm_description", '{"call": "+1 555 0100", "db_password": "correct horse"}'),
        at=ALARM,
    ),
    Mutant("a secret that is read", add(READ, {"secret_id": "db"}), at=READ),
    Mutant("a password that Terraform makes", add("random_password.db", {"length": 32}), at="random_password.db"),
    Mutant("a password in a local", in_locals, at="locals.db_password"),
    Mutant(
        "a secret with its value",
        add("aws_secretsmanager_secret_version.db", VERSION),
        at="aws_secretsmanager_secret_version.db",
        also=("secret-first-version", "secret-values-ephemeral"),
    ),
)
