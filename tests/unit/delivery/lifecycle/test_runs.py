"""Run folders do not collide, and a kept run can be opened again from its record alone."""

import os
from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.lifecycle.runs import KeptRun, KeptStack, find_kept_run, kept_runs, new_run_folder
from delivery.processes.identity import ProcessIdentity


def kept_run(root: Path, name: str = "sbx-1") -> KeptRun:
    folder = root / name
    folder.mkdir(parents=True)
    stack = KeptStack(
        platform="payments",
        settings_file="payments.production.yaml",
        suffix="sbx",
        stack="payments-production-sbx",
        stack_file="cdk.tf.json",
        workspace="payments",
        region="us-east-1",
        aws_variables={"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
    )
    run = KeptRun(
        name, folder, "http://127.0.0.1:1", ProcessIdentity.of(os.getpid()), "e.log", (stack,), (("ecr", "image", "x"),)
    )
    run.save()
    return run


def test_two_runs_of_the_same_second_get_two_folders(tmp_path: Path) -> None:
    folders = {new_run_folder("sbx", tmp_path) for _ in range(3)}
    assert len(folders) == 3
    assert all(folder.is_dir() and folder.name.startswith("sbx-") for folder in folders)


def test_a_kept_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    run = kept_run(tmp_path)
    assert KeptRun.load(run.folder) == run
    assert [path.name for path in run.folder.iterdir()] == ["run.json"]


def test_a_kept_run_is_found_by_its_id_and_by_its_folder(tmp_path: Path) -> None:
    run = kept_run(tmp_path)
    assert find_kept_run("sbx-1", tmp_path) == run
    assert find_kept_run(str(run.folder), tmp_path / "elsewhere") == run


def test_a_run_that_is_not_there_is_an_error_that_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--destroy: no such kept run; found sbx-9; allowed: none is kept"):
        find_kept_run("sbx-9", tmp_path)
    kept_run(tmp_path, "sbx-1")
    kept_run(tmp_path, "sbx-2")
    with pytest.raises(UserError, match="allowed: sbx-1, sbx-2"):
        find_kept_run("sbx-9", tmp_path)


def test_folders_of_runs_that_were_killed_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "sbx-0" / "payments").mkdir(parents=True)
    run = kept_run(tmp_path)
    assert kept_runs(tmp_path) == [run]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"endpoint": "x", "emulator": {"pid": 1}, "stacks": []}'])
def test_a_record_that_cannot_be_read_is_one_clear_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(UserError, match=r"run\.json: no record of a kept run"):
        KeptRun.load(tmp_path)


def test_the_environment_of_a_kept_stack_holds_nothing_else_of_aws(tmp_path: Path) -> None:
    (stack,) = kept_run(tmp_path).stacks
    environment = stack.environment({"PATH": "/bin", "AWS_PROFILE": "prod", "AWS_ENDPOINT_URL": "https://aws"})
    assert environment == {"PATH": "/bin", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
