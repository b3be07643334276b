"""A policy that names one resource twice is, in a plan, still the policy that was written."""

from pathlib import Path
from typing import Any

from policies.graph.plan import load_plan

POLICY = '{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["${aws_s3_bucket.a.arn}/x", "${aws_s3_bucket.a.arn}/y"]}}'  # noqa: E501
BUCKET = {"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket", "name": "a"}
ROLE_POLICY = {"address": "aws_iam_role_policy.a", "mode": "managed", "type": "aws_iam_role_policy", "name": "a"}
REFERENCES = [
    "aws_s3_bucket.a.arn",
    "aws_s3_bucket.a",
    "aws_s3_bucket.a.arn",
    "aws_s3_bucket.a",
]  # as Terraform 1.11 says

PLAN: dict[str, Any] = {
    "planned_values": {"root_module": {"resources": [{**BUCKET, "values": {}}, {**ROLE_POLICY, "values": {}}]}},
    "resource_changes": [{**ROLE_POLICY, "change": {"after_unknown": {"policy": True}}}],
    "configuration": {
        "root_module": {
            "resources": [
                {**BUCKET, "expressions": {}},
                {**ROLE_POLICY, "expressions": {"policy": {"constant_value": POLICY, "references": REFERENCES}}},
            ]
        }
    },
}


def test_a_repeated_reference_leaves_the_policy_readable() -> None:
    graph = load_plan(PLAN, Path("plan.json"), None)

    assert graph.resources["aws_iam_role_policy.a"].get("policy") == POLICY
