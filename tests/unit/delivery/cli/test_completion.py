"""A shell completes commands, options, platforms, specs and rules, and loads nothing heavy for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from delivery.cli import completion
from delivery.cli.main import exit_code_of
from policies.registry import all_rules
from policies.spec import spec_names
from tests.conftest import PLATFORMS

HEAVY = ("moto", "boto3", "botocore", "rich", "checkov", "cdktf", "policies.engine")
SCRIPT = "import sys; from delivery.cli.main import main; main()"


@pytest.fixture
def paygate(tmp_path: Path) -> Path:
    """A program `paygate` that runs the code of this folder, as an installed one does."""
    program = tmp_path / "paygate"
    program.write_text(f"#!{sys.executable}\n{SCRIPT}\n")
    program.chmod(0o755)
    return program


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert completion.command.main(args=[shell], standalone_mode=False) is None
    return capsys.readouterr().out


def complete(paygate: Path, source: str, *words: str) -> list[str]:
    """What a real bash offers at the end of these words."""
    ready = " ".join(f"'{word}'" for word in words)
    offered = "printf '%s\\n' \"${COMPREPLY[@]}\""
    asked = f"{source}\nCOMP_WORDS=({ready}); COMP_CWORD={len(words) - 1}; _paygate_completion paygate; {offered}"
    path = f"{paygate.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(completion.ROOT)}
    done = subprocess.run(
        ["bash", "-c", asked], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_what_was_begun(paygate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = script("bash", capsys)
    assert complete(paygate, source, "paygate", "ga") == ["gate"]
    assert complete(paygate, source, "paygate", "gate", "--fo") == ["--format"]
    assert complete(paygate, source, "paygate", "synth", "--platform", "") == sorted(PLATFORMS)
    assert complete(paygate, source, "paygate", "deploy", "--platform", "pay") == ["payments"]
    assert complete(paygate, source, "paygate", "gate", "--spec", "base") == ["baseline"]
    assert complete(paygate, source, "paygate", "gate", "--only", "spot-m") == ["spot-majority"]


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_every_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{completion.VARIABLE}={shell}_complete" in script(shell, capsys)


def test_a_shell_that_is_not_served_is_one_message() -> None:
    with pytest.raises(click.BadParameter, match="'csh' is not one of 'bash', 'zsh', 'fish'"):
        completion.command.main(args=["csh"], standalone_mode=False)


def test_what_is_offered_is_what_there_is() -> None:
    assert set(completion._rules()) == {loaded.id for loaded in all_rules()}
    assert set(completion._platforms()) == set(PLATFORMS)
    assert set(completion._specs()) == set(spec_names())


@pytest.mark.parametrize("words", ["paygate gate --only spot", "paygate deploy --platform p", "paygate s"])
def test_nothing_heavy_is_loaded(words: str) -> None:
    loading = f"{SCRIPT.replace('main()', '')}\ntry: main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    last = str(len(words.split()) - 1)
    environment = {**os.environ, completion.VARIABLE: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": last}
    environment["PYTHONPATH"] = str(completion.ROOT)
    done = subprocess.run(
        [sys.executable, "-c", loading], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout
    assert set(HEAVY) & set(done.stderr.split()) == set()


def test_the_command_line_still_runs_with_completion_in_place() -> None:
    assert exit_code_of(["gate", "--help"]) == 0
