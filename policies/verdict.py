"""What a run of the gate found, as data: reports, exit codes and other programs read this and nothing else."""

from dataclasses import dataclass, field
from typing import Any

from policies.rule import Finding, Rule


@dataclass(frozen=True)
class Judged:
    """A finding with the rule that made it, and why it is waived if it is."""

    rule: Rule
    finding: Finding
    waived: str = ""  # the reason of the waiver

    @property
    def message(self) -> str:
        return self.finding.message or self.rule.title


@dataclass(frozen=True)
class Problem:
    """Something that could not be judged: never a pass. `rule` is "" for what concerns the whole run."""

    rule: str
    message: str
    address: str = ""
    attribute: str = ""
    found: Any = None
    expected: str = ""
    construct_path: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Verdict:
    """The result of one run.

    resources: how many resources the graph holds; rules: the ids that ran; notes: what a reader should know, such as
    waivers about to expire; partial: only some rules were asked for, so nothing here is a pass.
    """

    source: str
    spec: str
    resources: int
    rules: tuple[Rule, ...]
    findings: tuple[Judged, ...] = ()
    errors: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    partial: bool = False
    rules_of_spec: int = field(default=0)

    @property
    def unwaived(self) -> tuple[Judged, ...]:
        return tuple(item for item in self.findings if not item.waived)

    @property
    def word(self) -> str:
        """`error`, `partial`, `fail` or `pass`."""
        if self.errors:
            return "error"
        if self.partial:
            return "partial"
        return "fail" if self.unwaived else "pass"

    @property
    def exit_code(self) -> int:
        """0 only when every rule of the spec ran and nothing is left; 1 findings; 2 no judgement of the whole."""
        if self.errors:
            return 2
        if self.unwaived:
            return 1
        return 2 if self.partial else 0
