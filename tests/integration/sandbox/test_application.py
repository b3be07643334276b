"""What parallel requests do to each other in the emulator: nothing. And what a request that is made again does."""

import io
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from delivery.sandbox.application import FAULTS, Application
from delivery.sandbox.faults import EVERY_CLIENT, Cut, Fault


class Watched:
    """Stands in for moto: counts how many requests are inside at once, and keeps what they sent."""

    def __init__(self, status: str = "200 OK") -> None:
        self.status = status
        self.inside = self.most = 0
        self.bodies: list[bytes] = []
        self._count = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._count:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        self.bodies.append(environ["wsgi.input"].read())
        with self._count:
            self.inside -= 1
        start_response(self.status, [("Content-Type", "text/plain")])
        return [b"%d" % len(self.bodies)]


def _request(application: Application, stream: Any, length: int) -> None:
    environ = {"PATH_INFO": "/", "wsgi.input": stream, "CONTENT_LENGTH": str(length)}
    application(environ, lambda *_arguments: None)


def test_requests_are_carried_out_one_at_a_time() -> None:
    application = Application()
    application._aws = watched = Watched()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: _request(application, io.BytesIO(b"%d" % n), 1), range(8)))
    assert watched.most == 1
    assert sorted(watched.bodies) == [b"%d" % number for number in range(8)]


def test_who_sends_slowly_keeps_nobody_waiting() -> None:
    application = Application()
    application._aws = watched = Watched()
    sent = threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert sent.wait(10)
            return super().read(size)

    slow = threading.Thread(target=_request, args=(application, Slow(b"slow"), 4))
    slow.start()
    _request(application, io.BytesIO(b"quick"), 5)
    sent.set()
    slow.join(10)
    assert watched.bodies == [b"quick", b"slow"]


def _post(application: Application, invocation: str, method: str = "POST") -> tuple[str, bytes]:
    """Status and body of an attempt of this invocation."""
    statuses: list[str] = []
    environ = {"PATH_INFO": "/", "REQUEST_METHOD": method, "wsgi.input": io.BytesIO(b""), "CONTENT_LENGTH": "0"}
    environ["HTTP_AMZ_SDK_INVOCATION_ID"] = invocation
    body = b"".join(application(environ, lambda status, _headers: statuses.append(status)))
    return statuses[0], body


def test_an_attempt_whose_answer_was_lost_is_answered_again_and_not_carried_out_again() -> None:
    application = Application()
    application._aws = watched = Watched()
    assert [_post(application, "one"), _post(application, "one")] == [("200 OK", b"1")] * 2
    assert _post(application, "two") == ("200 OK", b"2")
    assert [_post(application, ""), _post(application, "")] == [("200 OK", b"3"), ("200 OK", b"4")]
    assert len(watched.bodies) == 4


@pytest.mark.parametrize(("status", "method"), [("500 Internal Server Error", "POST"), ("200 OK", "GET")])
def test_what_failed_or_only_reads_is_carried_out_again(status: str, method: str) -> None:
    application = Application()
    application._aws = watched = Watched(status)
    assert [_post(application, "one", method)[1], _post(application, "one", method)[1]] == [b"1", b"2"]
    assert len(watched.bodies) == 2


@contextmanager
def struck_by(fault: Fault) -> Iterator[None]:
    """The fault strikes every client meanwhile."""
    FAULTS.put(EVERY_CLIENT, [fault])
    try:
        yield
    finally:
        FAULTS.put(EVERY_CLIENT, [])


def test_a_delay_alone_changes_nothing_in_that() -> None:
    application = Application()
    application._aws = watched = Watched()
    with struck_by(Fault("slow", delay_seconds=0.01)):
        assert [_post(application, "one"), _post(application, "one")] == [("200 OK", b"1")] * 2
    assert len(watched.bodies) == 1


def test_an_answer_that_was_cut_on_purpose_has_the_request_carried_out_twice() -> None:
    application = Application()
    application._aws = watched = Watched()
    with struck_by(Fault("cut", cut=Cut.UNANSWERED, first=1)):
        with pytest.raises(ConnectionAbortedError):
            _post(application, "one")
        assert _post(application, "one") == ("200 OK", b"2")
    assert len(watched.bodies) == 2
