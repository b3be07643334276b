"""The doctor says what is missing and how to get it, and never breaks itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.cli import doctor as cli
from delivery.doctor import account, local
from delivery.doctor.check import Check, Found, Place, State, examine, fine, missing
from delivery.errors import UserError


def place(folder: Path, **environment: str) -> Place:
    return Place(folder, environment, "us-east-1")


def raising(error: Exception) -> Callable[[Place], Found]:
    def check(_place: Place) -> Found:
        raise error

    return check


def test_a_check_that_refuses_or_breaks_is_a_line_like_any_other(tmp_path: Path) -> None:
    checks = [
        Check("a", raising(UserError("too old", found="1.0", mend="Get a new one"))),
        Check("b", raising(ZeroDivisionError("x"))),
        Check("c", lambda _place: fine("well")),
    ]
    results = list(examine(checks, place(tmp_path)))
    assert results[0].found == missing("too old (1.0)", "Get a new one")
    assert results[1].found.text == "could not be checked: ZeroDivisionError: x"
    assert results[2].found == fine("well")


def test_terraform_that_is_not_there_is_missing_for_itself_and_for_its_providers(tmp_path: Path) -> None:
    checks = [check for check in local.CHECKS if check.name in ("terraform", "providers")]
    results = list(examine(checks, place(tmp_path, PATH=str(tmp_path))))
    assert [result.found.state for result in results] == [State.MISSING] * 2
    assert "https://developer.hashicorp.com/terraform/install" in results[0].found.mend


def test_a_mirror_is_found_and_the_registry_is_asked_only_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    asked: list[object] = []
    monkeypatch.setattr(local, "_answers", asked.append)
    monkeypatch.setattr("delivery.terraform.mirrors.ADD_ON_ROOT", tmp_path / "none")
    from delivery.terraform.program import find_terraform

    platform = find_terraform(os.environ).platform
    empty = Place(tmp_path, os.environ, "us-east-1", plugin_folder=tmp_path)
    assert local.providers(empty).state is State.MISSING
    assert asked == [local.REGISTRY]
    (tmp_path / local.PROVIDER / "6.25.0" / platform).mkdir(parents=True)
    assert local.providers(empty) == fine(f"mirror {tmp_path}, aws 6.25.0")
    assert len(asked) == 1


def test_a_full_disk_and_a_folder_that_is_not_ours_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "NEEDED_GB", 1e9)
    assert local.disk(place(tmp_path)).state is State.MISSING
    assert local.folder(place(tmp_path / "none")).state is State.MISSING
    assert local.folder(place(tmp_path)).state is State.FINE


def test_optional_programs_are_notes(tmp_path: Path) -> None:
    nowhere = place(tmp_path, PATH=str(tmp_path))
    assert [check(nowhere).state for check in (local.git, local.gh)] == [State.NOTE] * 2


def test_the_node_of_the_environment_is_found_and_one_that_is_named_wins(tmp_path: Path) -> None:
    assert local.node(place(tmp_path)).state is State.FINE
    assert local.node(place(tmp_path, JSII_NODE="/no/node")).state is State.MISSING


@pytest.mark.parametrize(
    ("environment", "there"),
    [({}, False), ({"AWS_ACCESS_KEY_ID": "A"}, True), ({"AWS_PROFILE": "p"}, True), ({"AWS_REGION": "r"}, False)],
)
def test_credentials_are_noticed_without_asking_aws(tmp_path: Path, environment: dict[str, str], there: bool) -> None:
    assert account.credentials_are_there({"HOME": str(tmp_path), **environment}) is there


def test_a_credentials_file_is_noticed_when_it_holds_something(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    file = tmp_path / ".aws" / "credentials"
    file.touch()
    assert not account.credentials_are_there({"HOME": str(tmp_path)})
    file.write_text("[default]\n")
    assert account.credentials_are_there({"HOME": str(tmp_path)})


def test_an_account_that_does_not_answer_is_missing_within_seconds(tmp_path: Path) -> None:
    nowhere = place(tmp_path, AWS_ENDPOINT_URL="http://127.0.0.1:1", AWS_ACCESS_KEY_ID="A", AWS_SECRET_ACCESS_KEY="s")
    (found,) = [result.found for result in examine(account.CHECKS[:1], nowhere)]
    assert found.state is State.MISSING
    assert "AWS does not answer" in found.text


@pytest.mark.parametrize(("taken", "state"), [(0, State.FINE), (2, State.FINE), (3, State.NOTE)])
def test_elastic_ips_that_do_not_suffice_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: int, state: State
) -> None:
    class Ec2:
        def describe_addresses(self) -> dict[str, Any]:
            return {"Addresses": [{}] * taken}

    monkeypatch.setattr(account, "_client", lambda _place, _service: Ec2())
    monkeypatch.setattr(account, "_address_quota", lambda _place: (5, "quota"))
    assert account.addresses(place(tmp_path)).state is state


@pytest.mark.parametrize(("checks", "code"), [((), 0), ((Check("x", lambda _place: missing("no", "do")),), 1)])
def test_the_exit_code_tells_whether_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], checks: tuple[Check, ...], code: int
) -> None:
    monkeypatch.setattr(local, "CHECKS", (Check("y", lambda _place: fine("well")), *checks))
    assert cli.command.main(args=["--no-aws", "--json"], standalone_mode=False) == code
    rows = json.loads(capsys.readouterr().out)["checks"]
    assert [row["state"] for row in rows] == ["fine", "missing"][: len(rows)]
    assert cli.command.main(args=["--no-aws"], standalone_mode=False) == code
    assert "The sandbox needs none." in capsys.readouterr().out
