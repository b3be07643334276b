"""Errors that a user can cause or has to know of: one message each, never a traceback."""

from dataclasses import dataclass

EXIT_FAILED = 1  # the command did its work and the answer is no: a failed step, a finding
EXIT_UNUSABLE = 2  # bad input, a missing prerequisite, or a fault of our own: nothing can be said about the stack


@dataclass(eq=False)
class UserError(Exception):
    """Something the user can put right. `str()` is the whole message, on one line where its parts are.

    what: what went wrong, as a clause without a full stop. where: file, key path or option. found: the offending
    value. allowed: what would have been accepted. mend: the sentence that says what to do next.
    """

    what: str
    where: str = ""
    found: str = ""
    allowed: str = ""
    mend: str = ""
    exit_code: int = EXIT_UNUSABLE

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        facts = [f"{label} {value}" for label, value in (("found", self.found), ("allowed:", self.allowed)) if value]
        sentence = "; ".join([head, *facts])
        return f"{sentence}. {self.mend}" if self.mend else sentence
