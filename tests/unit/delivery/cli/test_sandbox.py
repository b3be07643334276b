"""`paygate sandbox` takes one kind of request at a time and says so before anything starts."""

from pathlib import Path

import pytest

from delivery.cli.main import exit_code_of


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], "none of them"),
        (["--platform", "payments", "--settings", "s.yaml"], "--platform, --settings"),
        (["--platform", "payments", "--destroy", "sbx-1"], "--platform, --destroy"),
        (["--list", "--settings", "s.yaml"], "--settings, --list"),
    ],
)
def test_one_of_platform_settings_destroy_and_list(
    capsys: pytest.CaptureFixture[str], arguments: list[str], found: str
) -> None:
    assert exit_code_of(["sandbox", *arguments]) == 2
    assert capsys.readouterr().err == (
        f"paygate: give exactly one of --platform, --settings, --destroy, --list; found {found}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--platform", "lottery"], "environments: no settings for this platform; found lottery.production"),
        (["--platform", "payments", "--plugin-dir", "nowhere"], "--plugin-dir: no such folder; found nowhere"),
        (["--destroy", "sbx-1"], "--destroy: no such kept run; found sbx-1; allowed: none is kept"),
        (["--platform", "payments", "--port", "65536"], "65536 is not in the range 0<=x<=65535"),
    ],
)
def test_what_cannot_be_tried_is_one_message_and_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code_of(["sandbox", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_kept_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code_of(["sandbox", "--list"]) == 0
    assert capsys.readouterr().out == "no run is kept here\n"


@pytest.mark.parametrize("minutes", ["nan", "inf", "0", "-1"])
def test_a_wait_without_an_end_is_refused(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(["sandbox", "--platform", "payments", "--timeout-minutes", minutes]) == 2
    assert "--timeout-minutes" in capsys.readouterr().err
