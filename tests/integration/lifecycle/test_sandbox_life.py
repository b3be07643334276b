"""The real command with real terraform and the real emulator on a tiny stack: to the end, and killed before it."""

import signal
import socket
import time
from pathlib import Path

import pytest

from tests.integration.lifecycle.tiny import TinyProject, sleeping

FAST = {"a": {"input": "x"}, "b": {"input": "${terraform_data.a.output}"}}


def test_two_platforms_go_up_and_down_side_by_side_and_leave_nothing(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, FAST)
    exit_code, output = project.run("--settings", project.settings("tiny"), "--settings", project.settings("other"))
    assert exit_code == 0, output
    assert output.endswith("\npassed\n")
    for platform in ("tiny", "other"):
        for step, note in (("apply", "2 resources"), ("second plan", "empty"), ("destroy", "2 resources")):
            assert any(
                line.split()[:1] == ["ok"] and line.endswith(f"{platform} {step}  {note}")
                for line in output.splitlines()
            )
    assert "tiny init: arguments dropped: none" in output
    assert project.processes() == []
    assert project.run_folders() == []


def test_a_failed_apply_is_destroyed_and_its_files_stay_for_a_look(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, FAST | {"c": {"provisioner": [{"local-exec": {"command": "exit 3"}}]}})
    exit_code, output = project.run("--settings", "tiny.yaml")
    assert exit_code == 1
    assert (
        "tiny apply failed: terraform apply failed (exit code 1)\n  terraform_data.c: local-exec provisioner" in output
    )
    assert "ok" in next(line for line in output.splitlines() if "tiny destroy  3 resources" in line)
    assert output.endswith("\nFAILED: tiny apply\n")
    assert project.processes() == []
    assert len(project.run_folders()) == 1


def test_a_stack_that_is_not_as_it_was_asked_for_has_a_second_plan_that_says_why(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, {"a": {"input": "${timestamp()}"}})
    exit_code, output = project.run("--settings", "tiny.yaml")
    assert exit_code == 1
    assert "tiny second plan failed: the second plan is not empty:\n  update terraform_data.a: input: " in output


def test_a_platform_that_is_named_twice_is_refused_before_anything_starts(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, FAST)
    exit_code, output = project.run("--settings", "tiny.yaml", "--settings", "tiny.yaml")
    assert exit_code == 2
    assert output.splitlines()[-1].endswith("a platform can be in a sandbox only once; found tiny")
    assert project.run_folders() == []


def test_a_port_in_use_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, FAST)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        exit_code, output = project.run("--settings", "tiny.yaml", "--port", str(port))
    assert exit_code == 2
    assert output.splitlines()[-1] == (
        f"paygate: port {port} on 127.0.0.1 is in use by another program; choose another one, or 0 to take a free one"
    )


@pytest.mark.parametrize(
    ("number", "moment", "exit_code"),
    [
        (signal.SIGKILL, "start           emulator", -9),
        (signal.SIGKILL, "start           tiny init", -9),
        (signal.SIGKILL, "start           tiny apply", -9),
        (signal.SIGINT, "start           tiny apply", 130),
        (signal.SIGTERM, "start           emulator", 143),
    ],
)  # fmt: skip
def test_a_command_that_is_killed_leaves_no_process(
    tmp_path: Path, number: signal.Signals, moment: str, exit_code: int
) -> None:
    project = TinyProject.make(tmp_path, {"a": sleeping(60)})
    with project.start("--settings", "tiny.yaml") as command:
        assert command.stdout is not None
        for line in command.stdout:
            if line.startswith(moment):
                break
        time.sleep(0.4)
        command.send_signal(number)
        assert command.wait(15) == exit_code
        said = command.stdout.read()
    assert project.processes(wait_seconds=8.0) == []
    assert "Traceback" not in said
    if number is not signal.SIGKILL:
        assert said.endswith(f"paygate: interrupted by {number.name}; everything that was started is stopped\n")
        assert project.run_folders() == []


def test_the_run_after_one_that_was_killed_works(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, {"a": sleeping(60)})
    with project.start("--settings", "tiny.yaml") as command:
        time.sleep(3)
        command.kill()
    project.write_stack(FAST)
    exit_code, output = project.run("--settings", "tiny.yaml")
    assert exit_code == 0, output


def test_a_kept_run_stays_until_it_is_destroyed(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, FAST)
    exit_code, output = project.run("--settings", "tiny.yaml", "--keep")
    try:
        assert exit_code == 0, output
        (run,) = project.run_folders()
        assert f"{run}\n" in output.split("sandbox --destroy ")[1]
        assert "export AWS_ENDPOINT_URL=http://127.0.0.1:" in output
        assert [line.split()[0:3:2] for line in project.run("--list")[1].splitlines()] == [[run, "running"]]
        assert len(project.processes()) == 1
    finally:
        destroyed = project.run("--destroy", project.run_folders()[0])
    assert destroyed[0] == 0, destroyed[1]
    assert "tiny destroy" in destroyed[1]
    assert project.processes(wait_seconds=5.0) == []
    assert project.run_folders() == []


def test_a_kept_run_whose_emulator_is_gone_is_only_tidied_up(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, FAST)
    assert project.run("--settings", "tiny.yaml", "--keep")[0] == 0
    (run,) = project.run_folders()
    project.kill("delivery.sandbox.server")
    assert project.processes(wait_seconds=5.0) == []
    assert [line.split()[0:3:2] for line in project.run("--list")[1].splitlines()] == [[run, "gone"]]
    exit_code, output = project.run("--destroy", run)
    assert exit_code == 0
    assert "its emulator had ended already" in output
    assert project.run_folders() == []


def test_an_emulator_that_dies_in_the_middle_ends_the_run_at_once(tmp_path: Path) -> None:
    project = TinyProject.make(tmp_path, {"a": sleeping(60)})
    with project.start("--settings", "tiny.yaml") as command:
        assert command.stdout is not None
        for line in command.stdout:
            if line.startswith("start           tiny apply"):
                break
        project.kill("delivery.sandbox.server")
        assert command.wait(15) == 2
        assert "paygate: the emulator ended in the middle of the run; found no message of it\n" in command.stdout.read()
    assert project.processes(wait_seconds=5.0) == []
