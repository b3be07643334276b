"""The fenced blocks of the runbooks: what a reader is told to type."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "runbooks"
_BLOCK = re.compile(r"^```(sh(?: aws-only)?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """Commands that are typed one after the other; before: the paragraph that introduces them."""

    runbook: str
    commands: tuple[str, ...]
    aws_only: bool
    before: str


def blocks() -> list[Block]:
    """Every block of every runbook, in reading order."""
    return [block for file in sorted(FOLDER.glob("*.md")) for block in blocks_of(file)]


def blocks_of(file: Path) -> list[Block]:
    text = file.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        before = text[: match.start()].strip().rpartition("\n\n")[2]
        found.append(Block(file.stem, tuple(match.group(2).splitlines()), match.group(1) != "sh", before))
    return found
