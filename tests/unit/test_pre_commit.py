"""The hooks run programs of our own environment and download nothing."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from delivery.cli.ci import command as ci

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS = [hook for repository in CONFIG["repos"] for hook in repository["hooks"]]


def test_every_hook_is_local_and_of_this_system() -> None:
    assert [repository["repo"] for repository in CONFIG["repos"]] == ["local"]
    assert {hook["language"] for hook in HOOKS} == {"system"}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_the_program_of_a_hook_is_pinned_or_our_own(hook: dict[str, str]) -> None:
    program = re.fullmatch(r"\.venv/bin/([a-z-]+)", shlex.split(hook["entry"])[0])
    assert program
    pins = (ROOT / "requirements" / "requirements.txt").read_text(encoding="utf-8")
    assert program.group(1) == "paygate" or f"\n{program.group(1)}==" in pins


@pytest.mark.parametrize("hook", [hook for hook in HOOKS if "paygate" in hook["entry"]], ids=lambda hook: hook["id"])
def test_the_options_of_the_gate_hooks_exist(hook: dict[str, str]) -> None:
    name, *words = shlex.split(hook["entry"])[2:]
    assert isinstance(ci, click.Group)
    command = ci.commands[name]
    command.make_parser(click.Context(command)).parse_args(list(words))


@pytest.mark.parametrize(
    ("file", "judged"),
    [
        ("infra/stack.py", 2),
        ("environments/payments.production.yaml", 2),
        ("policies/waivers.yaml", 2),
        ("README.md", 0),
    ],
)
def test_the_gates_run_for_what_can_change_their_verdict(file: str, judged: int) -> None:
    gates = [hook for hook in HOOKS if hook["id"].startswith("gate-")]
    assert sum(bool(re.search(hook["files"], file)) for hook in gates) == judged
