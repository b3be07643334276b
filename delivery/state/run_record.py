"""What a run of ours leaves behind of itself, so that a lock it never gave back can be told from one that is held.

`process.json` in the run folder, written before terraform starts and never removed: that the process it names is gone
is what says that the run has ended, however it ended.
"""

import json
import os
import pwd
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from delivery.files import write_whole
from delivery.processes.identity import ProcessIdentity

RECORD = "process.json"


@dataclass(frozen=True)
class RunRecord:
    """A run of one stack. who: `user@host`, as Terraform writes it into its locks; process: the paygate that ran."""

    stack: str
    who: str
    process: ProcessIdentity

    @property
    def alive(self) -> bool:
        return self.process.alive


def who_am_i() -> str:
    """`user@host` as Terraform makes it: the name of the user that runs, whatever $USER says, and the host's.

    Source: internal/states/statemgr/locker.go of Terraform, NewLockInfo (2026-11-26).
    """
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a user id without a name, as containers have: Terraform leaves it out
        user = ""
    return f"{user}@{socket.gethostname()}"


def record_run(folder: Path, stack: str) -> RunRecord:
    """Write this process down as the run of a stack in this folder, whole or not at all."""
    record = RunRecord(stack, who_am_i(), ProcessIdentity.of(os.getpid()))
    write_whole(folder / RECORD, json.dumps(asdict(record), indent=2) + "\n")
    return record


def runs_of(runs_folder: Path, stack: str) -> Iterator[RunRecord]:
    """The runs of a stack that left a record directly below this folder; one that cannot be read says nothing."""
    for file in sorted(runs_folder.glob(f"*/{RECORD}")):
        try:
            fields = json.loads(file.read_text(encoding="utf-8"))
            record = RunRecord(str(fields["stack"]), str(fields["who"]), ProcessIdentity(**fields["process"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if record.stack == stack:
            yield record
