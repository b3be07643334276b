"""A user of a PostgreSQL database, whose password an admin sets."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .database_value import database_value
from .problem import RotationError, told_as
from .random_text import is_random_text, random_text
from .scram import verifier
from .target import Value


@dataclass(frozen=True)
class DatabaseUser:
    """The user `username`, who logs in to `database` over TLS that `tls` verifies.

    timeout_seconds: of connecting, and of every answer
    """

    host: str
    port: int
    database: str
    username: str
    tls: ssl.SSLContext
    timeout_seconds: float = 10.0

    def renew(self, current: Value) -> Value:
        return {**current, **self._value(random_text())}

    def fits(self, pending: Value) -> bool:
        password = pending.get("password")
        return is_random_text(password) and all(
            pending.get(key) == value for key, value in self._value(str(password)).items()
        )

    def set(self, admin: Value, pending: Value) -> None:
        """PostgreSQL is given what it stores of the password, as the password must not be in a statement."""
        from pg8000.native import identifier, literal

        names = (admin.get("username"), admin.get("password"))
        if not all(isinstance(name, str) and name for name in names):
            raise RotationError("the admin secret is not one of a database", allowed="username and password")
        stored = verifier(str(pending["password"]))
        with self._connection("the admin cannot use the database", *map(str, names)) as run:
            run(f"ALTER ROLE {identifier(self.username)} PASSWORD {literal(stored)}")

    def test(self, pending: Value) -> None:
        with self._connection("the user cannot log in to the database", self.username, str(pending["password"])) as run:
            run("SELECT 1")

    def _value(self, password: str) -> Value:
        return database_value(self.host, self.port, self.database, self.username, password)

    @contextmanager
    def _connection(self, what: str, username: str, password: str) -> Iterator[Callable[[str], object]]:
        """A statement runner; whatever goes wrong is told without the statement."""
        from pg8000.native import Connection

        with (
            told_as(what),
            Connection(
                username,
                host=self.host,
                port=self.port,
                database=self.database,
                password=password,
                ssl_context=self.tls,
                timeout=self.timeout_seconds,
                application_name="rotation",
            ) as connection,
        ):
            yield connection.run
