"""Targets in memory: a database with one password per user, and an API that goes on taking older keys."""

from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.random_text import is_random_text, random_text
from infra.lambdas.rotation.target import Value

ADMIN_PASSWORD = "admin-canary-7b0c5d"


class Target:
    """Knows which credentials work. `place` is its configuration, and part of every value that it makes."""

    def __init__(self) -> None:
        self.place = 0
        self.calls = 0

    def renew(self, current: Value) -> Value:
        return {**current, "place": self.place, "credential": random_text()}

    def fits(self, pending: Value) -> bool:
        return pending.get("place") == self.place and is_random_text(pending.get("credential"))

    def set(self, admin: Value, pending: Value) -> None:
        self.calls += 1
        if admin.get("password") != ADMIN_PASSWORD:
            raise RotationError("the admin cannot log in")
        self.accept(str(pending["credential"]))

    def test(self, pending: Value) -> None:
        self.calls += 1
        if not self.takes(str(pending["credential"])):
            raise RotationError("refused")

    def accept(self, credential: str) -> None:
        raise NotImplementedError

    def takes(self, credential: str) -> bool:
        """Whether a credential works now."""
        raise NotImplementedError


class Database(Target):
    """A user has one password: the next one ends the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.password: str | None = None

    def accept(self, credential: str) -> None:
        self.password = credential

    def takes(self, credential: str) -> bool:
        return self.password == credential


class Api(Target):
    """Older keys go on working; this provider retires none."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[str] = set()

    def accept(self, credential: str) -> None:
        self.keys.add(credential)

    def takes(self, credential: str) -> bool:
        return credential in self.keys
