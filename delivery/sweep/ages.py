"""Which environments may go because they are old: only those whose suffix says that they were never meant to stay.

The tag Environment does not tell: the specs ask for `production` on every stack, also on that of a pull request.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from delivery.errors import UserError
from delivery.sweep.finding import Account, Belonging, belongings, oldest, suffixes_in
from delivery.sweep.names import Platform

EPHEMERAL_PREFIXES = ("nightly-", "pr", "test-")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Environment:
    """A suffix with what belongs to it. oldest: when its first thing was made; None where AWS tells it of none."""

    suffix: str
    found: tuple[Belonging, ...]
    oldest: datetime | None


def age_of(text: str) -> timedelta:
    """`90m`, `24h`, `7d`. UserError for anything else."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})([mhd])", text)
    if not match:
        raise UserError("no age", "--older-than", text or "nothing", "a number of minutes, hours or days: 90m, 24h, 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def is_ephemeral(suffix: str, prefixes: Iterable[str] = EPHEMERAL_PREFIXES) -> bool:
    """Whether a suffix begins with a prefix; a number follows one without hyphen: `pr` fits `pr42`, not `prod`."""
    return any(
        re.match(re.escape(each) + ("." if each.endswith("-") else "[0-9]"), suffix) is not None
        for each in prefixes
        if each.strip("-")
    )


def old_environments(
    account: Account,
    platforms: Sequence[Platform],
    than: timedelta,
    now: datetime,
    prefixes: Iterable[str] = EPHEMERAL_PREFIXES,
) -> list[Environment]:
    """The ephemeral environments whose oldest thing is older than that. One of unknown age is not told as old."""
    wanted = list(prefixes)
    environments = []
    for suffix in sorted(suffixes_in(account, platforms)):
        if is_ephemeral(suffix, wanted):
            found = belongings(account, suffix, platforms)
            since = oldest(found)
            if since and now - since > than:
                environments.append(Environment(suffix, found, since))
    return environments
