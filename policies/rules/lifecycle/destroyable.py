"""A destroy meets no protection and leaves nothing behind."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, drop, put
from policies.reference.types import types
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="destroyable",
    title="Resource has no deletion protection and leaves nothing behind when it is destroyed",
    severity=Severity.MEDIUM,
    clauses=("P.12.1", "G.9.5"),
    pci_dss=(),
    rationale="An environment that cannot be destroyed whole is patched by hand, and what is left of it blocks the "
    "names of the next one.",
    remediation="Switch deletion protection and skip_destroy off, force_destroy and force_delete on, and let secrets "
    "and keys go as soon as AWS allows (0 and 7 days).",
    source=Source("https://developer.hashicorp.com/terraform/cli/commands/destroy", "2026-11-22"),
    applies_to=("aws_*",),
)


class Wanted(NamedTuple):
    """The value an argument must have, and the one AWS or the provider takes when it is absent."""

    value: bool | int
    default: bool | int


OFF, ON = Wanted(False, False), Wanted(True, False)

# For every type that has the argument, unless EXCEPTIONS says otherwise.
ARGUMENTS = {
    "delete_protection": OFF,
    "deletion_protection_enabled": OFF,
    "disable_api_termination": OFF,
    "enable_deletion_protection": OFF,
    "force_delete": ON,
    "force_destroy": ON,
    "object_lock_enabled": OFF,
    "recovery_window_in_days": Wanted(0, 30),
    "deletion_window_in_days": Wanted(7, 30),  # the shortest that KMS allows
    "retain_on_delete": OFF,
    "retain_stack": OFF,
    "skip_destroy": OFF,
    "skip_final_backup": ON,
    "skip_final_snapshot": ON,
    "termination_protection": OFF,
    "termination_protection_enabled": OFF,
    "deletion_protection": OFF,
}
EXCEPTIONS: dict[tuple[str, str], Wanted | None] = {
    ("aws_cloudwatch_event_rule", "force_destroy"): None,  # for rules that AWS services manage, which no stack makes
    ("aws_cloudwatch_event_target", "force_destroy"): None,
    ("aws_cognito_user_pool", "deletion_protection"): None,  # a text; INACTIVE is the default
    ("aws_qldb_ledger", "deletion_protection"): Wanted(False, True),
    ("aws_cloudtrail_event_data_store", "termination_protection_enabled"): Wanted(False, True),
    ("aws_quicksight_account_settings", "termination_protection_enabled"): Wanted(False, True),
    ("aws_s3_bucket_object_lock_configuration", "object_lock_enabled"): None,  # a text, judged by PROTECTIONS
}
# Types that exist to keep something from being deleted.
PROTECTIONS = frozenset(
    {"aws_s3_bucket_object_lock_configuration", "aws_glacier_vault_lock", "aws_backup_vault_lock_configuration"}
)


def check_each(resource: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per argument that keeps the resource, or something of it, from going."""
    if resource.type in PROTECTIONS:
        yield finding(resource, "", resource.type, "nothing that locks data")
    for argument in sorted({*_arguments_of(resource.type), *(ARGUMENTS.keys() & resource.values.keys())}):
        wanted = EXCEPTIONS.get((resource.type, argument), ARGUMENTS[argument])
        if wanted is not None:
            yield from _of_argument(resource, argument, wanted)


@lru_cache(maxsize=4096)
def _arguments_of(kind: str) -> tuple[str, ...]:
    return tuple(argument for argument, kinds in types().teardown.items() if kind in kinds)


def _of_argument(resource: Resource, argument: str, wanted: Wanted) -> Iterator[Finding]:
    read: Any = resource.boolean if isinstance(wanted.value, bool) else resource.number
    if read(argument, wanted.default) != wanted.value:
        yield finding(resource, argument, resource.get(argument), wanted.value)


BALANCER, BUCKET, SERVICE = "aws_lb.public", "aws_s3_bucket.access-logs", "aws_ecs_service.payment-api"
GROUP, DISCOVERY = "aws_cloudwatch_log_group.payment-api", "aws_service_discovery_service.fraud-detection"
SECRET = {"name": "secret-db-production-pr42"}
REPOSITORY = {
    "name": "ecr-repository-tools-production-pr42",
    "image_tag_mutability": "IMMUTABLE",
    "image_scanning_configuration": {"scan_on_push": True},
}
MUTANTS = (
    Mutant("a protected load balancer", put(BALANCER, "enable_deletion_protection", "true"), at=BALANCER),
    Mutant("a bucket that must be empty", drop(BUCKET, "force_destroy"), at=BUCKET),
    Mutant("a bucket that locks its objects", put(BUCKET, "object_lock_enabled", True), at=BUCKET),
    Mutant("a service that must be scaled down", put(SERVICE, "force_delete", False), at=SERVICE),
    Mutant("a log group that stays", put(GROUP, "skip_destroy", True), at=GROUP),
    Mutant("a name that blocks its namespace", drop(DISCOVERY, "force_destroy"), at=DISCOVERY),
    Mutant("a secret for thirty days", add("aws_secretsmanager_secret.db", SECRET), at="aws_secretsmanager_secret.db"),
    Mutant(
        "a repository that must be empty", add("aws_ecr_repository.tools", REPOSITORY), at="aws_ecr_repository.tools"
    ),
    Mutant(
        "objects that nobody may delete",
        add(
            "aws_s3_bucket_object_lock_configuration.logs",
            {
                "bucket": "${aws_s3_bucket.access-logs.id}",
                "rule": {"default_retention": {"mode": "COMPLIANCE", "days": 365}},
            },
        ),
        at="aws_s3_bucket_object_lock_configuration.logs",
    ),
)
