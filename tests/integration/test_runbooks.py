"""The runbooks have the parts a reader looks for, and what they tell to type exists."""

import re
import shlex

import click
import pytest

from delivery.cli.main import cli
from tests.runbooks import FOLDER, blocks

RUNBOOKS = {
    "first-deployment",
    "rollback",
    "failed-blue-green",
    "spot-shortage",
    "rotation-failure",
    "lost-state",
    "lock-stuck",
    "upgrade-provider",
    "move-to-cdktn",
}
PARTS = ("**When you see this.**", "**What it means.**", "## Do this", "**It is over when**", "Sources (")
CALLS = sorted({line for block in blocks() for line in block.commands if line.startswith(".venv/bin/paygate ")})
LINK = re.compile(r"\]\(([^)#]+)\)")


def test_every_runbook_is_there_with_all_its_parts() -> None:
    files = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")}
    assert set(files) == RUNBOOKS
    assert [name for name, text in files.items() if any(part not in text for part in PARTS)] == []


def test_what_a_runbook_links_to_is_there() -> None:
    links = [link for file in FOLDER.glob("*.md") for link in LINK.findall(file.read_text(encoding="utf-8"))]
    assert links
    assert [link for link in links if "://" not in link and not (FOLDER / link).is_file()] == []


def test_a_block_that_the_sandbox_cannot_run_says_why_before_it() -> None:
    silent = [block for block in blocks() if block.by_hand and "sandbox" not in block.before]
    assert silent == []


@pytest.mark.parametrize("call", CALLS)
def test_what_a_runbook_tells_to_type_exists(call: str) -> None:
    name, *words = shlex.split(call)[1:]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None, f"paygate has no command {name}"
    if "--help" not in words:
        command.make_parser(click.Context(command)).parse_args(list(words))
