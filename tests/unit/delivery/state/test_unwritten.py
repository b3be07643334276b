"""A state that terraform could not write is found by the next run and pushed, or the user is told what to do."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.state.unwritten import UNWRITTEN_FILE, find_unwritten, push_unwritten
from delivery.terraform.program import find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import prepare_workspace

KEY = "payments-production-pr4/terraform.tfstate"
SHOW = "terraform state pull"


def state(serial: int, *names: str, lineage: str = "l") -> dict[str, Any]:
    resources = [
        {"mode": "managed", "type": "aws_vpc", "name": name, "instances": [{"attributes": {}}]} for name in names
    ]
    return {"version": 4, "serial": serial, "lineage": lineage, "resources": resources, "outputs": {}}


def unwritten(runs: Path, run: str, contents: Any, age_seconds: int = 0, key: str = KEY) -> Path:
    """A file that a run left behind in its workspace."""
    workspace = runs / run / "payments"
    (workspace / ".terraform").mkdir(parents=True)
    backend = {"backend": {"type": "s3", "config": {"bucket": "b", "key": key}}}
    (workspace / ".terraform" / "terraform.tfstate").write_text(json.dumps(backend))
    file = workspace / UNWRITTEN_FILE
    file.write_text(contents if isinstance(contents, str) else json.dumps(contents))
    os.utime(file, (2e9 - age_seconds, 2e9 - age_seconds))
    return file


def test_the_files_of_a_state_are_found_newest_first_and_no_others(tmp_path: Path) -> None:
    old = unwritten(tmp_path, "pr4-20261126-110000", state(1), age_seconds=60)
    new = unwritten(tmp_path, "pr4-20261126-120000", state(2))
    unwritten(tmp_path, "pr4-20261126-130000", state(3), key="gateway-pr4/terraform.tfstate")
    (tmp_path / "pr4-20261126-140000").mkdir()
    (tmp_path / "pr4-20261126-140000" / UNWRITTEN_FILE).write_text("{}")  # in no workspace that says whose it is
    assert find_unwritten(tmp_path, f"b/{KEY}") == [new, old]
    assert find_unwritten(tmp_path / "nowhere", f"b/{KEY}") == []


@pytest.mark.parametrize("current", [{}, state(0, lineage=""), state(4, "a")])
def test_a_newer_state_is_pushed_once(current: dict[str, Any], tmp_path: Path) -> None:
    file, pushed = unwritten(tmp_path, "pr4-1", state(5, "a", "b")), list[Path]()
    line = push_unwritten(file, lambda: current, pushed.append, SHOW)
    assert (pushed, line) == ([file], "pushed the state that the last run could not write (serial 5)")
    assert find_unwritten(tmp_path, f"b/{KEY}") == []


@pytest.mark.parametrize("current", [state(5, "a", "b"), state(9, "a", "b", "c"), state(1, "a", "b", lineage="other")])
def test_a_state_that_holds_nothing_new_is_set_aside(current: dict[str, Any], tmp_path: Path) -> None:
    file = unwritten(tmp_path, "pr4-1", state(5, "a", "b"))
    line = push_unwritten(file, lambda: current, lambda _: pytest.fail("nothing to push"), SHOW)
    assert "lacks nothing of" in line
    assert find_unwritten(tmp_path, f"b/{KEY}") == []


@pytest.mark.parametrize(
    ("current", "differs"),
    [
        (state(5, "a"), "serial 5 of 5"),
        (state(0, "a", lineage=""), "another lineage"),
        (state(7, "a"), "serial 5 of 7"),
        (state(1, "a", lineage="m"), "another lineage"),
    ],
)
def test_a_state_that_does_not_fit_says_what_only_it_knows(
    current: dict[str, Any], differs: str, tmp_path: Path
) -> None:
    file = unwritten(tmp_path, "pr4-1", state(5, "a", "b"))
    with pytest.raises(UserError) as error:
        push_unwritten(file, lambda: current, lambda _: pytest.fail("does not fit"), SHOW)
    message = str(error.value)
    assert f"found {differs}; only the file knows aws_vpc.b;" in message
    assert "`terraform import` what exists of these" in message
    assert file.is_file()


@pytest.mark.parametrize("contents", ["", "{", "[]", "{}", '{"version": 3, "serial": 1}'])
def test_a_file_that_was_cut_off_is_never_pushed(contents: str, tmp_path: Path) -> None:
    file = unwritten(tmp_path, "pr4-1", contents)
    with pytest.raises(UserError, match=r"cannot be read; .* look for leftovers with `paygate sweep`"):
        push_unwritten(file, dict, lambda _: pytest.fail("not a state"), SHOW)


def test_terraform_takes_a_state_that_is_pushed(tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    stack_file = tmp_path / "stack" / "cdk.tf.json"
    stack_file.write_text(json.dumps({"resource": {"terraform_data": {"a": {}}}}))
    workspace = prepare_workspace(stack_file, tmp_path / "run", [])
    run = Terraform(find_terraform(os.environ), workspace, os.environ, apply_seconds=30.0)
    run.init()
    assert run.pull_state() == {}
    run.plan()
    run.apply()
    applied = run.pull_state()
    newer = unwritten(tmp_path, "pr4-1", {**applied, "serial": applied["serial"] + 3, "resources": []})

    assert "pushed the state" in push_unwritten(newer, run.pull_state, run.push_state, SHOW)
    assert run.pull_state()["serial"] > applied["serial"]
    assert run.resource_addresses() == []
