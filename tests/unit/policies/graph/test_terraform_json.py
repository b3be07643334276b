"""Terraform JSON in every form it may take, and everything that is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.errors import GateError
from policies.graph.load import load


def folder(root: Path, **files: Any) -> Path:
    """A folder with files `<name>.tf.json`; texts are written as they are."""
    for name, content in files.items():
        (root / f"{name}.tf.json").write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return root


A = {"aws_x": {"a": {"v": 1}}}
FORMS: list[dict[str, Any]] = [
    {"resource": A},
    {"resource": [A]},
    {"resource": {"aws_x": [{"a": {"v": 1}}]}},
    {"resource": {"aws_x": {"a": [{"v": 1}]}}},
    {"resource": [{"aws_x": [{"a": [{"v": 1}]}]}]},
]


@pytest.mark.parametrize("document", FORMS)
def test_object_and_list_forms_give_the_same_resource(tmp_path: Path, document: dict[str, Any]) -> None:
    for path in (folder(tmp_path, main=document), tmp_path / "main.tf.json"):
        graph = load(path)
        assert [(item.address, item.values) for item in graph.resources.values()] == [("aws_x.a", {"v": 1})]
        assert graph.kind == "json"


def test_files_of_a_folder_are_one_module(tmp_path: Path) -> None:
    graph = load(
        folder(tmp_path, a={"resource": A, "locals": {"n": 1}}, b={"data": {"aws_y": {"b": {}}}, "locals": {"m": 2}})
    )
    assert list(graph.resources) == ["aws_x.a", "data.aws_y.b"]
    assert graph.scope.locals == {"n": 1, "m": 2}
    assert graph.resources["aws_x.a"].provenance.file.endswith("a.tf.json")


def test_what_a_synthesizer_adds_is_read(tmp_path: Path) -> None:
    body = {"//": {"metadata": {"path": "payments-x/net/a", "uniqueId": "a"}}, "count": 2, "for_each": "${local.x}"}
    document = {"//": {"metadata": {"stackName": "payments-production-x"}}, "resource": {"aws_x": {"a": body}}}
    graph = load(
        folder(
            tmp_path, cdk={**document, "terraform": {"required_providers": {}}, "provider": {"aws": {"region": "r"}}}
        )
    )
    resource = graph.resources["aws_x.a"]
    assert graph.stack == "payments-production-x"
    assert resource.provenance.construct_path == "payments-x/net/a"
    assert resource.provenance.line == 9
    assert (resource.values["count"], resource.values["for_each"]) == (2, "${local.x}")
    assert [item.address for item in graph.providers] == ["provider.aws"]
    assert graph.settings["terraform"] == {"required_providers": {}}


def test_the_only_stack_of_a_synthesizers_output_is_found(tmp_path: Path) -> None:
    stack = tmp_path / "stacks" / "payments-production-x"
    stack.mkdir(parents=True)
    folder(stack, cdk={"resource": A})
    assert list(load(tmp_path).resources) == ["aws_x.a"]
    other = tmp_path / "stacks" / "payments-production-y"
    other.mkdir()
    folder(other, cdk={"resource": A})
    with pytest.raises(GateError, match="several stacks"):
        load(tmp_path)


REFUSED: dict[str, dict[str, Any]] = {
    "no resources": {"main": {}},
    "resources without any": {"main": {"resource": {}}},
    "a type without any": {"main": {"resource": {"aws_x": {}}}},
    "only data sources": {"main": {"data": A}},
    "unknown block": {"main": {"resource": A, "resources": {}}},
    "module call": {"main": {"resource": A, "module": {"m": {"source": "./m"}}}},
    "resource is a text": {"main": {"resource": "x"}},
    "type is a text": {"main": {"resource": {"aws_x": "x"}}},
    "body is a text": {"main": {"resource": {"aws_x": {"a": "x"}}}},
    "body is null": {"main": {"resource": {"aws_x": {"a": None}}}},
    "body is a list of texts": {"main": {"resource": {"aws_x": {"a": ["x"]}}}},
    "two bodies": {"main": {"resource": {"aws_x": {"a": [{}, {}]}}}},
    "twice in two files": {"a": {"resource": A}, "b": {"resource": A}},
    "locals are a text": {"main": {"resource": A, "locals": "x"}},
    "variable is a text": {"main": {"resource": A, "variable": {"v": "x"}}},
    "provider is a text": {"main": {"resource": A, "provider": {"aws": "x"}}},
    "override": {"main": {"resource": A}, "main_override": {"resource": A}},
    "the override": {"main": {"resource": A}, "override": {"resource": A}},
    "not JSON": {"main": "{"},
}


@pytest.mark.parametrize("files", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_judged_is_refused_with_one_message(tmp_path: Path, files: dict[str, Any]) -> None:
    with pytest.raises(GateError) as raised:
        load(folder(tmp_path, **files))
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize(
    "name", ["extra.tf", "terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars", "a.auto.tfvars.json"]
)
def test_files_that_only_terraform_reads_are_refused(tmp_path: Path, name: str) -> None:
    folder(tmp_path, main={"resource": A})
    (tmp_path / name).write_text("{}")
    with pytest.raises(GateError, match=name):
        load(tmp_path)


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_missing_and_empty_paths_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(GateError, match=name):
        load(tmp_path / name)


@pytest.mark.parametrize("content", ["", "[]", "5", '{"format_version": "1.0"}', "{}", '{"hello": 1}'])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(GateError, match=r"file\.json"):
        load(path)
