"""What can go wrong in a rotation: one message each, which never holds a value of a secret."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_PACKAGE = Path(__file__).parent
_CODE = re.compile(r"[A-Za-z0-9.]{1,64}")  # error codes of AWS and of PostgreSQL; anything else may be a text


@dataclass(eq=False)
class RotationError(Exception):
    """`str()` is the whole message: what went wrong, what was found, what is allowed, and what to do."""

    what: str
    found: str = ""
    allowed: str = ""
    mend: str = ""

    def __str__(self) -> str:
        facts = [f"{label} {value}" for label, value in (("found", self.found), ("allowed:", self.allowed)) if value]
        sentence = "; ".join([self.what, *facts])
        return f"{sentence}. {self.mend}" if self.mend else sentence


@contextmanager
def told_as(what: str, mend: str = "") -> Iterator[None]:
    """Whatever goes wrong inside becomes a RotationError that says what kind of error it was, and no more."""
    try:
        yield
    except RotationError:
        raise
    except Exception as error:
        raise RotationError(what, found=described(error), mend=mend) from None


def described(error: BaseException) -> str:
    """The kind of an error, its code, and where in this package it came from.

    Never its text: drivers, HTTP libraries and AWS quote in it what they were given.
    """
    kind = type(error).__name__
    cause = error.__cause__
    facts = [
        code for code in (_code(error), type(cause).__name__ if cause else "", _place(error.__traceback__)) if code
    ]
    return f"{kind} ({', '.join(facts)})" if facts else kind


def _code(error: BaseException) -> str:
    """What the other side calls the error: AWS, PostgreSQL (SQLSTATE), or the check of a certificate."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message  # of OpenSSL, with no more in it than the host's name
    response = getattr(error, "response", None)  # botocore.exceptions.ClientError
    if isinstance(response, dict):
        code = response.get("Error", {}).get("Code")
        return f"{_shown(code)} of {_shown(getattr(error, 'operation_name', None))}"
    first = error.args[0] if error.args else None
    if isinstance(first, dict):  # pg8000.exceptions.DatabaseError
        return f"SQLSTATE {_shown(first.get('C'))}"
    return ""


def _shown(code: object) -> str:
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "?"


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of this package that the error passed through."""
    place = ""
    while traceback:
        file = Path(traceback.tb_frame.f_code.co_filename)
        if file.parent == _PACKAGE and file.name != Path(__file__).name:
            place = f"{file.name}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
