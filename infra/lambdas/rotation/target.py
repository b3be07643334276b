"""What a rotation changes beside the secret: whatever knows the credential, a database or somebody else's API."""

from typing import Protocol

Value = dict[str, object]  # a secret's value: a JSON object


class Target(Protocol):
    """How to add one: README.md. Each method may be called again with the same arguments, and then does no harm."""

    def renew(self, current: Value) -> Value:
        """A new value with another credential. Calls nobody; keys that the target does not know are kept."""

    def fits(self, pending: Value) -> bool:
        """Whether a value is one that `renew` would make for this target as it is configured now. Calls nobody."""

    def set(self, admin: Value, pending: Value) -> None:
        """Make the credential of a fitting value work. RotationError when it cannot be done."""

    def test(self, pending: Value) -> None:
        """Use the credential of a fitting value once. RotationError when it does not work."""
