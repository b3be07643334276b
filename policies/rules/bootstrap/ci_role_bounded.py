"""The CI role has a boundary, and nothing that it may be granted inside it leads out of it."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.iam import Statement
from policies.graph.policies import IDENTITY, policies_of
from policies.mutant import Mutant, append, change, drop, put
from policies.reference.actions import actions_of
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.bootstrap._ci import (
    BUCKET,
    KEY,
    POLICY,
    PROVIDER,
    ROLE,
    account,
    arn_text,
    covers,
    limits,
    speaks_of,
)
from policies.spec import Spec

RULE = Rule(
    id="ci-role-bounded",
    title="IAM role of CI has a boundary that keeps it from changing itself, its boundary, its trust and the states",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="Whoever deploys makes roles and policies. Without a boundary the first of them could be the "
    "administrator's, given to itself.",
    remediation="Set permissions_boundary to a policy of this stack that denies what the rule names.",
    source=Source("https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html", "2026-11-26"),
    applies_to=(ROLE,),
)

READS = ("get", "list")
# Ways to change the role and what holds it, by what they are done to.
TO_ROLE = ("AttachRolePolicy", "DeleteRolePermissionsBoundary", "DetachRolePolicy", "PassRole",
           "PutRolePermissionsBoundary", "PutRolePolicy", "UpdateAssumeRolePolicy", "DeleteRole")  # fmt: skip
TO_POLICY = ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion")
TO_PROVIDER = ("AddClientIDToOpenIDConnectProvider", "DeleteOpenIDConnectProvider",
               "UpdateOpenIDConnectProviderThumbprint")  # fmt: skip
TO_BUCKET = ("DeleteBucket", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketOwnershipControls", "PutBucketPolicy",
             "PutBucketPublicAccessBlock", "PutBucketVersioning", "PutEncryptionConfiguration",
             "PutLifecycleConfiguration", "PutReplicationConfiguration")  # fmt: skip
TO_VERSIONS = ("DeleteObjectVersion", "PutObjectAcl", "PutObjectVersionAcl")
TO_KEY = ("CreateGrant", "DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion", "DisableKeyRotation")


def check_each(role: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a role without a boundary, each way out that it does not deny, and each right that is too much."""
    held = graph.lookup(role.get("permissions_boundary") or (), POLICY)
    if not held:
        yield finding(role, "permissions_boundary", role.get("permissions_boundary"), "a policy of this stack")
        return
    stated = [item for policy in policies_of(held[0], graph) if policy.form == IDENTITY for item in policy.statements]
    denials = [item for item in stated if not item.allows]
    for action, target in _ways_out(role, graph):
        if not any(covers(item, action, target, graph) and not item.conditions for item in denials):
            yield finding(
                role, "permissions_boundary", f"{held[0].address} does not deny {action} on {target}", "denied"
            )
    yield from _of_allowed(role, stated, spec)
    services = sorted(set(spec.get("ci.passes").values()))
    if not any(_denies_passing_elsewhere(item, services, graph) for item in denials):
        yield finding(role, "permissions_boundary", "iam:PassRole to any service", f"denied but to {services}")


def _ways_out(role: Resource, graph: Graph) -> Iterator[tuple[str, str]]:
    here = f"arn:aws:iam::{account(graph)}"
    yield from ((f"iam:{name}", f"{here}:role/{role.text('name')}") for name in TO_ROLE)
    for policy in graph.of_type(POLICY):
        yield from ((f"iam:{name}", f"{here}:policy/{policy.text('name')}") for name in TO_POLICY)
    for provider in graph.of_type(PROVIDER, "data." + PROVIDER):
        issuer = (provider.text("url") or "").removeprefix("https://")
        yield from ((f"iam:{name}", f"{here}:oidc-provider/{issuer}") for name in TO_PROVIDER)
    for bucket in graph.of_type(BUCKET):
        arn = arn_text(bucket, graph)
        yield from ((f"s3:{name}", arn) for name in TO_BUCKET)
        yield from ((f"s3:{name}", f"{arn}/a/terraform.tfstate") for name in TO_VERSIONS)
        yield "s3:PutObject", f"{arn}/bootstrap/terraform.tfstate"
    for key in graph.of_type(KEY):
        yield from ((f"kms:{name}", arn_text(key, graph)) for name in TO_KEY)


def _of_allowed(role: Resource, stated: list[Statement], spec: Spec) -> Iterator[Finding]:
    """What of IAM and STS the boundary lets through at all: what the spec lists, and reading."""
    known = {name.lower() for name in spec.get("ci.role_actions")}
    for service in ("iam", "sts", "organizations", "account"):
        actions = actions_of(service)
        for name in sorted((actions.on_resources | actions.on_nothing) if actions else ()):
            action = f"{service}:{name}"
            if action in known or name.startswith(READS):
                continue
            if any(item.allows and speaks_of(item, action) for item in stated):
                yield finding(role, "permissions_boundary", f"lets {action} through", "what ci.role_actions lists")


def _denies_passing_elsewhere(item: Statement, services: list[str], graph: Graph) -> bool:
    held = [
        limits(item, "iam:PassedToService", operator) for operator in ("StringNotEquals", "StringNotEqualsIfExists")
    ]
    return (
        len(item.conditions) == 1
        and covers(item, "iam:PassRole", "arn:aws:iam::000000000000:role/any", graph)
        and services in [sorted(values) for values in held]
    )


CI, BOUNDARY = f"{ROLE}.ci", f"{POLICY}.ci-boundary"


def without(sid: str) -> Mutant:
    """The boundary without one of its denials."""
    kept = change(BOUNDARY, "policy.Statement", lambda found: [item for item in found if item["Sid"] != sid])
    return Mutant(f"without {sid}", kept, at=CI, stack="bootstrap")


MUTANTS = (
    Mutant(
        "no boundary",
        drop(CI, "permissions_boundary"),
        at=CI,
        also=("ci-role-passes", "ci-role-reach"),
        stack="bootstrap",
    ),
    Mutant(
        "a boundary of AWS",
        put(CI, "permissions_boundary", "arn:aws:iam::aws:policy/PowerUserAccess"),
        at=CI,
        also=("ci-role-passes", "ci-role-reach"),
        stack="bootstrap",
    ),
    without("KeepThisRole"),
    without("PassToTheseServicesOnly"),
    without("KeepTheStateBucket"),
    without("KeepTheVersions"),
    without("KeepThisState"),
    without("KeepTheStateKey"),
    Mutant(
        "denied at night only",
        put(BOUNDARY, "policy.Statement[2].Condition", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        at=CI,
        stack="bootstrap",
    ),
    Mutant("all of IAM", append(BOUNDARY, "policy.Statement[1].Action", "iam:*"), at=CI, stack="bootstrap"),
    Mutant("other roles", append(BOUNDARY, "policy.Statement[1].Action", "sts:AssumeRole"), at=CI, stack="bootstrap"),
    Mutant(
        "everything",
        append(BOUNDARY, "policy.Statement", {"Effect": "Allow", "Action": "*", "Resource": "*"}),
        at=CI,
        stack="bootstrap",
    ),
    Mutant(
        "roles for virtual machines",
        append(
            BOUNDARY,
            "policy.Statement[3].Condition.StringNotEqualsIfExists.iam:PassedToService",
            "ec2.amazonaws.com",
        ),
        at=CI,
        stack="bootstrap",
    ),
)
