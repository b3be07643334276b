"""terraform is found on PATH, and one that cannot serve is refused in one line."""

import os
from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.terraform.program import find_terraform, terraform_environment
from delivery.terraform.versions import Version


def fake_terraform(folder: Path, script: str) -> dict[str, str]:
    program = folder / "terraform"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_the_terraform_of_the_path_is_used_with_its_version_and_platform(tmp_path: Path) -> None:
    environment = fake_terraform(tmp_path, 'echo \'{"terraform_version": "1.12.0", "platform": "linux_arm64"}\'')
    program = find_terraform(environment)
    assert (program.path, program.version, program.platform) == (
        tmp_path / "terraform",
        Version((1, 12, 0)),
        "linux_arm64",
    )


def test_no_terraform_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        find_terraform({"PATH": str(tmp_path)})
    assert str(error.value) == (
        "terraform is not on PATH; allowed: 1.11.0 or newer. "
        "Install it from https://developer.hashicorp.com/terraform/install and put it on PATH"
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ('echo \'{"terraform_version": "1.9.8", "platform": "linux_amd64"}\'', "too old; found 1.9.8; allowed: 1.11.0"),
        ("echo 'Terraform v0.11'", "not a working terraform"),
        ("echo '[]'", "not a working terraform"),
        ("exit 1", "not a working terraform"),
    ],
)
def test_a_terraform_that_cannot_serve_is_refused(tmp_path: Path, script: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        find_terraform(fake_terraform(tmp_path, script))


def test_the_environment_keeps_what_is_the_users_and_drops_what_would_change_our_commands(tmp_path: Path) -> None:
    config = tmp_path / "terraformrc"
    config.touch()
    base = {"HOME": "/h", "TF_CLI_ARGS_plan": "-destroy", "TF_DATA_DIR": "/d", "TF_WORKSPACE": "w"}
    ours = {"GOGC": "400", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
    assert terraform_environment(base) == {"HOME": "/h", **ours}
    assert terraform_environment({"TF_CLI_CONFIG_FILE": str(config)}) == {"TF_CLI_CONFIG_FILE": str(config), **ours}
    assert terraform_environment({"TF_CLI_CONFIG_FILE": str(tmp_path / "nowhere")}) == ours
