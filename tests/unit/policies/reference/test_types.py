"""The snapshot of resource types knows tags and arguments, of the installed provider and of the one asked for."""

import json

from policies.reference.refresh import binding_arguments, schema_arguments, type_table
from policies.reference.types import TYPES_FILE, types

CLASS_OF_A_BINDING = '''
class Queue(TerraformResource, jsii_type="@cdktf/provider-aws.sqsQueue.SqsQueue"):
    """Represents a {@link https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/resources/sqs_queue aws_sqs_queue}."""

    def __init__(
        self,
        scope: "_constructs.Construct",
        *,
        name: typing.Optional[builtins.str] = None,
        tags: typing.Optional[typing.Mapping[builtins.str, builtins.str]] = None,
    ) -> None:
        """Create a new resource."""

    def __repr__(
        self,
        force_destroy: builtins.bool,
    ) -> None:
'''  # noqa: E501


def test_taggable_types_of_our_stacks() -> None:
    assert {
        "aws_ecs_cluster",
        "aws_vpc",
        "aws_lb",
        "aws_iam_role",
        "aws_vpc_security_group_ingress_rule",
    } <= types().taggable
    assert not {"aws_route", "aws_iam_role_policy", "aws_s3_bucket_policy"} & types().taggable
    assert types().taggable <= types().all


def test_tags_that_only_the_newer_provider_knows_are_there() -> None:
    assert "aws_s3_access_point" in types().taggable


def test_the_snapshot_says_when_and_from_what_it_was_made() -> None:
    content = json.loads(TYPES_FILE.read_text())
    assert content["made"] >= "2026-01-01"
    assert content["from"] == ["hashicorp/aws 5.100.0", "bindings of hashicorp/aws 6.25.0"]


def test_only_what_can_be_set_counts(tmp_path_factory: object) -> None:
    computed = {"arn": {"computed": True}, "name": {"required": True}, "tags": {"optional": True}}
    schemas = {"aws_x": {"block": {"attributes": computed}}, "aws_y": {"block": {}}}
    document = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": schemas}}}

    table = type_table(schema_arguments(document))

    assert (table["types"], table["taggable"], table["named"]) == (["aws_x", "aws_y"], ["aws_x"], ["aws_x"])


def test_bindings_are_read_as_text(tmp_path_factory: object, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "sqs_queue"
    folder.mkdir()
    (folder / "__init__.py").write_text(CLASS_OF_A_BINDING)

    arguments, provider = binding_arguments(folder.parent)

    assert provider == "6.25.0"
    assert {"name", "tags"} <= arguments["aws_sqs_queue"]
    assert "force_destroy" not in arguments["aws_sqs_queue"]
