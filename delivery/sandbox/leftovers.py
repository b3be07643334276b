"""What is still in the emulator after a destroy: everything the stacks could have made, minus what was there before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from delivery.aws import Clients, clients
from delivery.sandbox.inventory import INVENTORY, Listing

PARALLEL_LISTINGS = 8


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
    client_of = clients(environment, environment["AWS_REGION"], attempts=1)
    for service in sorted({listing.service for listing in INVENTORY}):
        client_of(service)  # made here: sessions are not to be used from several threads
    with ThreadPoolExecutor(PARALLEL_LISTINGS) as pool:
        found = pool.map(lambda listing: [(listing, id_) for id_ in _ids(client_of, listing, ())], INVENTORY)
        things = [(listing.service, listing.kind, id_) for listed in found for listing, id_ in listed]
    return [Leftover(*thing, allowed_because=_reason(*thing)) for thing in things if thing not in known]


def _reason(service: str, kind: str, id_: str) -> str:
    for allowance in ALLOWED:
        if (allowance.service, allowance.kind) == (service, kind) and fnmatchcase(id_, allowance.pattern):
            return allowance.reason
    return ""


def _ids(client_of: Clients, listing: Listing, chosen: tuple[str, ...]) -> Iterator[str]:
    """Follow the calls of a listing: each is made once for every id that the calls before it gave."""
    import jmespath  # type: ignore[import-untyped]

    call = listing.calls[len(chosen)]
    answer = _ask(client_of(listing.service), call.operation, call.arguments(*chosen))
    for id_ in jmespath.search(call.ids.format(*chosen), answer) or []:
        if len(chosen) + 1 == len(listing.calls):
            yield id_
        else:
            yield from _ids(client_of, listing, (*chosen, id_))


def _ask(client: Any, operation: str, arguments: Mapping[str, Any]) -> Any:
    """The whole answer, over all pages."""
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**arguments).build_full_result()
    return getattr(client, operation)(**arguments)
