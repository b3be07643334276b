"""A new value of a secret starts a deployment of the services that hold it."""

from collections.abc import Iterator
from typing import Any

from policies.functions import FUNCTION, REDEPLOYMENT, functions_of
from policies.graph import Graph, Resource
from policies.graph.arns import is_arn_of
from policies.graph.decode import decode
from policies.mutant import Mutant, add, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import SECRET, secrets_of
from policies.spec import Spec

EVENT_RULE, EVENT_TARGET = "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"
RULE = Rule(
    id="redeploy-on-rotation",
    title="Secret that gets a new value has an event rule that runs the redeployment function",
    severity=Severity.HIGH,
    clauses=("G.7.3",),
    pci_dss=("8.6.3",),
    rationale="ECS gives a task its secrets at its start only. Without a deployment the tasks keep the value of before "
    "the rotation, and fail on their first new connection.",
    remediation="Declare an enabled rule on the default bus: source aws.secretsmanager, detail-type Secret Label "
    "Updated, labelUpdated AWSCURRENT, resources the secrets; its target is the function, with the event as it is.",
    source=Source(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html",
        "2026-11-26",
    ),
    applies_to=(SECRET, EVENT_RULE, EVENT_TARGET),
)

PATTERN = "event_pattern"
WANTED: dict[str, Any] = {
    "source": ["aws.secretsmanager"],
    "detail-type": ["Secret Label Updated"],
    "detail": {"labelUpdated": ["AWSCURRENT"]},
}
SWITCHED_ON = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
CHANGED = ("input", "input_path", "input_transformer")  # the function reads the secret's ARN in the event itself


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at secrets of whose change no rule tells the function, and at rules and targets for anything else."""
    if not spec.states("secrets"):
        return
    functions = [at for at, each in functions_of(graph, spec).items() if each.component == REDEPLOYMENT]
    heard: set[str] = set()
    for rule in graph.of_type(EVENT_RULE):
        faults = [*_of_rule(rule, graph), *_of_targets(rule, functions, graph)]
        yield from faults
        heard.update(() if faults else (item.address for item in _secrets_in(rule, graph)))
    for target in graph.of_type(EVENT_TARGET):
        if not graph.lookup(target.get("rule"), EVENT_RULE):
            yield finding(target, "rule", target.get("rule"), "a rule of this stack")
    for address in secrets_of(graph, spec):
        if address not in heard:
            yield finding(graph.resources[address], "", "no rule on its new values", f"an {EVENT_RULE}")


def _of_rule(rule: Resource, graph: Graph) -> Iterator[Finding]:
    pattern = decode(rule, PATTERN)
    found = {key: value for key, value in pattern.items() if key != "resources"} if isinstance(pattern, dict) else None
    if found != WANTED:
        yield finding(rule, PATTERN, found, WANTED)
    elif (
        not isinstance(named := pattern.get("resources"), list)
        or len(_secrets_in(rule, graph)) != len(named)
        or not named
    ):
        yield finding(rule, f"{PATTERN}.resources", pattern.get("resources"), "the ARNs of secrets of this stack")
    if rule.text("state", "ENABLED") not in SWITCHED_ON or rule.boolean("is_enabled", True) is not True:
        yield finding(rule, "state", rule.text("state") or "is_enabled false", "ENABLED")
    if rule.text("event_bus_name", "default") != "default":
        yield finding(rule, "event_bus_name", rule.text("event_bus_name"), "default, where AWS services report")
    if rule.has("schedule_expression"):
        yield finding(rule, "schedule_expression", rule.text("schedule_expression"), None)


def _secrets_in(rule: Resource, graph: Graph) -> list[Resource]:
    pattern = decode(rule, PATTERN)
    named = pattern.get("resources") if isinstance(pattern, dict) else ()
    named = named if isinstance(named, list) else ()
    texts = [text for text in named if isinstance(text, str)]
    return [item for item in graph.of_type(SECRET) if any(is_arn_of(text, item, graph) for text in texts)]


def _of_targets(rule: Resource, functions: list[str], graph: Graph) -> Iterator[Finding]:
    targets = graph.referrers(rule, EVENT_TARGET, "rule")
    if len(targets) != 1:
        yield finding(rule, "", f"{len(targets)} targets", "the redeployment function")
    for target in targets:
        called = [item.address for item in graph.lookup(target.get("arn"), FUNCTION)]
        if not called or called != functions:
            yield finding(target, "arn", target.get("arn"), functions or "the redeployment function")
        for path in CHANGED:
            if target.has(path):
                yield finding(target, path, "an input of its own", "the event as it is")
        if target.text("event_bus_name", "default") != "default":
            yield finding(target, "event_bus_name", target.text("event_bus_name"), "default")


EVENTS, TARGET = f"{EVENT_RULE}.{REDEPLOYMENT}", f"{EVENT_TARGET}.{REDEPLOYMENT}"
MUTANTS = (
    Mutant(
        "a secret left out",
        change(EVENTS, f"{PATTERN}.resources", lambda arns: arns[:-1]),
        at=f"{SECRET}.fraud-detector-database",
        stack="gateway",
    ),
    Mutant("switched off", put(EVENTS, "state", "DISABLED"), at=EVENTS, stack="gateway"),
    Mutant("switched off in the old way", put(EVENTS, "is_enabled", "false"), at=EVENTS, stack="gateway"),
    Mutant("on a bus where nothing happens", put(EVENTS, "event_bus_name", "payments"), at=EVENTS, stack="gateway"),
    Mutant(
        "events that need a trail",
        put(EVENTS, f"{PATTERN}.detail-type", ["AWS API Call via CloudTrail"]),
        at=EVENTS,
        stack="gateway",
    ),
    Mutant(
        "before the value is current",
        put(EVENTS, f"{PATTERN}.detail.labelUpdated", ["AWSPENDING"]),
        at=EVENTS,
        stack="gateway",
    ),
    Mutant("only of another account", put(EVENTS, f"{PATTERN}.account", ["210987654321"]), at=EVENTS, stack="gateway"),
    Mutant("an event that says nothing", put(TARGET, "input", "{}"), at=TARGET, stack="gateway"),
    Mutant("a part of the event", put(TARGET, "input_path", "$.detail"), at=TARGET, stack="gateway"),
    Mutant(
        "another function",
        put(TARGET, "arn", f"${{{FUNCTION}.fraud-detector-database-rotation.arn}}"),
        at=TARGET,
        also=("function-invokers",),
        stack="gateway",
    ),
    Mutant(
        "the target of a rule of somebody else",
        both(
            drop(TARGET),
            add(
                TARGET.replace(REDEPLOYMENT, "more"), {"rule": "nightly", "arn": f"${{{FUNCTION}.{REDEPLOYMENT}.arn}}"}
            ),
        ),
        at=TARGET.replace(REDEPLOYMENT, "more"),
        also=("function-invokers",),
        stack="gateway",
    ),
    Mutant("no target", drop(TARGET), at=EVENTS, also=("function-invokers",), stack="gateway"),
    Mutant(
        "every secret of the account",
        drop(EVENTS, f"{PATTERN}.resources"),
        at=EVENTS,
        stack="gateway",
    ),
)
