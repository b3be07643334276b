"""The run folder holds the synthesized stack unchanged; what differs stands in the override file alone."""

import json
from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.terraform.mirrors import Choice, Requirement
from delivery.terraform.versions import Version
from delivery.terraform.workspace import prepare_workspace, read_config

AWS = Requirement("aws", "registry.terraform.io/hashicorp/aws", ">= 6.25, < 7")


def stack(folder: Path) -> Path:
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "rotation.zip").write_bytes(b"PK")
    (folder / ".terraform").mkdir()
    (folder / "terraform.tfstate").write_text("{}")
    file = folder / "cdk.tf.json"
    file.write_text('{ "resource":{}}')
    return file


def test_the_stack_is_copied_byte_for_byte_with_its_assets_and_without_old_state(tmp_path: Path) -> None:
    file = stack(tmp_path / "stack")
    workspace = prepare_workspace(file, tmp_path / "run", [])
    names = sorted(str(path.relative_to(workspace.folder)) for path in workspace.folder.rglob("*"))
    assert names == ["assets", "assets/rotation.zip", "cdk.tf.json", "override.tf.json"]
    assert workspace.stack_file.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("admitted", [True, False])
def test_the_override_names_a_provider_version_only_where_the_constraint_excludes_it(
    tmp_path: Path, admitted: bool
) -> None:
    choice = Choice(AWS, tmp_path, Version((5, 100, 0)), admitted)
    workspace = prepare_workspace(stack(tmp_path / "stack"), tmp_path / "run", [choice])
    override = json.loads((workspace.folder / "override.tf.json").read_text())
    provider = {"required_providers": {"aws": {"source": AWS.source, "version": "5.100.0"}}}
    backend = {"backend": {"local": {"path": "terraform.tfstate"}}}
    assert override == {"terraform": backend if admitted else backend | provider}


@pytest.mark.parametrize(
    ("content", "message"), [(None, "no such file"), ("{", "not JSON"), ("[]", "not a JSON object")]
)
def test_an_unusable_stack_file_is_one_clear_error(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "cdk.tf.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UserError, match=rf"cdk\.tf\.json: {message}"):
        read_config(file)
