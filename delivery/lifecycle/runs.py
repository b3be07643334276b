"""Run folders: one per sandbox run, `.paygate/sandbox/<id>`; one that was kept has a record that can be reopened."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.files import write_whole
from delivery.lifecycle.deployment import StepResult
from delivery.processes.identity import ProcessIdentity

RUNS_FOLDER = Path(".paygate/sandbox")
DELIVERIES_FOLDER = Path(".paygate/runs")
CACHE_FOLDER = Path(".paygate/cache")
RECORD = "run.json"


@dataclass(frozen=True)
class KeptStack:
    """What is needed to reach and destroy one stack that was left running.

    aws_variables: what the environment has beyond the user's own to reach the emulator, and nothing else of AWS.
    """

    platform: str
    settings_file: str
    suffix: str
    stack: str
    stack_file: str
    workspace: str
    region: str
    aws_variables: Mapping[str, str]

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """The whole environment of a program that shall reach this stack."""
        return {name: value for name, value in base.items() if not name.startswith("AWS_")} | dict(self.aws_variables)


@dataclass(frozen=True)
class KeptRun:
    """A sandbox that was left running. `seeded` is what was put into it before the stacks were applied."""

    id: str
    folder: Path
    endpoint: str
    emulator: ProcessIdentity
    log_file: str
    stacks: tuple[KeptStack, ...]
    seeded: tuple[Any, ...]

    def save(self) -> None:
        """Write the record, whole or not at all."""
        record = {
            "endpoint": self.endpoint,
            "emulator": asdict(self.emulator),
            "log_file": self.log_file,
            "stacks": [asdict(stack) for stack in self.stacks],
            "seeded": list(self.seeded),
        }
        write_whole(self.folder / RECORD, json.dumps(record, indent=2))

    @classmethod
    def load(cls, folder: Path) -> "KeptRun":
        """Raises UserError when the folder holds no record or one that cannot be read."""
        try:
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            return cls(
                folder.name,
                folder,
                record["endpoint"],
                ProcessIdentity(**record["emulator"]),
                record["log_file"],
                tuple(KeptStack(**stack) for stack in record["stacks"]),
                tuple(tuple(thing) for thing in record["seeded"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError("no record of a kept run", str(folder / RECORD), str(error)) from error


@dataclass(frozen=True)
class Report:
    """How every step went; `folder` is there as long as there is something in it to look at or to keep."""

    results: tuple[StepResult, ...]
    folder: Path | None = None
    kept: KeptRun | None = None

    @property
    def exit_code(self) -> int:
        """0 when every step passed; else the gravest: 2 where something broke, 1 where the answer was no."""
        return max((result.exit_code for result in self.results), default=0)


def new_run_folder(suffix: str, root: Path = RUNS_FOLDER) -> Path:
    """A new, empty folder whose name tells suffix and time. The path is absolute."""
    stem = f"{suffix}-{time.strftime('%Y%m%d-%H%M%S')}"
    for number in range(1, 1000):
        folder = root.absolute() / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(
                "the folder of this run cannot be made",
                str(folder),
                str(error.strerror),
                "a folder that can be written",
                "Run it in a folder of your own",
            ) from error
        return folder
    raise UserError("too many run folders of this second", str(root))


def kept_runs(root: Path = RUNS_FOLDER) -> list[KeptRun]:
    """The runs below `root` that have a record, oldest first."""
    return [KeptRun.load(record.parent.absolute()) for record in sorted(root.glob(f"*/{RECORD}"))]


def find_kept_run(name: str, root: Path = RUNS_FOLDER) -> KeptRun:
    """The kept run of an id or a run folder. Raises UserError, naming those there are, when there is none."""
    for folder in (root / name, Path(name)):
        if (folder / RECORD).is_file():
            return KeptRun.load(folder.absolute())
    known = ", ".join(run.id for run in kept_runs(root)) or "none is kept"
    raise UserError("no such kept run", "--destroy", name, known)
