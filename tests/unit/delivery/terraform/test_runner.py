"""Real terraform on resources that need no provider: each command, its errors, its limits, and its end with ours."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from delivery.processes.interrupts import Cancellation, Interrupted
from delivery.terraform.events import Event, Finished, Planned, Started
from delivery.terraform.program import Program, find_terraform
from delivery.terraform.runner import Terraform, TerraformError
from delivery.terraform.workspace import Workspace, prepare_workspace


@pytest.fixture(scope="module")
def program() -> Program:
    return find_terraform(os.environ)


def workspace(folder: Path, resources: Mapping[str, Any], **sections: Any) -> Workspace:
    stack = folder / "stack"
    stack.mkdir()
    (stack / "cdk.tf.json").write_text(json.dumps({"resource": {"terraform_data": resources}, **sections}))
    return prepare_workspace(stack / "cdk.tf.json", folder / "run", [])


def local_exec(command: str) -> dict[str, Any]:
    return {"provisioner": [{"local-exec": {"command": command}}]}


def terraform(program: Program, workspace: Workspace, **options: Any) -> Terraform:
    settings: dict[str, Any] = {"environment": os.environ, "apply_seconds": 30.0, "grace_seconds": 1.0}
    return Terraform(program, workspace, **(settings | options))


def test_plan_apply_plan_again_and_destroy(program: Program, tmp_path: Path) -> None:
    events: list[Event] = []
    chain = {"a": {"input": "x"}, "b": {"input": "${terraform_data.a.output}"}}
    outputs = {"o": {"value": "${terraform_data.b.output}"}}
    run = terraform(program, workspace(tmp_path, chain, output=outputs), on_event=events.append)
    run.init()
    assert set(run.provider_schemas()) == {"terraform.io/builtin/terraform"}
    first = run.plan()
    assert first.has_changes
    assert [change.address for change in first.changes] == ["terraform_data.a", "terraform_data.b"]
    run.apply()
    assert [event.address for event in events if isinstance(event, Finished)] == [
        "terraform_data.a",
        "terraform_data.b",
    ]
    assert run.outputs() == {"o": "x"}
    assert run.resource_addresses() == ["terraform_data.a", "terraform_data.b"]
    assert len(run.state()["values"]["root_module"]["resources"]) == 2
    second = run.plan()
    assert (second.has_changes, second.changes) == (False, ())
    events.clear()
    run.destroy()
    assert [event.action for event in events if isinstance(event, Started)] == ["delete", "delete"]
    assert [event.action for event in events if isinstance(event, Planned)] == ["delete", "delete"]
    assert run.resource_addresses() == []


def test_a_refresh_shows_what_is_there_now_and_leaves_the_state_alone(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": {"input": "x"}}))
    run.init()
    run.plan()
    run.apply()
    state = (run.workspace.folder / "terraform.tfstate").read_bytes()
    shown = run.refreshed()
    (resource,) = shown["prior_state"]["values"]["root_module"]["resources"]
    assert resource["values"]["output"] == "x"
    assert shown.get("resource_drift", []) == []
    assert (run.workspace.folder / "terraform.tfstate").read_bytes() == state


def test_a_plan_is_read_once_and_the_next_one_anew(program: Program, tmp_path: Path) -> None:
    counting = tmp_path / "terraform"
    counting.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/calls\nexec {program.path} "$@"\n')
    counting.chmod(0o755)
    run = terraform(replace(program, path=counting), workspace(tmp_path, {"a": {"input": "x"}}))
    run.init()
    run.plan()
    first = [run.planned_state() for _ in range(3)]
    assert [each["resource_changes"][0]["change"]["actions"] for each in first] == [["create"]] * 3
    run.apply()
    run.plan()
    assert run.planned_state()["resource_changes"][0]["change"]["actions"] == ["no-op"]
    assert (tmp_path / "calls").read_text().split() == ["init", "plan", "show", "apply", "plan", "show"]


def test_a_failed_apply_shows_the_diagnostic_and_no_json(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": local_exec("exit 3"), "b": {"input": "y"}}))
    run.init()
    run.plan()
    with pytest.raises(TerraformError) as error:
        run.apply()
    message = str(error.value)
    assert message.startswith(
        "terraform apply failed (exit code 1)\n  terraform_data.a: local-exec provisioner error: "
    )
    assert "exit status 3" in message
    assert "{" not in message
    assert "terraform_data.b" in run.resource_addresses()


def test_an_invalid_stack_is_refused_with_the_place_of_the_error(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": {"inptu": "x"}}))
    run.init()
    with pytest.raises(TerraformError, match=r"terraform plan failed \(exit code 1\)\n  cdk\.tf\.json:1: .*inptu"):
        run.plan()


def test_a_provider_that_the_mirror_does_not_hold_is_named(program: Program, tmp_path: Path) -> None:
    providers = {"required_providers": {"aws": {"source": "aws", "version": "6.25.0"}}}
    run = terraform(program, workspace(tmp_path, {"a": {}}, terraform=providers))
    (tmp_path / "mirror").mkdir()
    with pytest.raises(TerraformError, match=r"terraform init failed.*\n  .*hashicorp/aws"):
        run.init([tmp_path / "mirror"])


@pytest.mark.parametrize(("endpoint", "hashed"), [("", True), ("http://127.0.0.1:1", False)])
@pytest.mark.parametrize("move_state", [False, True])
def test_the_hash_of_a_provider_is_kept_for_aws_only(
    endpoint: str, hashed: bool, move_state: bool, program: Program, tmp_path: Path
) -> None:
    providers = {"required_providers": {"aws": {"source": "aws", "version": "6.25.0"}}}
    build = tmp_path / "mirror/registry.terraform.io/hashicorp/aws/6.25.0" / program.platform
    build.mkdir(parents=True)
    (build / "terraform-provider-aws_v6.25.0").touch(0o755)
    environment = {**os.environ, "AWS_ENDPOINT_URL": endpoint}
    run = terraform(program, workspace(tmp_path, {"a": {}}, terraform=providers), environment=environment)
    run.init([tmp_path / "mirror"], move_state=move_state)
    locked = (run.workspace.folder / ".terraform.lock.hcl").read_text()
    assert ("h1:" in locked, "hashes" in locked) == (hashed, hashed)
    assert run.provider_selections() == {"registry.terraform.io/hashicorp/aws": "6.25.0"}


def test_a_call_that_takes_too_long_is_stopped_and_says_so(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": local_exec("sleep 60")}))
    run.init()
    run.plan()
    impatient = terraform(program, run.workspace, apply_seconds=2.0)
    with pytest.raises(TerraformError, match="terraform apply was stopped after 2 seconds"):
        impatient.apply()
    assert processes_in(run.workspace.folder) == []


def test_cancelling_stops_terraform_and_what_it_started(program: Program, tmp_path: Path) -> None:
    cancellation = Cancellation()

    def cancel_soon(event: Event) -> None:
        if isinstance(event, Started):
            threading.Timer(0.2, cancellation.cancel).start()

    run = terraform(program, workspace(tmp_path, {"a": local_exec("sleep 60")}), cancellation=cancellation)
    run.init()
    run.plan()
    with pytest.raises(Interrupted):
        terraform(program, run.workspace, cancellation=cancellation, on_event=cancel_soon).apply()
    assert processes_in(run.workspace.folder) == []


APPLY = """
import os, sys
from pathlib import Path
from delivery.terraform.program import find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import Workspace
Terraform(find_terraform(os.environ), Workspace(Path(sys.argv[1])), os.environ, 60.0, 0.5,
          on_event=lambda event: print(event, flush=True)).apply()
"""


def test_terraform_ends_when_its_caller_is_killed_outright(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": local_exec("sleep 60")}))
    run.init()
    run.plan()
    with subprocess.Popen(
        [sys.executable, "-c", APPLY, str(run.workspace.folder)], stdout=subprocess.PIPE, text=True
    ) as caller:
        assert caller.stdout is not None
        for line in caller.stdout:
            if line.startswith("Started"):
                break
        assert len(processes_in(run.workspace.folder)) >= 3  # the supervisor, terraform, its shell
        caller.send_signal(signal.SIGKILL)
    assert processes_in(run.workspace.folder, wait_seconds=5.0) == []


def processes_in(folder: Path, wait_seconds: float = 1.0) -> list[str]:
    """The programs that work in `folder`, after waiting at most `wait_seconds` for them to go."""
    deadline = time.monotonic() + wait_seconds
    while (found := _programs(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _programs(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()) == folder and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def test_a_state_moves_to_another_backend_and_is_whole_there(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": {}, "b": {}}))
    run.init()
    run.plan()
    run.apply()
    before = run.pull_state()
    run.workspace.use_backend([], {"local": {"path": str(tmp_path / "elsewhere.tfstate")}})
    with pytest.raises(TerraformError, match="Backend configuration changed"):
        run.init()
    run.init(move_state=True)
    moved = run.pull_state()
    assert (moved["lineage"], len(moved["resources"])) == (before["lineage"], 2)
    assert (tmp_path / "elsewhere.tfstate").is_file()


def test_a_resource_whose_creation_was_broken_off_can_be_kept(program: Program, tmp_path: Path) -> None:
    run = terraform(program, workspace(tmp_path, {"a": local_exec("exit 3")}))
    run.init()
    run.plan()
    with pytest.raises(TerraformError):
        run.apply()
    assert [change.action for change in run.plan().changes] == ["replace"]
    run.untaint("terraform_data.a")
    assert run.plan().changes == ()
