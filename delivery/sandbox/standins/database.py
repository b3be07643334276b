"""A database for the targets of a stack: a real PostgreSQL in a process that ends with the emulator."""

import json
import os
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from delivery.sandbox.standins import StandInError
from delivery.sandbox.standins.authority import Authority
from delivery.sandbox.standins.postgresql import SUPERUSER

ANSWER_SECONDS = 60.0  # making a cluster takes half a second on an idle machine


@dataclass(frozen=True)
class Login:
    """Who connects."""

    username: str
    password: str


class Database:
    """A server for one host name; `port` is where it listens on loopback, with TLS only.

    StandInError when it cannot be started. The process sees the end of its stdin when the emulator is gone, however
    that ended.
    """

    def __init__(self, authority: Authority, host: str) -> None:
        self._authority, self._host = authority, host
        self._superuser = Login(SUPERUSER, secrets.token_urlsafe(24))
        certificate = authority.certify(host)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "delivery.sandbox.standins.database_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        wishes = {
            "certificate": certificate.certificate.decode(),
            "key": certificate.key.decode(),
            "password": self._superuser.password,
        }
        self.port: int = self._ask(json.dumps(wishes))["port"]

    def admit(self, admin: Login, database: str, username: str) -> None:
        """The database, a role that cannot log in with a password yet, and an admin that may give it one.

        What is there already stays. The admin is no superuser: it has the role to administer and nothing else.
        """
        from pg8000.native import identifier, literal

        with self._connect("postgres") as run:
            if not run("SELECT 1 FROM pg_database WHERE datname = :name", name=database):
                run(f"CREATE DATABASE {identifier(database)}")
            for role in (admin.username, username):
                if not run("SELECT 1 FROM pg_roles WHERE rolname = :name", name=role):
                    run(f"CREATE ROLE {identifier(role)} LOGIN")
            user, giver = identifier(username), identifier(admin.username)
            run(f"ALTER ROLE {giver} CREATEROLE PASSWORD {literal(admin.password)}")
            run(f"GRANT {user} TO {giver} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")

    def stop(self) -> None:
        """Take it away; the data stay."""
        self._ask("stop")

    def start(self) -> None:
        """Bring it back with its data, where it was."""
        self._ask("start")

    def close(self) -> None:
        """End it for good and wait for that; the emulator never does, its end is enough."""
        with self._process as process:
            assert process.stdin is not None  # noqa: S101  # we asked for the pipe
            process.stdin.close()
            process.wait(ANSWER_SECONDS)

    @contextmanager
    def _connect(self, database: str) -> Iterator[Any]:
        from pg8000.native import Connection, InterfaceError

        context = self._authority.client_context()
        context.check_hostname = False  # we connect by address; the functions check the name
        try:
            connection = Connection(
                self._superuser.username,
                host="127.0.0.1",
                port=self.port,
                database=database,
                password=self._superuser.password,
                timeout=ANSWER_SECONDS,
                ssl_context=context,
            )
        except InterfaceError as error:
            raise StandInError(f"the stand-in for the database {self._host} takes no connections: {error}") from error
        try:
            yield connection.run
        finally:
            connection.close()

    def _ask(self, line: str) -> dict[str, Any]:
        """The answer to one line; StandInError when it is an error or none."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101  # we asked for both pipes
        assert stdout is not None  # noqa: S101
        try:
            stdin.write(line.encode() + b"\n")
            stdin.flush()
            answer = _line_of(stdout.fileno())
        except OSError as error:
            raise StandInError(f"the stand-in for the database {self._host} has ended: {error}") from error
        if not answer:
            raise StandInError(f"the stand-in for the database {self._host} gives no answer")
        told: dict[str, Any] = json.loads(answer)
        if "error" in told:
            raise StandInError(f"the stand-in for the database {self._host}: {told['error']}")
        return told


def _line_of(descriptor: int) -> bytes:
    """One line, or what came of it until the other side ended or time was up."""
    deadline = time.monotonic() + ANSWER_SECONDS
    line = b""
    while not line.endswith(b"\n"):
        readable, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        piece = os.read(descriptor, 4096) if readable else b""
        if not piece:
            return b""
        line += piece
    return line
