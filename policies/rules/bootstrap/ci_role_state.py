"""The CI role reads and writes the states of the stacks, gives locks back, and touches nothing else of the bucket."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import rest_after
from policies.graph.iam import Statement
from policies.graph.policies import actions_in
from policies.mutant import Mutant, append, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.bootstrap._ci import BUCKET, KEY, POLICY, granted
from policies.spec import Spec

RULE = Rule(
    id="ci-role-state",
    title="IAM role of CI reads and writes states of the stacks, and deletes their locks and owners only",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2", "10.3.4"),
    rationale="A state that can be deleted with its versions is lost, and the state of the bootstrap stack says how "
    "the role itself is held.",
    remediation="Allow ListBucket on the bucket, GetObject and PutObject below `*-SUFFIX/`, DeleteObject on lock and "
    "owner.json there, and Decrypt and GenerateDataKey on the key.",
    source=Source("https://developer.hashicorp.com/terraform/language/backend/s3", "2026-11-26"),
    applies_to=(POLICY, "aws_iam_role_policy", "aws_iam_role"),
)

USE_KEY = frozenset({"kms:Decrypt", "kms:GenerateDataKey"})


def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per resource of a statement that does more to the bucket, or its key, than the title says."""
    for statement in granted(resource, graph):
        for template in statement.resources:
            for own in graph.lookup(template, BUCKET, KEY):
                yield from _of_target(statement, template, own, graph, spec)


def _of_target(statement: Statement, template: str, own: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    allowed = USE_KEY if own.type == KEY else _allowed(rest_after(template, own, graph), spec)
    if beyond := sorted(set(actions_in(statement)) - allowed):
        yield finding(statement.place, "Resource", template, sorted(allowed), f"{template} with {', '.join(beyond)}")


def _allowed(rest: str | None, spec: Spec) -> frozenset[str]:
    """What may be done to what stands after the ARN of the bucket."""
    if rest == "":
        return frozenset({"s3:ListBucket"})
    suffixes = "|".join(re.escape(suffix) for suffix in spec.get("ci.suffixes"))
    if rest and re.fullmatch(rf"/\*-({suffixes})/(terraform\.tfstate\.tflock|owner\.json)", rest):
        return frozenset({"s3:DeleteObject", "s3:GetObject", "s3:PutObject"})
    if rest and re.fullmatch(rf"/\*-({suffixes})/\*", rest):
        return frozenset({"s3:GetObject", "s3:PutObject"})
    return frozenset()


IDENTITY = f"{POLICY}.ci-identity"
STATES = "${aws_s3_bucket.state.arn}"


def also(action: str, rest: str, name: str) -> Mutant:
    """One statement more, on the bucket."""
    statement = {"Effect": "Allow", "Action": action, "Resource": f"{STATES}{rest}"}
    return Mutant(name, append(IDENTITY, "policy.Statement", statement), at=IDENTITY, stack="bootstrap")


MUTANTS = (
    also("s3:DeleteObject", "/*", "every object may be deleted"),
    also("s3:DeleteObject", "/*-prod/*", "states may be deleted"),
    also("s3:DeleteObjectVersion", "/*-prod/terraform.tfstate.tflock", "versions may be deleted"),
    also("s3:GetObject", "/bootstrap/terraform.tfstate", "the state of the bootstrap stack may be read"),
    also("s3:PutObject", "/*", "every object may be written"),
    also("s3:PutLifecycleConfiguration", "", "versions may be made to expire"),
    Mutant(
        "key may be given away",
        append(
            IDENTITY,
            "policy.Statement",
            {"Effect": "Allow", "Action": "kms:ReEncryptFrom", "Resource": "${aws_kms_key.state.arn}"},
        ),
        at=IDENTITY,
        stack="bootstrap",
    ),
    Mutant(
        "policy of the bucket",
        put("aws_iam_role.ci", "inline_policy", {"name": "x", "policy": '{"Statement": [{"Effect": "Allow", '
            '"Action": "s3:PutBucketVersioning", "Resource": "${aws_s3_bucket.state.arn}"}]}'}),
        at="aws_iam_role.ci",
        stack="bootstrap",
    ),
)  # fmt: skip
