"""The key of an API, set and tried over real TLS."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from delivery.sandbox.standins.authority import Authority
from delivery.sandbox.standins.key_server import KeyServer
from infra.lambdas.rotation.api_key import ApiKey
from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.target import Value

HOST, PATH = "localhost", "/v1/keys/orders"
TOKEN = "admin-canary-55e1"
CANARY = "canary-3a90"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def target(authority: Authority) -> Iterator[ApiKey]:
    provider = KeyServer(authority, HOST)
    provider.admit(PATH, TOKEN)
    yield ApiKey(HOST, provider.port, PATH, authority.client_context())
    provider.stop()


@pytest.mark.clause("G.7.2", "G.7.3", proof="test")
def test_the_new_key_works_and_so_does_the_one_before(target: ApiKey) -> None:
    first, second = target.renew({}), target.renew({})
    for value in (first, first, second):
        target.set({"token": TOKEN}, value)

    target.test(second)
    target.test(first)
    with pytest.raises(RotationError, match="the API has refused GET; found status 401; allowed: 2xx"):
        target.test(target.renew({}))


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("token", [None, "", 7, f"{CANARY} b", f"{CANARY}\r\nHost: x", f"{CANARY}\u00fc"])
def test_an_admin_secret_without_a_token_is_refused(target: ApiKey, token: object) -> None:
    with pytest.raises(RotationError, match="not one of an API; allowed: a token without blanks") as refused:
        target.set({"token": token}, target.renew({}))
    assert CANARY not in str(refused.value)


@pytest.mark.clause("G.9.8", proof="test")
def test_another_admin_is_refused(target: ApiKey) -> None:
    with pytest.raises(RotationError, match="the API has refused PUT; found status 401") as refused:
        target.set({"token": CANARY}, target.renew({}))
    assert CANARY not in str(refused.value)


@pytest.mark.clause("G.7.3", proof="test")
def test_only_a_key_made_here_fits_and_the_rest_of_a_value_is_kept(target: ApiKey) -> None:
    value = target.renew({"note": "kept", "api_key": "old"})

    assert value.keys() == {"note", "api_key"}
    assert value["note"] == "kept"
    assert target.fits(value)
    assert not any(map(target.fits, ({}, {"api_key": None}, {"api_key": "old"}, {"api_key": f"{value['api_key']}\n"})))


@pytest.mark.clause("G.7.3", proof="test")
def test_a_server_that_cannot_prove_its_name_is_not_given_a_key(target: ApiKey) -> None:
    for other in (replace(target, tls=Authority().client_context()), replace(target, host="127.0.0.1")):
        with pytest.raises(RotationError, match=r"no answer to PUT; found SSLCertVerificationError \("):
            other.set({"token": TOKEN}, other.renew({}))


@dataclass
class Answers:
    """What the server below says, and what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    silent: bool = False


@contextmanager
def provider(authority: Authority, answers: Answers) -> Iterator[ApiKey]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answers.asked.append((self.command, self.path, dict(self.headers), body))
            if answers.silent:
                done.wait(10)
                return
            self.send_response(answers.status)
            for name, value in answers.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answers.body)

        do_GET = do_PUT = _answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    done = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = authority.certify(HOST).server_context().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield ApiKey(HOST, server.server_address[1], PATH, authority.client_context())
    done.set()
    server.shutdown()
    server.server_close()


@pytest.mark.clause("G.7.3", proof="test")
def test_the_contract_of_the_provider(authority: Authority) -> None:
    answers = Answers(status=204)
    with provider(authority, answers) as target:
        value: Value = target.renew({})
        target.set({"token": TOKEN}, value)
        target.test(value)

    (put, put_path, put_headers, put_body), (get, get_path, get_headers, get_body) = answers.asked
    assert (put, put_path, put_headers["Authorization"]) == ("PUT", PATH, f"Bearer {TOKEN}")
    assert put_headers["Content-Type"] == "application/json"
    assert json.loads(put_body) == {"api_key": value["api_key"]}
    assert (get, get_path, get_headers["Authorization"]) == ("GET", PATH, f"Bearer {value['api_key']}")
    assert get_body == b""


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("status", [199, 300, 301, 302, 307, 308, 400, 401, 403, 404, 409, 429, 500, 503])
def test_any_other_answer_is_a_refusal_and_no_redirect_is_followed(authority: Authority, status: int) -> None:
    answers = Answers(status, {"Location": f"https://{HOST}/{CANARY}"}, CANARY.encode())
    with provider(authority, answers) as target:
        for call in (lambda: target.set({"token": TOKEN}, target.renew({})), lambda: target.test(target.renew({}))):
            with pytest.raises(RotationError, match=f"found status {status}; allowed: 2xx") as refused:
                call()
            assert CANARY not in str(refused.value)

    assert len(answers.asked) == 2


@pytest.mark.clause("G.9.8", proof="test")
def test_a_provider_that_does_not_answer_is_waited_for_a_bounded_time(authority: Authority) -> None:
    with (
        provider(authority, Answers(silent=True)) as target,
        pytest.raises(RotationError, match="no answer to GET; found TimeoutError"),
    ):
        replace(target, timeout_seconds=0.2).test(target.renew({}))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_provider_that_speaks_something_else_is_told_without_its_words(authority: Authority) -> None:
    answers = Answers(headers={"X-Long": CANARY * 10_000})
    with provider(authority, answers) as target, pytest.raises(RotationError, match="LineTooLong") as refused:
        target.test(target.renew({}))

    assert CANARY not in str(refused.value)


def test_only_tls_is_spoken() -> None:
    answers: list[bytes] = []
    listening = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=lambda: answers.append(listening.socket.accept()[0].recv(3)), daemon=True)
    thread.start()

    target = ApiKey("127.0.0.1", listening.server_address[1], PATH, ssl.create_default_context(), timeout_seconds=0.5)
    with pytest.raises(RotationError, match="no answer to GET"):
        target.test(target.renew({}))
    thread.join(5)
    listening.server_close()

    assert answers[0][:1] == b"\x16"  # the first byte of a TLS handshake
