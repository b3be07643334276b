"""Settings of the bootstrap stack: every mistake at its place, and nothing wider than one meant."""

from pathlib import Path

import pytest

from infra.bootstrap.__main__ import main
from infra.bootstrap.settings import load
from infra.settings import SettingsErrors
from tests.conftest import BOOTSTRAP


def changed(folder: Path, old: str, new: str) -> Path:
    """The settings file with one text in it replaced."""
    text = BOOTSTRAP.read_text(encoding="utf-8")
    assert old in text
    file = folder / "bootstrap.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_subjects_are_whole() -> None:
    assert load(BOOTSTRAP).github.subjects == (
        "repo:example/paygate:ref:refs/heads/main",
        "repo:example/paygate:environment:production",
        "repo:example/paygate:environment:nightly",
    )


def test_a_repository_may_be_named_with_the_numbers_that_github_puts_into_new_subjects(tmp_path: Path) -> None:
    settings = load(changed(tmp_path, "example/paygate", "example@12/paygate@345"))
    assert settings.github.subjects[0] == "repo:example@12/paygate@345:ref:refs/heads/main"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("example/paygate", "example@12/paygate", "github.repository: is malformed"),
        ("example/paygate", "example/paygate@345", "github.repository: is malformed"),
        ("example/paygate", '"example@*/paygate@*"', "github.repository: is malformed"),
        ("branches: [main]", 'branches: ["*"]', "github.branches[0]: is malformed"),
        ("branches: [main]", "branches: []", "github.branches: has too few or too many entries"),
        ("example/paygate", "example", "github.repository: is malformed"),
        ("example/paygate", '"*/paygate"', "github.repository: is malformed"),
        ("[prod, n-*, nightly-*]", '[prod, "*"]', "deploys.suffixes[1]: is malformed"),
        ("[prod, n-*, nightly-*]", '["pr*"]', "deploys.suffixes[0]: is malformed"),
        ("[prod, n-*, nightly-*]", "[a, b, c, d]", "deploys.suffixes: has too few or too many entries"),
        ("keep_versions_days: 365", "keep_versions_days: 7", "state.keep_versions_days: is out of range"),
        ("names_prefix: paygate", "names_prefix: Paygate", "names_prefix: is malformed"),
        ("names_prefix: paygate", "nams_prefix: paygate", "names_prefix: is missing"),
        ("payments/*", '"*"', "deploys.repositories[0]: is malformed"),
        ("create_provider: true", "create_provider: often", "github.create_provider: is not true or false"),
    ],
)
def test_a_mistake_is_named_at_its_place(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsErrors) as errors:
        load(changed(tmp_path, old, new))
    assert message in str(errors.value)
    assert "  allowed: " in str(errors.value)


def test_the_program_refuses_wrong_settings_with_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = changed(tmp_path, "branches: [main]", 'branches: ["*"]')
    assert main(["--settings", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "github.branches[0]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_policy_that_iam_would_refuse_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = "\n".join(f"    {name * 100}: {name * 250}" for name in "abc")
    file = changed(tmp_path, "    Environment: production\n", f"{tags}\n")
    assert main(["--settings", str(file), "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert "the policy is too long" in message
    assert "allowed: 6144" in message
