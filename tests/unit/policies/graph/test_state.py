"""States: values as deployed, followed by id, ARN and name."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.errors import GateError
from policies.graph import Graph
from policies.graph.load import load

VPC = {"id": "vpc-1", "arn": "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1"}
SUBNET = {"id": "subnet-1", "vpc_id": "vpc-1", "tags": {"A": "own"}, "tags_all": {"A": "own", "B": "default"}}
GROUP = {"id": "/ecs/api", "arn": "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/api", "name": "/ecs/api"}
VALUES = {"aws_vpc": VPC, "aws_subnet": SUBNET, "aws_cloudwatch_log_group": GROUP}


def shown() -> dict[str, Any]:
    resources = [
        {"address": f"{kind}.a", "mode": "managed", "type": kind, "name": "a", "values": values}
        for kind, values in VALUES.items()
    ]
    inner = {
        "address": "module.m.aws_x.b[0]",
        "mode": "managed",
        "type": "aws_x",
        "name": "b",
        "values": {"v": "${lit}"},
    }
    return {
        "format_version": "1.0",
        "values": {"root_module": {"resources": resources, "child_modules": [{"resources": [inner]}]}},
    }


def raw() -> dict[str, Any]:
    resources: list[dict[str, Any]] = [
        {"mode": "managed", "type": kind, "name": "a", "instances": [{"attributes": values}]}
        for kind, values in VALUES.items()
    ]
    inner = {"module": "module.m", "mode": "managed", "type": "aws_x", "name": "b"}
    resources.append({**inner, "instances": [{"index_key": 0, "attributes": {"v": "${lit}"}}]})
    return {"version": 4, "serial": 1, "lineage": "x", "resources": resources}


def loaded(folder: Path, document: Any) -> Graph:
    path = folder / "state.json"
    path.write_text(json.dumps(document))
    return load(path)


@pytest.mark.parametrize("document", [shown(), raw()], ids=["terraform show", "terraform.tfstate"])
def test_both_forms_of_a_state_give_the_same_graph(tmp_path: Path, document: dict[str, Any]) -> None:
    graph = loaded(tmp_path, document)
    assert graph.kind == "state"
    assert list(graph.resources) == ["aws_vpc.a", "aws_subnet.a", "aws_cloudwatch_log_group.a", "module.m.aws_x.b[0]"]
    subnet = graph.resources["aws_subnet.a"]
    assert graph.target_of(subnet, "vpc_id", "aws_vpc").address == "aws_vpc.a"
    assert graph.referrers(graph.resources["aws_vpc.a"], "aws_subnet", "vpc_id") == (subnet,)
    assert subnet.tags == {"A": "own", "B": "default"}
    assert graph.follow(f"{GROUP['arn']}:*", "aws_cloudwatch_log_group")[0].address == "aws_cloudwatch_log_group.a"
    assert graph.follow("/ecs/api", "aws_cloudwatch_log_group")[0].address == "aws_cloudwatch_log_group.a"
    assert graph.resources["module.m.aws_x.b[0]"].text("v") == "${lit}"


def test_an_object_that_is_about_to_go_still_counts(tmp_path: Path) -> None:
    document = raw()
    document["resources"][0]["instances"].append({"deposed": "abc", "attributes": {"id": "vpc-0"}})
    assert "aws_vpc.a (deposed abc)" in loaded(tmp_path, document).resources


REFUSED: dict[str, Any] = {
    "version 3": {"version": 3, "lineage": "x", "resources": []},
    "no resources": {"version": 4, "lineage": "x", "resources": []},
    "nothing shown": {"format_version": "1.0", "values": {}},
    "resources is a text": {"version": 4, "lineage": "x", "resources": "x"},
    "a resource is a text": {"version": 4, "resources": ["x"]},
    "no type": {"version": 4, "resources": [{"mode": "managed"}]},
    "no attributes": {"version": 4, "resources": [{"mode": "managed", "type": "a_b", "name": "c", "instances": [{}]}]},
    "instances is a text": {
        "version": 4,
        "resources": [{"mode": "managed", "type": "a_b", "name": "c", "instances": "x"}],
    },
    "values is a list": {"format_version": "1.0", "values": []},
}


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED.keys())
def test_a_damaged_state_is_refused(tmp_path: Path, document: Any) -> None:
    with pytest.raises(GateError, match=r"state\.json"):
        loaded(tmp_path, document)
