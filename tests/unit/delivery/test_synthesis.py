"""infra is run as a program; its refusals are passed on as they are, its breakdowns as one line."""

import os
from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.synthesis import Synthesized, settings_of, suffix_of, synthesize

STACK_LINE = "payments-production-pr42 cdktf.out/stacks/payments production/cdk.tf.json"


def fake_infra(folder: Path, body: str) -> dict[str, str]:
    """An environment in which `python -m infra` runs `body`."""
    (folder / "infra").mkdir()
    (folder / "infra" / "__init__.py").touch()
    (folder / "infra" / "__main__.py").write_text(f"import sys\n{body}\n")
    return {**os.environ, "PYTHONPATH": str(folder)}


def test_the_stack_and_the_path_that_infra_prints_are_returned(tmp_path: Path) -> None:
    environment = fake_infra(tmp_path, f"print('noise'); print({STACK_LINE!r})")
    answer = synthesize(Path("s.yaml"), "pr42", out=None, environment=environment)
    assert answer == Synthesized("payments-production-pr42", Path("cdktf.out/stacks/payments production/cdk.tf.json"))


@pytest.mark.parametrize(("out", "expected"), [(None, []), (Path("o"), ["--out", "o"])])
def test_infra_gets_the_settings_the_suffix_and_the_folder(
    tmp_path: Path, out: Path | None, expected: list[str]
) -> None:
    environment = fake_infra(tmp_path, "print('stack', '|'.join(sys.argv[1:]))")
    answer = synthesize(Path("s.yaml"), "pr42", out=out, environment=environment)
    assert str(answer.file).split("|") == ["--settings", "s.yaml", "--suffix", "pr42", *expected]


def test_a_refusal_is_infras_own_message(tmp_path: Path) -> None:
    environment = fake_infra(tmp_path, "print('s.yaml:3: a\\ns.yaml:9: b', file=sys.stderr); sys.exit(2)")
    with pytest.raises(UserError) as error:
        synthesize(Path("s.yaml"), "pr42", out=None, environment=environment)
    assert str(error.value) == "s.yaml:3: a\ns.yaml:9: b"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise RuntimeError('jsii broke')", "found RuntimeError: jsii broke"),
        ("sys.exit(3)", "found exit code 3, no message"),
        ("sys.exit(2)", "found exit code 2, no message"),
        ("pass", "found exit code 0, no message"),
    ],
)
def test_a_breakdown_is_one_line_that_says_how_to_see_all_of_it(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(UserError) as error:
        synthesize(Path("s.yaml"), "pr42", out=None, environment=fake_infra(tmp_path, body))
    message = str(error.value)
    assert message.startswith("s.yaml: synthesis broke; ")
    assert reason in message
    assert message.endswith("python -m infra --settings s.yaml --suffix pr42")
    assert "\n" not in message


def test_settings_are_found_by_platform_and_environment_and_those_there_are_get_named(tmp_path: Path) -> None:
    for name in ("payments.production.yaml", "gateway.staging.yaml", "settings.schema.json"):
        (tmp_path / name).touch()
    assert settings_of("payments", "production", tmp_path) == tmp_path / "payments.production.yaml"
    with pytest.raises(UserError, match=r"found lottery\.production; allowed: gateway\.staging, payments\.production"):
        settings_of("lottery", "production", tmp_path)


def test_the_suffix_comes_from_the_option_then_the_variable_then_the_default() -> None:
    assert suffix_of("a", {"ENVIRONMENT_SUFFIX": "b"}, "c") == "a"
    assert suffix_of(None, {"ENVIRONMENT_SUFFIX": "b"}, "c") == "b"
    assert suffix_of(None, {}, "c") == "c"
    with pytest.raises(UserError, match="Give --suffix or set ENVIRONMENT_SUFFIX"):
        suffix_of(None, {"ENVIRONMENT_SUFFIX": ""})
