"""What is still in the emulator after a destroy: everything the stacks could have made, minus what was there before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from delivery.sweep.listing import list_things


@dataclass(frozen=True)
class Leftover:
    """One thing that is still there; `allowed_because` is the reason for which it may be, empty when there is none."""

    service: str
    kind: str
    id: str
    allowed_because: str = ""

    def __str__(self) -> str:
        return f"{self.service} {self.kind} {self.id}"


@dataclass(frozen=True)
class Allowance:
    """Things that a destroy may leave, and why. `pattern` is a shell pattern for the id."""

    service: str
    kind: str
    pattern: str
    reason: str


ALLOWED = (
    Allowance(
        "kms",
        "key",
        "* PendingDeletion",
        "AWS deletes a key 7 days after it was asked to, at the earliest (API_ScheduleKeyDeletion)",
    ),
)


def find_leftovers(environment: Mapping[str, str], seeded: Iterable[Sequence[str]]) -> list[Leftover]:
    """Everything in the account of `environment` that is neither there by default nor one of `seeded`.

    environment: of `Emulator.environment`, for one region. seeded: what `prerequisites.seed` returned, or the same
    read back from JSON. Raises what boto3 raises when the emulator does not answer: a scan that failed found nothing.
    """
    known = {tuple(thing) for thing in seeded}
    found = [(thing.service, thing.kind, thing.id) for thing in list_things(environment, environment["AWS_REGION"], 1)]
    return [Leftover(*thing, allowed_because=_reason(*thing)) for thing in found if thing not in known]


def _reason(service: str, kind: str, id_: str) -> str:
    for allowance in ALLOWED:
        if (allowance.service, allowance.kind) == (service, kind) and fnmatchcase(id_, allowance.pattern):
            return allowance.reason
    return ""
