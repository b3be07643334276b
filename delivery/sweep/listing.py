"""What an account has in a region, as the inventory lists it: every thing with what AWS says of it in one form."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from delivery.aws import Clients, clients
from delivery.errors import UserError
from delivery.sweep.inventory import INVENTORY, Listing

PARALLEL_LISTINGS = 8
ATTEMPTS = 5


@dataclass(frozen=True)
class Thing:
    """One thing in an account.

    name: what people call it, empty where AWS knows only an id. within: handles of what it is a part of or hangs on.
    also: handles of its own, beside id and ARN. said: all that was listed. created: None where AWS does not say.
    """

    service: str
    kind: str
    id: str
    name: str = ""
    arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    created: datetime | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.service, self.kind, self.id)

    def __str__(self) -> str:
        return f"{self.service} {self.kind} {self.id}"


def list_things(
    environment: Mapping[str, str],
    region: str,
    attempts: int = ATTEMPTS,
    only: Iterable[tuple[str, str]] | None = None,
) -> list[Thing]:
    """Everything in the account of `environment` and in `region` that the inventory knows to look for.

    only: (service, kind) of the listings that are wanted; None for all. Raises what boto3 raises: a scan that failed
    found nothing.
    """
    wanted = [each for each in INVENTORY if only is None or (each.service, each.kind) in set(only)]
    client_of = clients(environment, region, attempts)
    for service in sorted({listing.service for listing in wanted}):
        client_of(service)  # made here: sessions are not to be used from several threads
    with ThreadPoolExecutor(PARALLEL_LISTINGS) as pool:
        found = pool.map(lambda listing: [_thing(listing, item) for item in _items(client_of, listing, ())], wanted)
        return [thing for listed in found for thing in listed]


@contextmanager
def answered() -> Iterator[None]:
    """Within the block a call that AWS refuses, or does not answer, is a UserError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        operation = getattr(error, "operation_name", "")
        mend = "Let the caller's role make this call, or try again when AWS answers"
        raise UserError("AWS did not say what there is", operation, " ".join(str(error).split()), mend=mend) from error


def ask(client: Any, operation: str, **arguments: Any) -> Any:
    """The whole answer, over all pages."""
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**arguments).build_full_result()
    return getattr(client, operation)(**arguments)


def _items(client_of: Clients, listing: Listing, chosen: tuple[str, ...]) -> Iterator[Any]:
    """Follow the calls of a listing: each is made once for every id that the calls before it gave."""
    import jmespath  # type: ignore[import-untyped]

    call = listing.calls[len(chosen)]
    answer = ask(client_of(listing.service), call.operation, **call.arguments(*chosen))
    expression = call.ids
    for number, id_ in enumerate(chosen):
        expression = expression.replace(f"{{{number}}}", id_)
    for item in jmespath.search(expression, answer) or []:
        if len(chosen) + 1 == len(listing.calls):
            yield item
        else:
            yield from _items(client_of, listing, (*chosen, item))


def _thing(listing: Listing, item: Any) -> Thing:
    said = item if isinstance(item, dict) else {"id": item}
    tags = tags_of(said.get("tags"))
    return Thing(
        service=listing.service,
        kind=listing.kind,
        id=said["id"],
        name=said.get("name") or tags.get("Name") or _name_in(listing.service, said["id"]),
        arn=_plain_arn(said.get("arn") or said["id"]),
        tags=tags,
        within=tuple(each for each in said.get("within") or () if each),
        also=tuple(each for each in said.get("also") or () if each),
        created=_moment(said.get("created")),
        said=said,
    )


def tags_of(listed: Any) -> dict[str, str]:
    """Tags as AWS's services spell them (Key and Value, key and value) as one mapping."""
    return {each.get("Key", each.get("key")): each.get("Value", each.get("value", "")) for each in listed or ()}


def _name_in(service: str, id_: str) -> str:
    """The name in an ARN, a URL or an id. Ids of EC2 are none: `vpc-0a1b` would be read as a name with a suffix."""
    if service in ("ec2", "kms") and not id_.startswith("alias/"):
        return ""
    if not id_.startswith(("arn:", "http", "service/")):
        return id_
    parts = id_.split(":")
    last = parts[-2] if id_.startswith("arn:") and parts[-1].isdigit() else parts[-1]  # a revision of a task definition
    return last.rsplit("/", 1)[-1]


def _plain_arn(arn: str) -> str:
    return arn.removesuffix(":*") if arn.startswith("arn:") else ""


def _moment(value: Any) -> datetime | None:
    """AWS says times as datetimes, as milliseconds since 1970 (logs), or as text."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else None
