"""The password of a PostgreSQL user, set and tried on a real server over real TLS."""

import json
import secrets
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from pg8000.native import Connection

from delivery.sandbox.standins.authority import Authority
from delivery.sandbox.standins.database import Database, Login
from infra.lambdas.rotation.database_user import DatabaseUser
from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.target import Value

HOST = "localhost"
ADMIN = Login("admin_user", secrets.token_urlsafe(24))
ADMIN_VALUE: Value = {"username": ADMIN.username, "password": ADMIN.password}
CANARY = "canary-2b7d"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def database(authority: Authority) -> Iterator[Database]:
    server = Database(authority, HOST)
    server.admit(ADMIN, "orders", "order_user")
    yield server
    server.close()


@pytest.fixture
def target(database: Database, authority: Authority) -> DatabaseUser:
    return DatabaseUser(HOST, database.port, "orders", "order_user", authority.client_context())


@pytest.mark.clause("G.7.3", proof="test")
def test_the_new_password_works_and_the_one_before_does_not(target: DatabaseUser) -> None:
    first, second = target.renew({}), target.renew({})
    target.set(ADMIN_VALUE, first)
    target.set(ADMIN_VALUE, first)
    target.test(first)

    target.set(ADMIN_VALUE, second)
    target.test(second)
    with pytest.raises(RotationError, match=r"cannot log in to the database; found DatabaseError \(SQLSTATE 28P01, "):
        target.test(first)


@pytest.mark.clause("G.7.3", proof="test")
def test_the_server_is_never_told_the_password(target: DatabaseUser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it logs of statements then holds none; it stores what the login is proven against."""
    told: list[str] = []
    run = Connection.run
    monkeypatch.setattr(Connection, "run", lambda self, sql, **more: (told.append(sql), run(self, sql, **more))[1])
    value = target.renew({})
    target.set(ADMIN_VALUE, value)
    target.test(value)

    assert [statement.split(" PASSWORD ")[0] for statement in told] == ['ALTER ROLE "order_user"', "SELECT 1"]
    assert str(value["password"]) not in "".join(told)


@pytest.mark.clause("G.7.1", proof="test")
def test_a_value_holds_what_a_service_needs_to_connect() -> None:
    target = DatabaseUser("db.example.com", 6432, "or/ders", "order user", ssl.create_default_context())
    value = target.renew({"note": "kept", "password": "old", "host": "old"})
    url = urlsplit(str(value["connection_string"]))

    assert value.keys() == {
        "note", "engine", "host", "port", "dbname", "username", "password", "connection_string"
    }  # fmt: skip
    assert (value["engine"], value["host"], value["port"]) == ("postgresql", "db.example.com", 6432)
    assert (value["dbname"], value["username"], value["note"]) == ("or/ders", "order user", "kept")
    assert value["connection_string"] == (
        f"postgresql://order%20user:{value['password']}@db.example.com:6432/or%2Fders?sslmode=verify-full"
    )
    assert (url.hostname, url.port, url.password) == ("db.example.com", 6432, value["password"])
    assert target.fits(json.loads(json.dumps(value)))


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("engine", "mysql"), ("host", "db2.example.com"), ("port", 5433), ("port", "5432"), ("dbname", "x"),
        ("username", "admin"), ("password", "short"), ("password", "x'; DROP" + "a" * 40), ("password", None),
        ("connection_string", "postgresql://elsewhere"),
    ],
)  # fmt: skip
def test_a_value_of_another_target_does_not_fit(key: str, other: object) -> None:
    target = DatabaseUser("db.example.com", 5432, "orders", "order_user", ssl.create_default_context())
    value = target.renew({})

    assert target.fits(value)
    assert not target.fits({**value, key: other})
    assert not target.fits({name: entry for name, entry in value.items() if name != key})


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("password", ["short", "x'; DROP ROLE order_user; --" + "a" * 20, "\u0663" * 48])
def test_a_password_of_another_form_does_not_fit_even_where_all_the_rest_does(password: str) -> None:
    target = DatabaseUser("db.example.com", 5432, "orders", "order_user", ssl.create_default_context())
    value = target.renew({})
    address = str(value["connection_string"]).replace(str(value["password"]), password)

    assert not target.fits({**value, "password": password, "connection_string": address})


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    "admin", [{}, {"username": "a"}, {"username": "a", "password": ""}, {"username": 1, "password": CANARY}]
)
def test_an_admin_secret_without_a_login_is_refused(target: DatabaseUser, admin: Value) -> None:
    with pytest.raises(RotationError, match="not one of a database; allowed: username and password") as refused:
        target.set(admin, target.renew({}))
    assert CANARY not in str(refused.value)


@pytest.mark.clause("G.9.8", proof="test")
def test_what_the_database_refuses_is_told_by_its_code(target: DatabaseUser) -> None:
    value = target.renew({})
    with pytest.raises(RotationError, match=r"SQLSTATE 28P01") as refused:
        target.set({**ADMIN_VALUE, "password": CANARY}, value)
    assert CANARY not in str(refused.value)

    stranger = replace(target, username=f"o'r\"d{CANARY}")
    with pytest.raises(RotationError, match=r"SQLSTATE 42704") as refused:
        stranger.set(ADMIN_VALUE, stranger.renew({}))
    assert CANARY not in str(refused.value)

    foreign = replace(target, username="postgres")
    with pytest.raises(RotationError, match=r"SQLSTATE 42501"):
        foreign.set(ADMIN_VALUE, foreign.renew({}))


@pytest.mark.clause("G.7.3", proof="test")
def test_a_server_that_cannot_prove_its_name_is_not_given_a_password(target: DatabaseUser) -> None:
    for other, reason in (
        (replace(target, tls=Authority().client_context()), "SSLCertVerificationError"),
        (replace(target, host="127.0.0.1"), "SSLCertVerificationError .*IP address mismatch"),
    ):
        with pytest.raises(RotationError, match=reason):
            other.set(ADMIN_VALUE, other.renew({}))


@contextmanager
def server_that_says(answer: bytes) -> Iterator[int]:
    """Answers the request for TLS with this, and then says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(8)
                connection.sendall(answer)
                done.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        done.set()
        thread.join(10)


@pytest.mark.clause("G.7.3", proof="test")
def test_a_server_without_tls_is_not_given_a_password(target: DatabaseUser) -> None:
    with server_that_says(b"N") as port, pytest.raises(RotationError, match="found InterfaceError"):
        replace(target, port=port).test(target.renew({}))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_server_that_does_not_answer_is_waited_for_a_bounded_time(target: DatabaseUser) -> None:
    with server_that_says(b"S") as port, pytest.raises(RotationError, match="found TimeoutError"):
        replace(target, port=port, timeout_seconds=0.2).test(target.renew({}))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_server_that_is_away_is_told(target: DatabaseUser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(RotationError, match=r"InterfaceError \(ConnectionRefusedError, database_user.py:"):
        replace(target, port=port).test(target.renew({}))
