"""What counts as an explicit ARN, and how texts known to Terraform only are spelled out."""

from typing import Any

import pytest

from policies.graph import Graph, UnresolvedError
from policies.graph.arns import is_same_arn, rest_after, spelled_out, why_vague
from policies.graph.terraform_json import load_document

STACK: dict[str, Any] = {
    "locals": {"star": "*", "bucket_arn": "${aws_s3_bucket.logs.arn}"},
    "variable": {"open": {}, "prefix": {"default": "payments"}},
    "data": {
        "aws_caller_identity": {"me": {}},
        "aws_region": {"here": {}},
        "aws_ssm_parameter": {"any": {"name": "any"}},
        "aws_arn": {"kept": {"arn": "${terraform_data.kept.output.arn}"}},
        "terraform_remote_state": {"other": {"backend": "local"}},
        "aws_ecr_repository": {"api": {"name": "payments/api"}},
    },
    "resource": {
        "aws_s3_bucket": {"logs": {"bucket": "logs"}},
        "aws_cloudwatch_log_group": {"api": {"name": "/api"}},
        "aws_iam_role": {"api": {"name": "api"}, "many": {"count": 2, "name": "many-${count.index}"}},
        "aws_lb": {"many": {"count": 2}, "kept": {"name": "lb-${aws_s3_bucket.logs.id}"}},
        "terraform_data": {"kept": {"input": {"arn": "*", "name": "*", "id": "*"}}},
    },
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load_document(STACK)


@pytest.mark.clause("P.7.4", proof="test")
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:ecr:us-east-1:123456789012:repository/payments/payment-api",
        "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/api:*",
        "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/api:log-stream:api/*",
        "arn:aws:s3:::bucket",
        "arn:aws:s3:::bucket/*",
        "arn:aws:s3:::bucket/alb/*",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:card-??????",
        "arn:aws:dynamodb:us-east-1:123456789012:table/cards/index/*",
        "arn:aws:iam::123456789012:role/x",
    ],
)
def test_explicit(arn: str) -> None:
    assert why_vague(arn) == ""


@pytest.mark.clause("P.7.4", proof="test")
@pytest.mark.parametrize(
    "arn",
    [
        "payments",
        "arn:aws:s3:::",
        "arn:aws:s3:::*",
        "arn:aws:s3:::*/*",
        "arn:aws:s3:::payments-*",
        "arn:aws:s3:::payments-*/x",
        "arn:aws:s3:*:*:accesspoint/*",
        "arn:*:s3:::bucket",
        "arn:aws:*:us-east-1:123456789012:x",
        "arn:aws:ecr:*:123456789012:repository/x",
        "arn:aws:ecr:us-east-1:*:repository/x",
        "arn:aws:ecr:us-east-1:123456789012:repository/*",
        "arn:aws:ecr:us-east-1:123456789012:repository/payments/*",
        "arn:aws:ecr:us-east-1:123456789012:repository/payment-ap?",
        "arn:aws:logs:us-east-1:123456789012:*",
        "arn:aws:logs:us-east-1:123456789012:log-group:*",
        "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/*:*",
        "arn:aws:logs:us-east-1:123456789012:log-group:*:log-stream:x",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:card*",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:*-??????",
        "arn:aws:dynamodb:us-east-1:123456789012:table/*/index/x",
        "arn:aws:sqs:us-east-1:123456789012:payments-*",
        "arn:aws:iam::123456789012:role/*",
    ],
)
def test_vague(arn: str) -> None:
    assert why_vague(arn)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("${aws_s3_bucket.logs.bucket}/x", "logs/x"),
        ("${aws_s3_bucket.logs.arn}/*", "arn:aws:s3:::name-known-to-terraform/*"),
        ("${local.bucket_arn}/*", "arn:aws:s3:::name-known-to-terraform/*"),
        ("${local.star}", "*"),
        ("${aws_lb.many[0].id}", "name-known-to-terraform"),
        ("${aws_lb.many[*].id}", "name-known-to-terraform"),
        ("${aws_lb.kept.name}", "lb-name-known-to-terraform"),
        ("arn:aws:iam::${data.aws_caller_identity.me.account_id}:root", "arn:aws:iam::000000000000:root"),
        ("${var.prefix}-$${aws:username}", "payments-${aws:username}"),
    ],
)
def test_a_template_is_spelled_out(graph: Graph, template: str, text: str) -> None:
    assert spelled_out(graph.resources["aws_iam_role.api"], "policy", template, graph) == text


@pytest.mark.parametrize(
    "template",
    [
        "${var.open}",
        "${data.aws_ssm_parameter.any.value}",
        '${join("", ["*"])}',
        '${true ? "*" : "x"}',
        "${local.nowhere}",
        "${terraform_data.kept.output.arn}",
        "arn:aws:s3:::${terraform_data.kept.output.name}/*",
        "${terraform_data.kept.id}",
        "${data.terraform_remote_state.other.outputs.arn}",
        "${data.aws_arn.kept.arn}",
        "${aws_s3_bucket.logs.tags_all.arn}",
        '${aws_s3_bucket.logs.tags["arn"]}',
        "${aws_iam_role.many[0].name}",
        "${module.net.aws_x.y.arn}",
        "${aws_s3_bucket.logs.arn",
    ],
)
def test_what_may_hide_anything_is_refused(graph: Graph, template: str) -> None:
    with pytest.raises(UnresolvedError):
        spelled_out(graph.resources["aws_iam_role.api"], "policy", template, graph)


@pytest.mark.parametrize(
    ("template", "rest"),
    [
        ("${aws_cloudwatch_log_group.api.arn}:log-stream:*", ":log-stream:*"),
        ("${aws_cloudwatch_log_group.api.arn}", ""),
        ("${aws_cloudwatch_log_group.api.name}", None),
        ("arn:aws:logs:us-east-1:${data.aws_caller_identity.me.account_id}:log-group:/api:*", ":*"),
        ("arn:aws:logs:us-east-1:210987654321:log-group:/api:*", None),
        ("arn:aws:logs:us-east-1:${data.aws_caller_identity.me.account_id}:log-group:/other:*", None),
    ],
)
def test_what_follows_the_arn_of_a_resource(graph: Graph, template: str, rest: str | None) -> None:
    assert rest_after(template, graph.resources["aws_cloudwatch_log_group.api"], graph) == rest


@pytest.mark.parametrize("value", ["${terraform_data.kept.output.id}", "${aws_iam_role.api.tags_all.id}"])
def test_a_role_named_by_a_text_kept_elsewhere_is_refused(graph: Graph, value: str) -> None:
    with pytest.raises(UnresolvedError):
        graph.lookup(value, "aws_iam_role")


ECR_ARN = "arn:aws:ecr:us-east-1:123456789012:repository/api"


@pytest.mark.parametrize(
    ("template", "same"),
    [
        (ECR_ARN, True),
        ("arn:aws:ecr:${data.aws_region.here.region}:123456789012:repository/api", True),
        ("arn:aws:ecr:eu-west-1:123456789012:repository/api", False),
        ("arn:aws:ecr:us-east-1:210987654321:repository/api", False),
        ("arn:aws:ecr:us-east-1:123456789012:repository/api-2", False),
        ("arn:aws:ecr:us-east-1:123456789012:repository/*", False),
        ("${data.aws_ecr_repository.api.arn}", False),
        ("api", False),
    ],
)
def test_an_arn_is_the_same_but_for_a_region_that_only_terraform_knows(graph: Graph, template: str, same: bool) -> None:
    assert is_same_arn(graph.of_type("aws_iam_role")[0], template, ECR_ARN, graph) is same
