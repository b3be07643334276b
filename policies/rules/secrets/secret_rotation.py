"""Every secret is rotated by its own function, as often as the spec wants it, and once before it is used."""

import re
from collections.abc import Iterator

from policies.functions import FUNCTION, functions_of
from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import SECRET, secrets_of
from policies.spec import Spec

ROTATION = "aws_secretsmanager_secret_rotation"
RULE = Rule(
    id="secret-rotation",
    title="Secret is rotated by a function of its own, at least as often as the spec says, and at once",
    severity=Severity.HIGH,
    clauses=("G.7.3",),
    pci_dss=("8.6.3",),
    rationale="A value that never changes is good for ever once it has leaked; a first value that was never rotated is "
    "one that its database or partner does not know.",
    remediation="Declare one aws_secretsmanager_secret_rotation per secret with the secret's own function, "
    "automatically_after_days of the spec at most, and rotate_immediately.",
    source=Source(
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html", "2026-11-26"
    ),
    applies_to=(SECRET, ROTATION),
)

RULES, DAYS, EXPRESSION = "rotation_rules", "automatically_after_days", "schedule_expression"
RATE = re.compile(r"rate\((\d{1,4}) (hours?|days?)\)")
HOURS = {"hour": 1, "day": 24}


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at secrets without exactly one rotation, and at rotations by another function, too rare or too late."""
    if not spec.states("secrets"):
        return
    for secret in graph.of_type(SECRET):
        if (count := len(graph.referrers(secret, ROTATION, "secret_id"))) != 1:
            yield finding(secret, "", f"{count} rotations", f"one {ROTATION}")
    held, functions = secrets_of(graph, spec), functions_of(graph, spec)
    for rotation in graph.of_type(ROTATION):
        secret = graph.target_of(rotation, "secret_id", SECRET)
        stated = held.get(secret.address)
        called = {item.address for item in graph.lookup(rotation.get("rotation_lambda_arn"), FUNCTION)}
        own = {address for address, expected in functions.items() if stated and expected.rotates(stated)}
        if not called or called != own:
            found = rotation.get("rotation_lambda_arn")
            yield finding(rotation, "rotation_lambda_arn", found, sorted(own) or "a function of its own")
        yield from _schedule(rotation, spec.get("secrets.longest_rotation_days"))
        if rotation.boolean("rotate_immediately", True) is not True:
            yield finding(rotation, "rotate_immediately", False, True)


def _schedule(rotation: Resource, longest_days: int) -> Iterator[Finding]:
    days = rotation.number(f"{RULES}.{DAYS}")
    expression = rotation.text(f"{RULES}.{EXPRESSION}", "") or ""
    if days is None:
        rate = RATE.fullmatch(expression)
        days = int(rate[1]) * HOURS[rate[2].rstrip("s")] / 24 if rate else None
    if days is None or not 0 < days <= longest_days:
        found = days if days is not None else expression or None
        yield finding(rotation, f"{RULES}.{DAYS}", found, f"1 to {longest_days}, or a rate() as often")


NAME = "fraud-detector-database"
DATABASE, OTHER = f"{ROTATION}.{NAME}", f"${{{FUNCTION}.payment-processor-database-rotation.arn}}"
MUTANTS = (
    Mutant("never", drop(DATABASE), at=f"{SECRET}.{NAME}", stack="gateway"),
    Mutant("every quarter", put(DATABASE, f"{RULES}.{DAYS}", 90), at=DATABASE, stack="gateway"),
    Mutant(
        "every quarter, as a rate", put(DATABASE, RULES, [{EXPRESSION: "rate(90 days)"}]), at=DATABASE, stack="gateway"
    ),
    Mutant(
        "once a year, as cron", put(DATABASE, RULES, {EXPRESSION: "cron(0 8 1 1 ? *)"}), at=DATABASE, stack="gateway"
    ),
    Mutant("no schedule", put(DATABASE, RULES, {"duration": "3h"}), at=DATABASE, stack="gateway"),
    Mutant("not before its time", put(DATABASE, "rotate_immediately", "false"), at=DATABASE, stack="gateway"),
    Mutant("the function of another secret", put(DATABASE, "rotation_lambda_arn", OTHER), at=DATABASE, stack="gateway"),
    Mutant(
        "a function of somebody else",
        put(DATABASE, "rotation_lambda_arn", "arn:aws:lambda:us-east-1:123456789012:function:rotate"),
        at=DATABASE,
        stack="gateway",
    ),
    Mutant("by nobody, as managed rotation", drop(DATABASE, "rotation_lambda_arn"), at=DATABASE, stack="gateway"),
    Mutant("twice", duplicate(DATABASE, "second"), at=f"{SECRET}.{NAME}", stack="gateway"),
)
