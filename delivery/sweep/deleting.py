"""Deletes what was found, kind by kind, looks again, and goes on as long as it gets on: bounded, and safe to repeat."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from delivery.aws import Clients, clients
from delivery.sweep.finding import Belonging, find_environment
from delivery.sweep.listing import Thing, list_things
from delivery.sweep.names import Platform
from delivery.sweep.order import REMOVALS, Delete, Removal, goes_with_its_vpc

PARALLEL_DELETIONS = 8
POLL_SECONDS = 3.0
WAIT_SECONDS = 600.0  # for one kind: interfaces of Lambda take longest, NAT gateways a few minutes
ROUNDS = 4  # what was refused because of something else is tried again once that is gone
GONE = frozenset({"NotFound", "NoSuchEntity", "NotFoundException", "ResourceNotFoundException", "NoSuchBucket"})

Key = tuple[str, str, str]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Swept:
    """What a sweep did: what is gone, and what is left with the reason that AWS gave."""

    gone: tuple[Belonging, ...]
    left: tuple[tuple[Belonging, str], ...]


@dataclass
class _Pass:
    """One walk through the table; refused: why AWS kept a thing."""

    client_of: Clients
    environment: Mapping[str, str]
    region: str
    wait_seconds: float
    say: Say
    refused: dict[Key, str] = field(default_factory=dict)


def sweep_environment(
    environment: Mapping[str, str],
    region: str,
    suffix: str,
    platforms: Sequence[Platform],
    *,
    wait_seconds: float = WAIT_SECONDS,
    say: Say = lambda _line: None,
) -> Swept:
    """Delete everything that belongs to a suffix, until nothing is left or a round changes nothing.

    wait_seconds: the most that is waited for one kind to be gone. say: is told a line per kind. Raises what boto3
    raises where AWS cannot be asked what there is.
    """
    first = found = find_environment(environment, region, suffix, platforms)
    reasons: dict[Key, str] = {}
    for _round in range(ROUNDS):
        if not found:
            break
        walk = _Pass(clients(environment, region), environment, region, wait_seconds, say)
        for removal in REMOVALS:
            _remove(walk, removal, [each.thing for each in found if _is_of(each.thing, removal)])
        reasons = walk.refused
        before, found = found, find_environment(environment, region, suffix, platforms)
        if {each.thing.key for each in found} == {each.thing.key for each in before}:
            break
    left = {each.thing.key for each in found}
    return Swept(
        gone=tuple(each for each in first if each.thing.key not in left),
        left=tuple((each, reasons.get(each.thing.key, "AWS still lists it")) for each in found),
    )


def _is_of(thing: Thing, removal: Removal) -> bool:
    return (thing.service, thing.kind) == (removal.service, removal.kind) and not goes_with_its_vpc(thing)


def _remove(walk: _Pass, removal: Removal, things: Sequence[Thing]) -> None:
    delete = removal.delete
    if not things or delete is None:
        return
    walk.say(f"{removal.service} {removal.kind}: {len(things)}")
    walk.client_of(removal.service)  # made here: sessions are not to be used from several threads
    with ThreadPoolExecutor(PARALLEL_DELETIONS) as pool:
        for thing, reason in zip(things, pool.map(lambda each: _delete(walk, delete, each), things), strict=True):
            if reason:
                walk.refused[thing.key] = reason
    if removal.waits:
        _wait(walk, removal, (each for each in things if each.key not in walk.refused))


def _delete(walk: _Pass, delete: Delete, thing: Thing) -> str:
    """Why it was not deleted; empty when it was, or was gone already."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        delete(walk.client_of, thing)
    except ClientError as error:
        said = error.response["Error"]
        gone = said["Code"] in GONE or said["Code"].endswith(("NotFound", "NotFoundException", "NotFoundFault"))
        return "" if gone else f"{said['Code']}: {said.get('Message', '')}"
    except (BotoCoreError, RuntimeError, LookupError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return ""


def _wait(walk: _Pass, removal: Removal, things: Iterable[Thing]) -> None:
    """Until AWS lists none of them any more, or the time is up; then what depends on them is refused and told."""
    waited_for, until = {each.key for each in things}, time.monotonic() + walk.wait_seconds
    while waited_for:
        listed = list_things(walk.environment, walk.region, only=[(removal.service, removal.kind)])
        waited_for &= {each.key for each in listed}
        if not waited_for or time.monotonic() >= until:
            return
        time.sleep(POLL_SECONDS)
