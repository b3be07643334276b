"""Providers are taken from the folder that was asked for, else from the first that has a fitting one."""

from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.terraform.mirrors import (
    Requirement,
    choose,
    plugin_folders,
    requirements,
    search_folders,
    unserved,
    versions_in,
)
from delivery.terraform.versions import Version

AWS = "registry.terraform.io/hashicorp/aws"
LINUX = "linux_amd64"
RANGE = Requirement("aws", AWS, ">= 6.25, < 7")


def unpacked(folder: Path, version: str, platform: str = LINUX) -> Path:
    (folder / AWS / version / platform).mkdir(parents=True)
    return folder


def packed(folder: Path, version: str, platform: str = LINUX) -> Path:
    (folder / AWS).mkdir(parents=True, exist_ok=True)
    (folder / AWS / f"terraform-provider-aws_{version}_{platform}.zip").touch()
    return folder


@pytest.mark.parametrize(
    ("terraform", "expected"),
    [
        ({"required_providers": {"aws": {"source": "aws", "version": "~> 6.0"}}}, [("aws", AWS, "~> 6.0")]),
        ({"required_providers": {"aws": {"source": "hashicorp/aws"}}}, [("aws", AWS, "")]),
        ({"required_providers": [{"aws": {"version": "6.1.0"}}]}, [("aws", AWS, "6.1.0")]),
        ([{"required_providers": {"aws": "6.1.0"}}], [("aws", AWS, "6.1.0")]),
        ({"required_providers": {"x": {"source": "example.com/acme/x"}}}, [("x", "example.com/acme/x", "")]),
        ({"required_providers": {"t": {"source": "terraform.io/builtin/terraform"}}}, []),
        ({}, []),
    ],
)
def test_requirements_are_read_in_every_form_that_terraform_accepts(
    terraform: object, expected: list[tuple[str, str, str]]
) -> None:
    found = requirements({"terraform": terraform})
    assert [(entry.local_name, entry.source, entry.constraint) for entry in found] == expected


def test_only_the_folder_of_the_option_is_searched_when_it_is_given(tmp_path: Path) -> None:
    environment = {"PAYGATE_PLUGIN_DIR": str(tmp_path / "other"), "HOME": str(tmp_path)}
    assert search_folders(tmp_path, environment) == [tmp_path]


def test_only_the_folder_of_the_variable_is_searched_when_it_is_set(tmp_path: Path) -> None:
    assert search_folders(None, {"PAYGATE_PLUGIN_DIR": str(tmp_path), "HOME": "/"}) == [tmp_path]


@pytest.mark.parametrize("where", ["--plugin-dir", "PAYGATE_PLUGIN_DIR"])
def test_a_folder_that_was_asked_for_and_is_not_there_is_an_error_that_names_it(tmp_path: Path, where: str) -> None:
    missing = tmp_path / "missing"
    option, environment = (missing, {}) if where == "--plugin-dir" else (None, {where: str(missing)})
    with pytest.raises(UserError, match=rf"^{where}: no such folder; found .*missing; allowed: a provider mirror"):
        search_folders(option, environment)


def test_implied_folders_come_in_terraforms_order_and_add_on_packages_last(tmp_path: Path) -> None:
    home, shared, add_ons = tmp_path / "home", tmp_path / "shared", tmp_path / "opt"
    expected = [
        home / ".terraform.d/plugins",
        home / ".local/share/terraform/plugins",
        shared / "terraform/plugins",
        add_ons / "a",
        add_ons / "b",
    ]
    for folder in expected:
        folder.mkdir(parents=True)
    environment = {"HOME": str(home), "XDG_DATA_DIRS": f"{shared}:{tmp_path / 'none'}"}
    assert search_folders(None, environment, add_ons) == expected


def test_packed_and_unpacked_builds_of_the_platform_are_seen_and_nothing_else(tmp_path: Path) -> None:
    unpacked(tmp_path, "6.0.0")
    unpacked(tmp_path, "6.9.0", "darwin_arm64")
    unpacked(tmp_path, "not-a-version")
    packed(tmp_path, "6.1.0")
    packed(tmp_path, "6.8.0", "windows_amd64")
    assert sorted(map(str, versions_in(tmp_path, AWS, LINUX))) == ["6.0.0", "6.1.0"]


def test_the_newest_admitted_version_of_the_first_folder_that_has_one_wins(tmp_path: Path) -> None:
    old = unpacked(tmp_path / "old", "5.100.0")
    first = unpacked(packed(tmp_path / "first", "6.30.0"), "6.25.0")
    second = packed(tmp_path / "second", "6.31.0")
    (choice,) = choose([RANGE], [old, first, second], LINUX, newest_if_none_admitted=True)
    assert (choice.folder, choice.version, choice.admitted) == (first, Version((6, 30, 0)), True)


def test_the_newest_version_stands_in_where_none_is_admitted_and_only_where_that_is_allowed(tmp_path: Path) -> None:
    older = unpacked(tmp_path / "a", "5.9.0")
    newer = unpacked(tmp_path / "b", "5.100.0")
    (choice,) = choose([RANGE], [older, newer], LINUX, newest_if_none_admitted=True)
    assert (choice.folder, str(choice.version), choice.admitted) == (newer, "5.100.0", False)
    assert choose([RANGE], [older, newer], LINUX, newest_if_none_admitted=False) == []


def test_a_provider_that_no_folder_holds_has_no_choice(tmp_path: Path) -> None:
    assert choose([RANGE], [tmp_path], LINUX, newest_if_none_admitted=True) == []


def test_folders_are_named_only_when_they_hold_every_provider(tmp_path: Path) -> None:
    """With one named, terraform looks nowhere else."""
    folder = unpacked(tmp_path, "6.30.0")
    served, other = RANGE, Requirement("x", "example.com/acme/x", "")
    again = Requirement("again", AWS, "")
    choices = choose([served, again, other], [folder], LINUX, newest_if_none_admitted=False)
    assert (unserved([served, again], choices), plugin_folders([served, again], choices)) == ([], [folder])
    assert (unserved([served, other], choices), plugin_folders([served, other], choices)) == ([other], [])
    assert plugin_folders([], []) == []
