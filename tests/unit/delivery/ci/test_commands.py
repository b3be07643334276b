"""The suffix and the evidence of a job, made by the same programs as everywhere else."""

import json
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

import pytest

from delivery.ci.evidence import FILES
from delivery.cli import ci
from delivery.errors import UserError
from delivery.synthesis import Synthesized


def run(*arguments: str) -> int | None:
    returned: int | None = ci.command.main(args=list(arguments), standalone_mode=False)
    return returned


@pytest.fixture
def synthesized(monkeypatch: pytest.MonkeyPatch, payments_path: Path) -> Path:
    """Synthesis answers with the stack that is there already; it has tests of its own."""
    monkeypatch.setattr(
        ci, "synthesize", lambda *_args, **_more: Synthesized("payments-production-pr42", payments_path)
    )
    return payments_path


def test_the_suffix_is_printed_and_set_for_the_steps_that_follow(
    synthesized: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_RUN_NUMBER", "12")
    monkeypatch.setenv("GITHUB_ENV", str(tmp_path / "variables"))
    (tmp_path / "variables").write_text("EARLIER=1\n")
    run("suffix", "--platform", "payments")
    assert capsys.readouterr().out == "nightly-12\n"
    assert (tmp_path / "variables").read_text() == "EARLIER=1\nENVIRONMENT_SUFFIX=nightly-12\n"


def test_a_suffix_that_infra_refuses_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse_what_is_long(_file: Path, suffix: str, **_more: object) -> None:
        if len(suffix) > 4:
            raise UserError(f"{suffix} is too long")

    monkeypatch.setattr(ci, "synthesize", refuse_what_is_long)
    monkeypatch.setenv("GITHUB_RUN_NUMBER", "12")
    run("suffix", "--platform", "payments")
    assert capsys.readouterr().out == "n-12\n"


@pytest.mark.parametrize("number", ["", "12; echo", "1²"])
def test_a_run_without_a_number_has_no_suffix(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("GITHUB_RUN_NUMBER", number)
    with pytest.raises(UserError, match="GITHUB_RUN_NUMBER"):
        run("suffix", "--platform", "payments")


def test_the_evidence_is_one_verdict_in_every_form(synthesized: Path, tmp_path: Path) -> None:
    assert run("evidence", "--platform", "payments", "--suffix", "pr42", "--out", str(tmp_path)) == 0
    folder = tmp_path / "payments"
    assert {file.name for file in folder.iterdir()} == set(FILES.values())
    assert json.loads((folder / "verdict.json").read_text())["spec"] == "payments"
    assert json.loads((folder / "verdict.sarif").read_text())["version"] == "2.1.0"
    assert ElementTree.parse(folder / "verdict.junit.xml").getroot().tag.startswith("testsuite")  # noqa: S314 - ours


def test_evidence_is_written_of_a_stack_that_cannot_be_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    broken = tmp_path / "stack" / "cdk.tf.json"
    broken.write_text("{")
    monkeypatch.setattr(ci, "synthesize", lambda *_args, **_more: Synthesized("broken", broken))
    assert run("evidence", "--platform", "payments", "--suffix", "pr42", "--out", str(tmp_path)) == 2
    assert {file.name for file in (tmp_path / "payments").iterdir()} == set(FILES.values())


def test_settings_that_synthesis_refuses_leave_no_evidence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_args: object, **_more: object) -> NoReturn:
        raise UserError("settings are wrong")

    monkeypatch.setattr(ci, "synthesize", refuse)
    with pytest.raises(UserError, match="settings are wrong"):
        run("evidence", "--platform", "payments", "--suffix", "pr42", "--out", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
