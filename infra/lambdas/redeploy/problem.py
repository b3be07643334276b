"""What can go wrong in a redeployment: one message each."""

from dataclasses import dataclass


@dataclass(eq=False)
class RedeployError(Exception):
    """`str()` is the whole message: what went wrong, what was found, what is allowed, and what to do."""

    what: str
    found: str = ""
    allowed: str = ""
    mend: str = ""

    def __str__(self) -> str:
        facts = [f"{label} {value}" for label, value in (("found", self.found), ("allowed:", self.allowed)) if value]
        sentence = "; ".join([self.what, *facts])
        return f"{sentence}. {self.mend}" if self.mend else sentence
