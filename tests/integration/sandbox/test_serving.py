"""Connections to the emulator stay open, and are closed where an answer was cut or has no length."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from delivery.sandbox.serving import make_server


@contextmanager
def serving(application: Callable[..., Iterable[bytes]]) -> Iterator[http.client.HTTPConnection]:
    """A connection to a server of this application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = make_server(listener, application)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield http.client.HTTPConnection(*listener.getsockname(), timeout=10)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def answer(connection: http.client.HTTPConnection, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection.request("POST", "/", body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def test_one_connection_takes_one_request_after_the_other() -> None:
    with serving(echo) as connection:
        connection.connect()
        opened = connection.sock
        assert [answer(connection, b"%d" % number) for number in range(3)] == [(200, b"%d" % n) for n in range(3)]
        assert connection.sock is opened


def test_who_asks_first_whether_to_send_is_told_to_go_on() -> None:
    with serving(echo) as connection:
        connection.connect()
        connection.sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sock.sendall(b"ok")
        assert connection.sock.recv(1000).endswith(b"\r\n\r\nok")


def test_an_answer_without_its_length_ends_with_the_connection() -> None:
    def endless(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"a", b"b"]

    with serving(endless) as connection:
        assert [answer(connection), answer(connection)] == [(200, b"ab")] * 2


def test_an_answer_that_is_cut_reaches_the_client_as_far_as_it_went() -> None:
    def half(_environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "4")])

        def pieces() -> Iterator[bytes]:
            yield b"ha"
            raise ConnectionAbortedError

        return pieces()

    with serving(half) as connection, pytest.raises(http.client.IncompleteRead) as cut:
        answer(connection)
    assert cut.value.partial == b"ha"


def test_a_request_that_is_cut_gets_no_answer() -> None:
    def gone(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise ConnectionAbortedError

    with serving(gone) as connection, pytest.raises(http.client.RemoteDisconnected):
        answer(connection)


def test_a_broken_answer_is_a_500_with_its_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise ValueError("what is wrong")

    with serving(broken) as connection:
        assert [answer(connection)[0], answer(connection)[0]] == [500, 500]
    assert "ValueError: what is wrong" in caplog.text
