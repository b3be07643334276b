"""The fenced blocks of the runbooks: what a reader is told to type."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "runbooks"
BY_HAND = ("aws-only", "by-hand")
_BLOCK = re.compile(r"^( *)```(sh\b[^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"exit=([0-9,]+)")


@dataclass(frozen=True)
class Block:
    """A script as it stands in a fence. The words behind `sh` say `aws-only` or `by-hand` where no test can type it,
    and `exit=0,1` where it may end otherwise than with 0. before: the paragraph that introduces it.
    """

    runbook: str
    number: int
    script: str
    words: str
    before: str

    @property
    def by_hand(self) -> bool:
        return any(word in self.words.split() for word in BY_HAND)

    @property
    def exit_codes(self) -> frozenset[int]:
        """How it may end."""
        said = _EXIT.search(self.words)
        return frozenset(int(code) for code in said[1].split(",")) if said else frozenset({0})

    @property
    def commands(self) -> tuple[str, ...]:
        """Line by line; what a backslash continues is one line."""
        return tuple(self.script.replace("\\\n", " ").splitlines())


def blocks() -> list[Block]:
    """Every block of every runbook, in reading order."""
    return [block for file in sorted(FOLDER.glob("*.md")) for block in blocks_of(file.stem)]


def blocks_of(runbook: str) -> list[Block]:
    return list(_found(runbook, (FOLDER / f"{runbook}.md").read_text(encoding="utf-8")))


def _found(runbook: str, text: str) -> Iterator[Block]:
    for number, match in enumerate(_BLOCK.finditer(text), start=1):
        before = text[: match.start()].strip().rpartition("\n\n")[2]
        yield Block(runbook, number, textwrap.dedent(match[3]), match[2].removeprefix("sh").strip(), before)
