"""What stops the gate: one message that says what, where, found, allowed and what to do. The command exits with 2."""

from dataclasses import dataclass


@dataclass
class GateError(Exception):
    """Bad input or a broken gate. `where` is a file, optionally with `:line`; `remedy` is an instruction."""

    what: str
    where: str = ""
    found: str = ""
    allowed: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        parts += [f"{label}: {text}" for label, text in (("found", self.found), ("allowed", self.allowed)) if text]
        return "; ".join(parts) + (f". {self.remedy}" if self.remedy else "")
