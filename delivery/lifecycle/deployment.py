"""What the steps of a delivery hand to each other: frozen values, nothing that runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from delivery.aws import is_emulated
from delivery.errors import EXIT_FAILED
from delivery.state.bucket import StateObject
from delivery.terraform.mirrors import Choice
from delivery.terraform.runner import Terraform


@dataclass(frozen=True)
class Deployment:
    """One synthesized stack on its way to a target.

    stack_file: the synthesized cdk.tf.json, as it is judged. terraform: works on a copy of it in its own workspace.
    choices: providers that come from a mirror folder. environment: the whole environment of a program (terraform,
    boto3) that shall reach the target and nothing else of AWS. state: where Terraform keeps its state; None keeps it in
    the workspace. owner: in whose name the suffix is claimed.
    opened: when this run began, as ISO time in UTC.
    """

    platform: str
    settings_file: Path
    suffix: str
    stack: str
    stack_file: Path
    region: str
    environment: Mapping[str, str]
    terraform: Terraform
    choices: tuple[Choice, ...] = ()
    state: StateObject | None = None
    owner: str = ""
    opened: str = ""

    @property
    def emulated(self) -> bool:
        """Whether the target is an emulator on this machine, with what such a target cannot do."""
        return is_emulated(self.environment)


@dataclass(frozen=True)
class Outcome:
    """What a step that passed has to tell: a note for the summary, lines to print below it, data for later steps."""

    note: str = ""
    lines: tuple[str, ...] = ()
    data: Any = None


class StepFailedError(Exception):
    """A step's answer is no: what it looked at is not as it has to be. data: what it has to tell all the same."""

    def __init__(self, message: str, exit_code: int = EXIT_FAILED, data: Any = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.data = data


@dataclass(frozen=True)
class Step:
    """One stage of a delivery. `cleans_up`: it runs after a failure, too."""

    name: str
    run: Callable[[Deployment], Outcome]
    cleans_up: bool = False


class Status(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class StepResult:
    """How a step ended, for which platform ("" for what all share), and how long it took."""

    platform: str
    step: str
    status: Status
    seconds: float
    outcome: Outcome = Outcome()
    error: str = ""
    exit_code: int = 0

    @property
    def name(self) -> str:
        return f"{self.platform} {self.step}".strip()
