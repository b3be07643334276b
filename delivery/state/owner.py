"""Who has a suffix: an object next to the state says whose stack it is, from before the first plan until after destroy.

Terraform's lock keeps two runs apart; it does not keep two people apart who both chose the suffix `pr42`, because each
of them would plan in turn against the other's stack. The claim is made with a conditional write, so that of two who
come at one moment S3 lets one through.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from delivery.errors import UserError
from delivery.state import objects
from delivery.state.objects import Stored

OWNER_VARIABLE = "PAYGATE_OWNER"
LONGEST_OWNER = 256
ATTEMPTS = 5  # bounds a claim that meets others who release and claim at the same moments


@dataclass(frozen=True)
class Owner:
    """owner: as `owner_of_caller` spells it; since: ISO time, UTC; stack: `payments-production-pr42`."""

    owner: str
    since: str
    stack: str


def owner_key(stack: str) -> str:
    """The object of a stack's owner."""
    return f"{stack}/owner.json"


def owner_of_caller(identity: Mapping[str, Any], override: str | None = None) -> str:
    """The caller in a form that stays the same from run to run.

    identity: the answer of sts GetCallerIdentity. A role session becomes `role/session`, everything else stays the ARN.
    override: --owner or PAYGATE_OWNER, for CI, whose session is another one in every run. UserError when it is no name.
    """
    if override is not None:
        if not (0 < len(override) <= LONGEST_OWNER and override.isprintable() and override.strip() == override):
            allowed = f"1 to {LONGEST_OWNER} printable characters, no space at either end"
            raise UserError("no name of an owner", f"--owner or {OWNER_VARIABLE}", repr(override), allowed)
        return override
    arn = str(identity["Arn"])
    resource = arn.split(":", 5)[-1]
    kind, _, session = resource.partition("/")
    return session if kind == "assumed-role" else arn


def read_owner(s3: Any, bucket: str, stack: str) -> Owner | None:
    """Whose stack it is, None when nobody claims it. UserError when the object cannot be understood."""
    stored = objects.read(s3, bucket, owner_key(stack))
    return _parsed(stored, bucket, stack) if stored else None


def claim(s3: Any, bucket: str, stack: str, owner: str, now: datetime | None = None) -> Owner:
    """The stack is ours when this returns, made so or found so. UserError, naming the other owner, when it is not."""
    wanted = Owner(owner, stamp(now), stack)
    for _ in range(ATTEMPTS):
        if objects.create(s3, bucket, owner_key(stack), _encoded(wanted)):
            return wanted
        found = read_owner(s3, bucket, stack)
        if found and found.owner == owner:
            return found
        if found:
            _refuse(found, bucket)
    raise UserError(
        "the suffix is claimed and released by others again and again",
        f"s3://{bucket}/{owner_key(stack)}",
        f"no turn in {ATTEMPTS} attempts",
        mend="Choose another suffix",
    )


def take_over(s3: Any, bucket: str, stack: str, owner: str, now: datetime | None = None) -> Owner | None:
    """Make the stack ours, whoever has it; returns whose it was, None for nobody's.

    UserError when it changes hands at this very moment.
    """
    wanted = _encoded(Owner(owner, stamp(now), stack))
    stored = objects.read(s3, bucket, owner_key(stack))
    if stored is None:
        claim(s3, bucket, stack, owner, now)
        return None
    if not objects.replace(s3, bucket, owner_key(stack), wanted, stored):
        raise UserError(
            "the owner changed while it was being taken over",
            f"s3://{bucket}/{owner_key(stack)}",
            mend="Look again who has it now: run the command without --take-over",
        )
    return _former(stored, bucket, stack)


def release(s3: Any, bucket: str, stack: str, owner: str) -> bool:
    """Give the suffix back after destroy; False when it was not ours (or nobody's), and then nothing is touched."""
    stored = objects.read(s3, bucket, owner_key(stack))
    if stored is None or _parsed(stored, bucket, stack).owner != owner:
        return False
    return objects.remove(s3, bucket, owner_key(stack), stored)


def _refuse(found: Owner, bucket: str) -> NoReturn:
    raise UserError(
        "this suffix belongs to somebody else",
        f"s3://{bucket}/{owner_key(found.stack)}",
        f"{found.owner}, since {found.since}",
        "the owner of the stack",
        "Choose another suffix, or give --take-over when the stack is abandoned",
    )


def _former(stored: Stored, bucket: str, stack: str) -> Owner:
    """Taking over is also the way out of an object that nobody can read."""
    try:
        return _parsed(stored, bucket, stack)
    except UserError:
        return Owner("somebody unknown", "an unknown time", stack)


def stamp(now: datetime | None = None) -> str:
    """A time as owners are written down with, so that two of them can be compared as text."""
    return (now or datetime.now(UTC)).isoformat(timespec="seconds")


def _encoded(owner: Owner) -> bytes:
    return (json.dumps(asdict(owner), indent=2) + "\n").encode()


def _parsed(stored: Stored, bucket: str, stack: str) -> Owner:
    try:
        fields = json.loads(stored.body)
        return Owner(*(str(fields[name]) for name in ("owner", "since", "stack")))
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            "does not say who owns the stack",
            f"s3://{bucket}/{owner_key(stack)}",
            f"{type(error).__name__}: {error}",
            "what paygate wrote there",
            "Find out whose it is; then give --take-over",
        ) from error
