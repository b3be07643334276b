"""Secrets lie under a key of this stack that only Secrets Manager can use for somebody."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from policies.graph import Graph, Resource
from policies.graph.iam import Condition, Statement
from policies.graph.policies import actions_in, policies_of
from policies.mutant import Mutant, append, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import SECRET
from policies.spec import Spec

RULE = Rule(
    id="secret-encryption",
    title="Secret lies under a key of this stack that rotates and is used through Secrets Manager only",
    severity=Severity.HIGH,
    clauses=("G.7.1", "G.7.2"),
    pci_dss=("3.6.1", "8.3.2"),
    rationale="Under the key of AWS every reader of the account can decrypt, and a key that may be used directly opens "
    "what was copied out of Secrets Manager as well.",
    remediation="Name an aws_kms_key with enable_key_rotation, and allow its use under StringEquals kms:ViaService "
    "secretsmanager.<region>.amazonaws.com only.",
    source=Source("https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html", "2026-11-26"),
    applies_to=(SECRET, "aws_kms_key", "aws_kms_key_policy"),
)

KEY, ALIAS, VIA = "aws_kms_key", "aws_kms_alias", "kms:viaservice"
# What lets somebody decrypt, or hand that right on.
USE = (
    "kms:creategrant",
    "kms:decrypt",
    "kms:encrypt",
    "kms:generatedatakey",
    "kms:generatedatakeypair",
    "kms:generatedatakeypairwithoutplaintext",
    "kms:generatedatakeywithoutplaintext",
    "kms:reencryptfrom",
    "kms:reencryptto",
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at secrets without such a key, and at statements that let the key be used in another way."""
    if not spec.states("secrets"):
        return
    keys: dict[str, Resource] = {}
    for secret in graph.of_type(SECRET):
        found = _keys_of(secret, graph)
        if len(found) != 1 or not found[0].boolean("enable_key_rotation", False):
            yield finding(secret, "kms_key_id", secret.get("kms_key_id"), "an aws_kms_key of this stack that rotates")
        keys.update({key.address: key for key in found})
    through = f"secretsmanager.{spec.get('region')}.amazonaws.com"
    for key in keys.values():
        for holder in (key, *graph.referrers(key, "aws_kms_key_policy", "key_id")):
            for policy in policies_of(holder, graph):
                for statement in policy.allows:
                    if _grants_use(statement) and not any(_holds(item, through) for item in statement.conditions):
                        yield finding(statement.place, "Condition", _told(statement), f"StringEquals {VIA} {through}")


def _keys_of(secret: Resource, graph: Graph) -> tuple[Resource, ...]:
    named = graph.lookup(secret.get("kms_key_id"), KEY, ALIAS)
    return tuple(
        key for item in named for key in ((item,) if item.kind == KEY else graph.targets_of(item, "target_key_id", KEY))
    )


def _grants_use(statement: Statement) -> bool:
    named = [item.lower() for item in actions_in(statement)]
    return bool(statement.not_actions) or any(fnmatchcase(action, item) for item in named for action in USE)


def _holds(condition: Condition, through: str) -> bool:
    return (condition.operator, condition.key.lower(), condition.values) == ("StringEquals", VIA, (through,))


def _told(statement: Statement) -> list[str]:
    return [f"{item.operator} {item.key} {', '.join(item.values)}" for item in statement.conditions]


DATABASE, SECRETS_KEY = f"{SECRET}.fraud-detector-database", f"{KEY}.secrets"
CONDITION = "policy.Statement[1].Condition"
ROOT = "arn:${data.aws_partition.partition.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
DIRECT = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:De*", "Resource": "*"}
MUTANTS = (
    Mutant(
        "the key of AWS",
        drop(DATABASE, "kms_key_id"),
        at=DATABASE,
        also=("execution-role-reach", "rotation-function-reach"),
        stack="gateway",
    ),
    Mutant(
        "the key of AWS by its alias",
        put(DATABASE, "kms_key_id", "alias/aws/secretsmanager"),
        at=DATABASE,
        also=("execution-role-reach", "rotation-function-reach"),
        stack="gateway",
    ),
    Mutant(
        "a key for other data",
        put(DATABASE, "kms_key_id", f"${{{KEY}.logs.arn}}"),
        at=f"{KEY}.logs",
        also=("execution-role-reach", "rotation-function-reach", "secret-readers"),
        stack="gateway",
    ),
    Mutant(
        "used in any way",
        drop(SECRETS_KEY, f"{CONDITION}.StringEquals.kms:ViaService"),
        at=SECRETS_KEY,
        stack="gateway",
        also=("key-policy",),
    ),
    Mutant(
        "through any service",
        both(
            drop(SECRETS_KEY, f"{CONDITION}.StringEquals.kms:ViaService"),
            put(SECRETS_KEY, f"{CONDITION}.StringLike", {"kms:ViaService": "*.us-east-1.amazonaws.com"}),
        ),
        at=SECRETS_KEY,
        stack="gateway",
    ),
    Mutant(
        "through one service more",
        put(
            SECRETS_KEY,
            f"{CONDITION}.StringEquals.kms:ViaService",
            ["secretsmanager.us-east-1.amazonaws.com", "ssm.us-east-1.amazonaws.com"],
        ),
        at=SECRETS_KEY,
        stack="gateway",
    ),
    Mutant(
        "a second statement",
        append(SECRETS_KEY, "policy.Statement", DIRECT),
        at=SECRETS_KEY,
        also=("explicit-actions",),
        stack="gateway",
    ),
    Mutant(
        "the administrator decrypts",
        append(SECRETS_KEY, "policy.Statement[0].Action", "kms:CreateGrant"),
        at=SECRETS_KEY,
        stack="gateway",
        also=("key-policy",),
    ),
    Mutant(
        "a key that stays the same",
        put(SECRETS_KEY, "enable_key_rotation", "false"),
        at=DATABASE,
        also=("encryption-keys",),
        stack="gateway",
    ),
)
