"""KMS keys are administered by the account and used through an AWS service, log groups by their encryption context."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import own_accounts, spelled_out
from policies.graph.iam import Statement, statements
from policies.graph.policies import actions_in
from policies.mutant import Mutant, append, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

KEY = "aws_kms_key"
RULE = Rule(
    id="key-policy",
    title="KMS key is administered by the account alone and used through the service whose data lies under it",
    severity=Severity.HIGH,
    clauses=("G.3.4", "G.7.1", "G.7.2"),
    pci_dss=("3.6.1", "7.2.2"),
    rationale="Whoever may write the policy of a key may give it away, and whoever may decrypt with it directly needs "
    "none of the rights that the service's own policies demand.",
    remediation="Name the account's root for administration; bind use by the account to kms:ViaService, and use by "
    "CloudWatch Logs to kms:EncryptionContext:aws:logs:arn of this account's log groups.",
    source=Source("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html", "2026-11-26"),
    applies_to=(KEY,),
)

USE = frozenset(
    {
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:RetireGrant",
    }
)
VIA, CONTEXT = "kms:ViaService", "kms:EncryptionContext:aws:logs:arn"
ACCOUNTS = ("StringEquals", "ArnLike", "ArnEquals", "StringLike")


def check_each(key: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per statement that lets somebody else administer the key, or use it past the service."""
    own = own_accounts(graph)
    for statement in statements(key, "policy", graph):
        if statement.allows:
            yield from _of_statement(statement, own, graph)


def _of_statement(statement: Statement, own: frozenset[str], graph: Graph) -> Iterator[Finding]:
    actions = set(actions_in(statement))
    for principal in statement.principals:
        named = spelled_out(statement.place, "Principal", principal.value, graph)
        if principal.kind == "Service":
            if not _is_bound_to_log_groups(statement, own, graph):
                yield finding(statement.place, "Condition", f"{named} without {CONTEXT}", "log groups of this account")
        elif not named.endswith(":root"):
            yield finding(statement.place, "Principal", named, "the root of the account")
        elif actions & USE and not _values(statement, VIA, graph):
            yield finding(statement.place, "Condition", sorted(actions & USE), f"use bound to one service by {VIA}")
    if not statement.principals:
        yield finding(statement.place, "Principal", "all but some", "the root of the account, or a service")


def _is_bound_to_log_groups(statement: Statement, own: frozenset[str], graph: Graph) -> bool:
    """Each value names log groups of one account: the one that is deployed to."""
    values = _values(statement, CONTEXT, graph)
    parts = [value.split(":") for value in values]
    return bool(values) and all(
        len(part) >= 6 and part[2] == "logs" and part[5] == "log-group" and part[4] in own for part in parts
    )


def _values(statement: Statement, name: str, graph: Graph) -> list[str]:
    """What one condition holds a key to, spelled out; nothing where an operator could mean something else."""
    return [
        spelled_out(statement.place, "Condition", value, graph)
        for item in statement.conditions
        if item.key.lower() == name.lower() and item.operator in ACCOUNTS
        for value in item.values
    ]


SECRETS, LOGS, REGISTRY = f"{KEY}.secrets", f"{KEY}.logs", f"{KEY}.registry"
TASK_ROLE = "${aws_iam_role.api-gateway-task-role.arn}"
ROOT = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
MUTANTS = (
    Mutant(
        "a service that may rewrite the policy",
        append(
            SECRETS,
            "policy.Statement",
            {"Effect": "Allow", "Principal": {"AWS": TASK_ROLE}, "Action": "kms:PutKeyPolicy", "Resource": "*"},
        ),
        at=SECRETS,
        stack="gateway",
    ),
    Mutant(
        "decrypting log data directly",
        append(
            LOGS,
            "policy.Statement",
            {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:Decrypt", "Resource": "*"},
        ),
        at=LOGS,
        stack="gateway",
    ),
    Mutant("grants past the registry", drop(REGISTRY, "policy.Statement[1].Condition"), at=REGISTRY, stack="gateway"),
    Mutant(
        "log groups of everybody",
        put(LOGS, "policy.Statement[1].Condition", {"StringEquals": {"aws:SourceAccount": "123456789012"}}),
        at=LOGS,
        stack="gateway",
    ),
)
