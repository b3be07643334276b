"""The suffix of a nightly deployment: `nightly-<run>`, made shorter until every name of the platform fits.

What fits is infra's to say (load balancers and target groups have 32 characters, others have limits of their own), so
each candidate is put to it, and no limit is written down here.
"""

import string
from collections.abc import Callable, Iterable

from delivery.errors import UserError

DIGITS = string.digits + string.ascii_lowercase
Refusal = UserError | None


def candidates(run_number: int) -> tuple[str, ...]:
    """The suffixes of a run, the longest first. No two runs share one, and a role can name all of them in two patterns:
    `nightly-*` and `n-*`.
    """
    return (f"nightly-{run_number}", f"n-{run_number}", f"n-x{base_36(run_number)}")


def base_36(number: int) -> str:
    """A number of at least 0 in digits and lowercase letters."""
    rest, digit = divmod(number, len(DIGITS))
    return (base_36(rest) if rest else "") + DIGITS[digit]


def first_that_fits(suffixes: Iterable[str], refused: Callable[[str], Refusal]) -> str:
    """The first suffix that is not refused. Raises the refusal of the last one when all of them are."""
    last = UserError("no suffix to choose from")
    for suffix in suffixes:
        refusal = refused(suffix)
        if refusal is None:
            return suffix
        last = refusal
    raise last
