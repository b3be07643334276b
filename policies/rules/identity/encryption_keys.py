"""Customer keys that data lies under rotate and have a policy of their own."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, both, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

BUCKET = "aws_s3_bucket_server_side_encryption_configuration"
# Where data names the key it lies under.
KEY_ATTRIBUTES = {
    "aws_cloudwatch_log_group": "kms_key_id",
    "aws_ecr_repository": "encryption_configuration.kms_key",
    BUCKET: "rule.apply_server_side_encryption_by_default.kms_master_key_id",
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
    "aws_sqs_queue": "kms_master_key_id",
    "aws_dynamodb_table": "server_side_encryption.kms_key_arn",
}

RULE = Rule(
    id="encryption-keys",
    title="KMS key that data of this stack lies under belongs to it, rotates and has an explicit policy",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("3.6.1",),
    rationale="A key that never rotates protects years of data at once, the default policy leaves it to whoever writes "
    "IAM policies, and a key of somebody else can be taken away with all that lies under it.",
    remediation="Create an aws_kms_key with enable_key_rotation and a policy, and refer to it; or use the AWS-managed "
    "key of the service (alias/aws/...).",
    source=Source("https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html", "2026-11-22"),
    applies_to=("aws_kms_key", *KEY_ATTRIBUTES),
    baseline=True,
)


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for keys as they are, and for data under keys that cannot be judged."""
    if resource.kind == "aws_kms_key":
        yield from _of_key(resource, graph)
        return
    path = KEY_ATTRIBUTES[resource.type]
    for value in resource.spread(path):
        is_aws_managed = isinstance(value, str) and "alias/aws/" in value
        if value not in ("", None) and not is_aws_managed and not graph.lookup(value, "aws_kms_key", "aws_kms_alias"):
            yield finding(resource, path, value, "an aws_kms_key of this stack, or alias/aws/...")


def _of_key(key: Resource, graph: Graph) -> Iterator[Finding]:
    if key.boolean("enable_key_rotation") is not True and key.text("key_usage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT":
        yield finding(key, "enable_key_rotation", key.get("enable_key_rotation"), True)
    if key.boolean("is_enabled", True) is not True:
        yield finding(key, "is_enabled", False, True)
    if key.boolean("bypass_policy_lockout_safety_check"):
        yield finding(key, "bypass_policy_lockout_safety_check", True, False)
    if not key.has("policy") and not graph.referrers(key, "aws_kms_key_policy", "key_id"):
        yield finding(key, "policy", None, "a policy: the default leaves the key to IAM")


KEY, GROUP = "aws_kms_key.logs", "aws_cloudwatch_log_group.payment-api"
GOOD_KEY = {
    "enable_key_rotation": True,
    "deletion_window_in_days": 7,
    "tags": {"Name": "kms-key-logs-production-pr42"},
    "policy": '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": '
    '"arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"}, "Action": "kms:DescribeKey"}]}',
}
FOREIGN = "arn:aws:kms:us-east-1:210987654321:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MUTANTS = (
    Mutant("rotation off", add(KEY, {**GOOD_KEY, "enable_key_rotation": "false"}), at=KEY),
    Mutant(
        "rotation left to the default",
        add(KEY, {k: v for k, v in GOOD_KEY.items() if k != "enable_key_rotation"}),
        at=KEY,
    ),
    Mutant("the default policy", add(KEY, {k: v for k, v in GOOD_KEY.items() if k != "policy"}), at=KEY),
    Mutant(
        "a key that locks its owner out", add(KEY, {**GOOD_KEY, "bypass_policy_lockout_safety_check": True}), at=KEY
    ),
    Mutant("a key of another account", put(GROUP, "kms_key_id", FOREIGN), at=GROUP, also=("log-encryption",)),
    Mutant(
        "a key that somebody looks up",
        both(
            add("data.aws_kms_key.shared", {"key_id": "alias/shared"}),
            put(GROUP, "kms_key_id", "${data.aws_kms_key.shared.arn}"),
        ),
        at=GROUP,
        also=("log-encryption",),
    ),
)
