"""The form of the JSON: nothing empty, nothing dangling, everything made by a construct and traceable to it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import Stack, empties, mentions

NOT_OURS = {"cdktf.out", "node_modules", "build", "__pycache__", "tests"}  # fixtures of tests are no infrastructure


def hand_written_terraform() -> Iterator[Path]:
    """Terraform sources of any form in the project; hidden folders and what synthesis writes are left out."""
    for folder, subfolders, files in os.walk(ROOT):
        subfolders[:] = [name for name in subfolders if not name.startswith(".") and name not in NOT_OURS]
        yield from (Path(folder, name) for name in files if re.search(r"\.tf(vars)?(\.json)?$", name))


@red_when(
    change("aws_ecs_cluster/main/setting/0", {}),
    change("aws_ecs_service/payment-api/load_balancer", []),
    change("aws_lb_target_group/payment-api/health_check", {}),
    change("aws_s3_bucket_policy/access-logs/policy", ""),
    change("aws_lb/public/access_logs/bucket", None),
)
def test_no_block_or_value_is_empty(stack: Stack) -> None:
    """The bindings turn a plain dict with snake_case keys into `{}` without a word, and Terraform accepts it."""
    for tree in ("resource", "provider", "output", "terraform"):
        assert empties(stack.document[tree]) == []


@red_when(
    change("aws_lb_listener/https/load_balancer_arn", "${aws_lb.private.arn}"),
    change("aws_ecs_service/payment-api/depends_on/0", "aws_ecs_cluster.second"),
    change("aws_ecs_task_definition/payment-api/container_definitions/0/image", "${aws_ecr_repository.gone.url}@x"),
    drop("aws_vpc/main"),
    change("output/vpc_id/value", "${aws_vpc.second.id}"),
)
def test_every_reference_leads_to_something_declared(stack: Stack) -> None:
    declared = {address for address, _ in stack.resources()}
    declared |= {f"data.{kind}.{name}" for kind, named in stack.document["data"].items() for name in named}
    assert mentions(stack.document) - declared == set()


@pytest.mark.clause("P.11.1", "G.9.11", proof="test")
@red_when(
    drop("aws_vpc/main/COMMENT"),
    add("aws_vpc/second", {"cidr_block": "10.0.0.0/16"}),
    add("data/aws_ami/stray", {"most_recent": True}),
    add("aws_vpc/main/COMMENT/metadata/overrides", {"aws_vpc": ["tags"]}),
)
def test_every_resource_is_made_by_a_construct_and_says_which(stack: Stack) -> None:
    trees = (stack.document["resource"], stack.document["data"])
    everything = [values for tree in trees for named in tree.values() for values in named.values()]
    for values in everything:
        metadata = values.get("//", {}).get("metadata", {})
        assert metadata.get("path", "").startswith("payments-production-pr42/")
        assert "overrides" not in metadata, "nothing is written past the typed constructs"


@pytest.mark.clause("P.11.1", "G.9.11", proof="test")
def test_no_terraform_is_written_by_hand() -> None:
    assert list(hand_written_terraform()) == []
    sources = {
        file.suffix for file in (ROOT / "infra").rglob("*") if file.is_file() and "__pycache__" not in file.parts
    }
    assert sources == {".py", ".js", ".md"}, "Python, the one hook that Node loads, and what is said about functions"


@red_when(
    change("output/cluster_name/value", "${aws_vpc.main.id}"),
    drop("output/load_balancer_dns_name"),
    change("output/vpc_id/value", "vpc-123"),
)
def test_outputs_tell_where_the_deployment_is(stack: Stack) -> None:
    outputs = {name: output["value"] for name, output in stack.document["output"].items()}
    assert outputs == {
        "cluster_name": "${aws_ecs_cluster.main.name}",
        "load_balancer_dns_name": "${aws_lb.public.dns_name}",
        "vpc_id": "${aws_vpc.main.id}",
    }


@red_when(
    change("terraform/required_providers/aws/version", "6.25.0"),
    add("terraform/required_version", ">= 1.11"),
    change("terraform/backend", {"s3": {"bucket": "state"}}),
)
def test_the_provider_is_held_to_a_range_and_the_state_is_named_after_the_stack(stack: Stack) -> None:
    terraform = stack.document["terraform"]
    assert terraform["required_providers"]["aws"]["version"] == ">= 6.25, < 7"
    assert terraform["backend"] == {"local": {"path": "payments-production-pr42.tfstate"}}
    assert "required_version" not in terraform, "Checkov cannot parse it (bridgecrewio/checkov#7454)"
