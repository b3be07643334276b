"""Functions are called by what they serve: a rotation for its secret, the redeployment for its rule."""

from collections import Counter
from collections.abc import Iterator

from policies.functions import FUNCTION, REDEPLOYMENT, Expected, functions_of
from policies.graph import Graph, Resource
from policies.graph.arns import is_arn_of, own_accounts, spelled_out
from policies.mutant import Mutant, add, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import secrets_of
from policies.spec import Spec

PERMISSION, URL = "aws_lambda_permission", "aws_lambda_function_url"
RULE = Rule(
    id="function-invokers",
    title="Function is invoked by Secrets Manager for its own secret, or by its own event rule, and by nobody else",
    severity=Severity.HIGH,
    clauses=("G.7.3", "G.8.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="Whoever may call a rotation can change the credential of a service at any time; without the permission "
    "Secrets Manager cannot, and the secret stays as it is.",
    remediation="Declare one aws_lambda_permission per function: lambda:InvokeFunction for "
    "secretsmanager.amazonaws.com with source_arn the secret, or for events.amazonaws.com with source_arn the rule.",
    source=Source(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
        "2026-11-26",
    ),
    applies_to=(FUNCTION, PERMISSION, URL),
)

ACTION, EVENT_RULE, TARGET = "lambda:InvokeFunction", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"
SHARE = "reserved_concurrent_executions"  # 0 switches a function off
# What makes a permission mean something else than it seems to.
UNWANTED = ("qualifier", "function_url_auth_type", "event_source_token", "principal_org_id")


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at functions without exactly one permission, at permissions for others, and at every URL."""
    if not spec.states("secrets"):
        return
    for url in graph.of_type(URL):
        yield finding(url, "", "an address of its own on the internet", "none")
    functions = functions_of(graph, spec)
    counts: Counter[str] = Counter()
    for permission in graph.of_type(PERMISSION):
        called = [item for item in _called(permission, graph) if item.address in functions]
        counts.update(item.address for item in called)
        if len(called) != 1:
            yield finding(
                permission, "function_name", permission.get("function_name"), "a function that a secret needs"
            )
            continue
        yield from _of_permission(permission, called[0], functions[called[0].address], graph, spec)
    for address in functions:
        if counts[address] != 1:
            yield finding(graph.resources[address], "", f"{counts[address]} permissions", f"one {PERMISSION}")
        if graph.resources[address].number(SHARE, -1) == 0:
            yield finding(graph.resources[address], SHARE, 0, "more than none, or no share of its own")


def _called(permission: Resource, graph: Graph) -> list[Resource]:
    """The function that is named: by a reference, by its ARN, or by its name, which a plan knows before the id."""
    value = permission.get("function_name")
    named = [item for item in graph.of_type(FUNCTION) if item.text("function_name") == value]
    return named or list(graph.lookup(value, FUNCTION))


def _of_permission(
    permission: Resource, function: Resource, expected: Expected, graph: Graph, spec: Spec
) -> Iterator[Finding]:
    principal, sources = _caller(function, expected, graph, spec)
    for path, wanted in (("action", ACTION), ("principal", principal)):
        if permission.text(path) != wanted:
            yield finding(permission, path, permission.text(path), wanted)
    source = permission.get("source_arn")
    if not isinstance(source, str) or not any(is_arn_of(source, item, graph) for item in sources):
        yield finding(permission, "source_arn", source, [item.address for item in sources] or "its caller's ARN")
    account = permission.get("source_account")
    if account is not None and spelled_out(permission, "source_account", str(account), graph) not in own_accounts(
        graph
    ):
        yield finding(permission, "source_account", account, "the account of this stack, or none")
    for path in UNWANTED:
        if permission.has(path):
            yield finding(permission, path, permission.get(path), None)


def _caller(function: Resource, expected: Expected, graph: Graph, spec: Spec) -> tuple[str, tuple[Resource, ...]]:
    """Who calls a function, and on behalf of which resources of this stack."""
    if expected.component == REDEPLOYMENT:
        targets = graph.referrers(function, TARGET, "arn")
        rules = [item for target in targets for item in graph.lookup(target.get("rule"), EVENT_RULE)]
        return "events.amazonaws.com", tuple(rules)
    held = secrets_of(graph, spec).items()
    own = [at for at, each in held if expected.rotates(each)]
    return "secretsmanager.amazonaws.com", tuple(graph.resources[at] for at in own)


NAME = "fraud-detector-database-rotation"
OWN, REDEPLOY, ROTATION = f"{PERMISSION}.{NAME}", f"{PERMISSION}.{REDEPLOYMENT}", f"{FUNCTION}.{NAME}"
MUTANTS = (
    Mutant("nobody may call it", drop(OWN), at=ROTATION, stack="gateway"),
    Mutant(
        "for another secret",
        put(OWN, "source_arn", "${aws_secretsmanager_secret.payment-processor-database.arn}"),
        at=OWN,
        stack="gateway",
    ),
    Mutant("for every secret of the account", drop(OWN, "source_arn"), at=OWN, stack="gateway"),
    Mutant("by another service", put(OWN, "principal", "apigateway.amazonaws.com"), at=OWN, stack="gateway"),
    Mutant("more than calling it", put(OWN, "action", "lambda:*"), at=OWN, stack="gateway"),
    Mutant("an alias that is not there", put(OWN, "qualifier", "live"), at=OWN, stack="gateway"),
    Mutant("switched off", put(ROTATION, SHARE, "0"), at=ROTATION, stack="gateway"),
    Mutant("of another account", put(OWN, "source_account", "210987654321"), at=OWN, stack="gateway"),
    Mutant("one caller more", duplicate(OWN, "more"), at=ROTATION, stack="gateway"),
    Mutant(
        "every rule of the account",
        put(REDEPLOY, "source_arn", "arn:aws:events:us-east-1:123456789012:rule/*"),
        at=REDEPLOY,
        stack="gateway",
    ),
    Mutant(
        "an address on the internet",
        add(f"{URL}.open", {"function_name": f"${{{ROTATION}.function_name}}", "authorization_type": "NONE"}),
        at=f"{URL}.open",
        also=("one-door",),
        stack="gateway",
    ),
)
