"""Names that begin with a dot: Terraform ignores such files, so nothing in them may be judged as if deployed."""

import json
from pathlib import Path

import pytest

from policies.errors import GateError
from policies.graph.load import load

DOCUMENT = json.dumps({"resource": {"aws_x": {"a": {"size": 1}}}})
STATE = json.dumps(
    {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [
                    {"address": "aws_x.a", "mode": "managed", "type": "aws_x", "name": "a", "values": {"size": 1}}
                ]
            }
        },
    }
)


@pytest.mark.parametrize("names", [(".h.tf.json",), ("main.tf.json", ".h.tf.json"), ("main.tf.json", ".tf.json")])
def test_a_hidden_file_in_a_folder_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text(DOCUMENT if name == names[-1] else DOCUMENT.replace("aws_x", "aws_y"))
    with pytest.raises(GateError, match="Terraform ignores") as raised:
        load(tmp_path)
    assert names[-1] in raised.value.found
    assert raised.value.where == str(tmp_path)


def test_a_hidden_file_in_the_folder_of_a_stack_is_refused(tmp_path: Path) -> None:
    stack = tmp_path / "stacks" / "one"
    stack.mkdir(parents=True)
    (stack / "cdk.tf.json").write_text(DOCUMENT)
    load(tmp_path)
    (stack / ".h.tf.json").write_text("{}")
    with pytest.raises(GateError, match="Terraform ignores"):
        load(tmp_path)


def test_a_hidden_file_beside_a_state_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(STATE)
    load(state)
    (tmp_path / ".h.tf.json").write_text(DOCUMENT)
    with pytest.raises(GateError, match="Terraform ignores"):
        load(state)
