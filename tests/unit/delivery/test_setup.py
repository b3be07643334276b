"""`make setup` without a prerequisite is one clear line and builds nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOLS = ("sh", "dirname", "cat", "cksum", "mkdir", "rm", "tail", "env")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clone without .venv, and a folder of programs that holds neither terraform nor Python."""
    for name in ("scripts/setup", "requirements/requirements.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "infra").mkdir()
    for name in ("bake.py", "lazy.py", "lazy_index.js"):
        (tmp_path / "infra" / name).touch()
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def program(project: Path, name: str, script: str) -> None:
    file = project / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def setup(project: Path, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [project / "scripts/setup"],
        env={"PATH": str(project / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_no_terraform(project: Path) -> None:
    assert setup(project) == (
        2,
        "",
        "setup: terraform is not on PATH. "
        "Install 1.11 or newer from https://developer.hashicorp.com/terraform/install\n",
    )
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("python", ["", "exit 1", "echo 'pyenv: python3.11: command not found' >&2; exit 127"])
def test_no_fitting_python(project: Path, python: str) -> None:
    program(project, "terraform", "exit 0")
    if python:
        program(project, "python3.11", python)
    exit_code, _, stderr = setup(project)
    assert exit_code == 2
    assert stderr.startswith("setup: no Python 3.11 or newer with its venv module on PATH. Install Python 3.11")
    assert stderr.count("\n") == 1
    assert not (project / ".venv").exists()


def test_a_python_that_was_named_and_does_not_serve_is_named_in_the_message(project: Path) -> None:
    program(project, "terraform", "exit 0")
    exit_code, _, stderr = setup(project, PYTHON="python3.6")
    assert exit_code == 2
    assert "(PYTHON=python3.6 does not serve)" in stderr


def test_a_stage_that_fails_shows_the_end_of_the_log_and_is_not_taken_for_done(project: Path) -> None:
    program(project, "terraform", "exit 0")
    # A Python that passes the check of its version, then fails to make an environment.
    program(
        project,
        "python3.11",
        'case "$1" in -c) exit 0;; --version) echo Python 3.11;; *) echo no space left; exit 1;; esac',
    )
    for _ in range(2):
        exit_code, stdout, stderr = setup(project)
        assert exit_code == 2
        assert stdout == "setup: creating .venv with Python 3.11\n"
        assert stderr == "no space left\nsetup: that failed; the whole log is in .paygate/setup.log\n"


def test_the_stamp_makes_it_do_nothing_until_a_pin_changes(project: Path) -> None:
    program(project, "terraform", "exit 0")
    (project / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "pip", "paygate"):
        file = project / ".venv" / "bin" / name
        file.write_text("#!/bin/sh\nexit 0\n")
        file.chmod(0o755)
    program(project, "python3.11", "exit 0")
    first = setup(project)
    assert first[0] == 0
    assert first[1].endswith("setup: done, the command is .venv/bin/paygate\n")
    assert setup(project) == (0, "", "")
    with (project / "requirements/requirements.txt").open("a", encoding="utf-8") as pins:
        pins.write("# changed\n")
    assert "setup: installing pinned packages" in setup(project)[1]
    assert [path.name for path in (project / ".paygate").iterdir()] == ["setup.log"]
