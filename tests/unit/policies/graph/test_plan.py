"""Plans: known values as planned, unknown ones as their expressions, through modules, counts and blocks."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policies.errors import GateError
from policies.graph import Graph, UnresolvedError
from policies.graph.containers import containers
from policies.graph.load import load

Document = dict[str, Any]


def planned(address: str, **values: Any) -> Document:
    kind, _, name = address.removeprefix("data.").partition("[")[0].partition(".")
    return {
        "address": address,
        "mode": "data" if address.startswith("data.") else "managed",
        "type": kind,
        "name": name,
        "values": values,
    }


def plan(resources: list[Document], unknown: Document | None = None, configured: Document | None = None) -> Document:
    """A plan of these resources: their unknown values and their expressions by address."""
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [
            {"address": address, "change": {"after_unknown": value}} for address, value in (unknown or {}).items()
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {"address": address, "expressions": value} for address, value in (configured or {}).items()
                ]
            }
        },
    }


def loaded(folder: Path, document: Any) -> Graph:
    path = folder / "plan.json"
    path.write_text(json.dumps(document))
    return load(path)


def references(*names: str) -> Document:
    return {"references": list(names)}


SUBNET_A, SUBNET_B = planned("aws_subnet.a", cidr="10.0.0.0/24"), planned("aws_subnet.b")
UNKNOWN: dict[str, tuple[Any, Any, Any, Any]] = {
    "a known value": (5, False, references(), 5),
    "a literal with ${": ("${x}", False, None, "$${x}"),
    "one reference": (None, True, references("aws_subnet.a.id", "aws_subnet.a"), "${aws_subnet.a.id}"),
    "several references": (
        None,
        True,
        references("aws_subnet.a.id", "aws_subnet.a", "aws_subnet.b.id", "aws_subnet.b"),
        "${unknown(aws_subnet.a.id, aws_subnet.b.id)}",
    ),
    "an expression as written": (
        None,
        True,
        {"constant_value": "x ${aws_subnet.a.id}", **references("aws_subnet.a.id", "aws_subnet.a")},
        "x ${aws_subnet.a.id}",
    ),
    "computed, not configured": (None, True, None, None),
    "a list with an unknown item": (
        ["subnet-1", None],
        [False, True],
        references("aws_subnet.a.id", "aws_subnet.a"),
        ["subnet-1", "${aws_subnet.a.id}"],
    ),
    "a list as written": (
        [None, None],
        [True, True],
        {
            "constant_value": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
            **references("aws_subnet.a.id", "aws_subnet.b.id"),
        },
        ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
    ),
    "inside a block": (
        [{"known": 1}],
        [{"subnet": True}],
        [{"subnet": references("aws_subnet.a.id", "aws_subnet.a")}],
        [{"known": 1, "subnet": "${aws_subnet.a.id}"}],
    ),
    "a block of which nothing is known": (
        None,
        True,
        [{"subnet": references("aws_subnet.a.id", "aws_subnet.a"), "port": {"constant_value": 5}}],
        [{"subnet": "${aws_subnet.a.id}", "port": 5}],
    ),
}


@pytest.mark.parametrize(("known", "unknown", "expression", "value"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_unknown_values_become_their_expressions(
    tmp_path: Path, known: Any, unknown: Any, expression: Any, value: Any
) -> None:
    resource = planned("aws_x.a", **({"v": known} if known is not None else {}))
    document = plan([resource, SUBNET_A, SUBNET_B], {"aws_x.a": {"v": unknown}}, {"aws_x.a": {"v": expression}})
    graph = loaded(tmp_path, document)
    assert graph.kind == "plan"
    assert graph.resources["aws_x.a"].get("v") == value
    if value is not None and "aws_subnet" in str(value):
        assert graph.follow(value, "aws_subnet")[0].address == "aws_subnet.a"


def test_counted_resources_are_followed_by_their_index(tmp_path: Path) -> None:
    graph = loaded(tmp_path, plan([planned("aws_subnet.a[0]"), planned("aws_subnet.a[1]"), planned('aws_x.b["k"]')]))
    assert [item.address for item in graph.follow("${aws_subnet.a[1].id}")] == ["aws_subnet.a[1]"]
    assert [item.address for item in graph.follow("${aws_subnet.a[*].id}")] == ["aws_subnet.a[0]", "aws_subnet.a[1]"]
    assert [item.address for item in graph.follow('${aws_x.b["k"].id}')] == ['aws_x.b["k"]']


def test_data_sources_read_while_planning_are_there(tmp_path: Path) -> None:
    document = plan([SUBNET_A, planned("data.aws_late.l")])
    document["prior_state"] = {
        "values": {
            "root_module": {"resources": [planned("data.aws_region.current", name="us-east-1"), planned("aws_old.o")]}
        }
    }
    graph = loaded(tmp_path, document)
    assert set(graph.resources) == {"aws_subnet.a", "data.aws_late.l", "data.aws_region.current"}
    assert graph.resources["aws_subnet.a"].text("cidr") == "10.0.0.0/24"


def test_variables_and_providers_of_a_plan_are_known(tmp_path: Path) -> None:
    document = plan([planned("aws_x.a")], {"aws_x.a": {"v": True}}, {"aws_x.a": {"v": references("var.name")}})
    document["variables"] = {"name": {"value": "api"}}
    provider = {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}
    document["configuration"]["provider_config"] = {"aws": provider, "aws.w": {**provider, "alias": "w"}}
    graph = loaded(tmp_path, document)
    assert graph.resources["aws_x.a"].text("v") == "api"
    assert [(item.address, item.text("region")) for item in graph.providers] == [
        ("provider.aws", "us-east-1"),
        ("provider.aws.w", "us-east-1"),
    ]


def test_the_json_beside_a_plan_adds_what_plans_leave_out(tmp_path: Path) -> None:
    body = {"//": {"metadata": {"path": "stack/a"}}, "lifecycle": {"prevent_destroy": True}, "v": "${local.n}"}
    source = {
        "//": {"metadata": {"stackName": "payments-production-x"}},
        "resource": {"aws_x": {"a": body}},
        "locals": {"n": "en"},
    }
    (tmp_path / "cdk.tf.json").write_text(json.dumps(source))
    (tmp_path / "sandbox_override.tf.json").write_text("{}")
    document = plan([planned("aws_x.a")], {"aws_x.a": {"v": True}}, {"aws_x.a": {"v": references("local.n")}})
    graph = loaded(tmp_path, document)
    resource = graph.resources["aws_x.a"]
    assert graph.stack == "payments-production-x"
    assert resource.get("lifecycle.prevent_destroy") is True
    assert resource.provenance.construct_path == "stack/a"
    assert resource.provenance.file.endswith("cdk.tf.json")
    assert resource.text("v") == "en"
    (tmp_path / "cdk.tf.json").write_text("{")
    alone = loaded(tmp_path, document)
    with pytest.raises(UnresolvedError):
        alone.resources["aws_x.a"].text("v")


REFUSED: dict[str, Document] = {
    "errored": {**plan([SUBNET_A]), "errored": True},
    "no resources": plan([]),
    "planned_values is a list": {"planned_values": []},
    "resources is a text": {"planned_values": {"root_module": {"resources": "x"}}},
    "a resource is a text": {"planned_values": {"root_module": {"resources": ["x"]}}},
    "a resource without a type": {
        "planned_values": {"root_module": {"resources": [{"address": "a.b", "mode": "managed"}]}}
    },
    "values is a list": {"planned_values": {"root_module": {"resources": [{**SUBNET_A, "values": [1]}]}}},
    "the same address twice": plan([SUBNET_A, SUBNET_A]),
    "configuration is a list": {**plan([SUBNET_A]), "configuration": []},
    "changes is a text": {**plan([SUBNET_A]), "resource_changes": "x"},
}


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED.keys())
def test_a_damaged_plan_is_refused(tmp_path: Path, document: Document) -> None:
    with pytest.raises(GateError, match=r"plan\.json"):
        loaded(tmp_path, document)


WRITTEN: Document = {
    "locals": {"inner": "${terraform_data.role.id}"},
    "variable": {"image": {"default": "api:1"}},
    "resource": {
        "terraform_data": {
            "role": {"input": "arn $${aws:username}"},
            "counted": {"count": 2, "input": "${terraform_data.role.id}-${count.index}"},
            "second": {"input": "${terraform_data.counted[1].id}"},
            "containers": {"input": '[{"name": "${terraform_data.role.id}", "image": "${var.image}"}]'},
            "of_module": {"input": "${module.net.subnet}"},
        }
    },
    "module": {"net": {"source": "./net", "role": "${terraform_data.role.id}"}},
}
MODULE: Document = {
    "variable": {"role": {}},
    "resource": {"terraform_data": {"x": {"input": "${var.role}"}, "y": {"input": "${terraform_data.x.id}"}}},
    "output": {"subnet": {"value": "${terraform_data.y.output}"}},
}


@pytest.fixture(scope="module")
def real_plan(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A plan made by terraform itself, of resources that need no provider."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "net").mkdir()
    (folder / "main.tf.json").write_text(json.dumps(WRITTEN))
    (folder / "net" / "main.tf.json").write_text(json.dumps(MODULE))
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    for command in (["init", "-input=false"], ["plan", "-input=false", "-out=planned"]):
        subprocess.run(
            ["terraform", *command], cwd=folder, env=environment, check=True, capture_output=True, timeout=120
        )
    shown = subprocess.run(
        ["terraform", "show", "-json", "planned"],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
    (folder / "plan.json").write_bytes(shown.stdout)
    return load(folder / "plan.json")


FOLLOWED = [
    ("terraform_data.counted[0]", ["terraform_data.role"]),
    ("terraform_data.second", ["terraform_data.counted[1]"]),
    ("terraform_data.containers", ["terraform_data.role"]),
    ("terraform_data.of_module", ["module.net.terraform_data.y"]),
    ("module.net.terraform_data.x", ["terraform_data.role"]),
    ("module.net.terraform_data.y", ["module.net.terraform_data.x"]),
]


@pytest.mark.parametrize(("address", "targets"), FOLLOWED)
def test_references_of_a_real_plan_lead_on(real_plan: Graph, address: str, targets: list[str]) -> None:
    value = real_plan.resources[address].values["input"].replace("${var.image}", "").removesuffix("-${count.index}")
    assert [item.address for item in real_plan.follow(value)] == targets


def test_values_of_a_real_plan_are_templates(real_plan: Graph) -> None:
    assert real_plan.resources["terraform_data.role"].text("input") == "arn ${aws:username}"


def test_unknown_json_of_a_real_plan_is_decoded(real_plan: Graph) -> None:
    source = real_plan.resources["terraform_data.containers"]
    definitions = {"container_definitions": source.values["input"]}
    task = type(source)(
        "aws_ecs_task_definition.t", "resource", "aws_ecs_task_definition", "t", definitions, source.scope
    )
    (container,) = containers(task)
    assert container.text("image") == "api:1"
    assert real_plan.follow(container.get("name"))[0].address == "terraform_data.role"
