"""What parallel requests do to each other in the emulator: nothing. And what none of them waits for."""

import io
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from moto import backends

from delivery.sandbox.application import Application, Dispatcher


class Watched:
    """Stands in for moto: counts how many requests are inside at once, and keeps what they sent."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.bodies: list[bytes] = []
        self._count = threading.Lock()

    def __call__(self, environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        with self._count:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        self.bodies.append(environ["wsgi.input"].read())
        with self._count:
            self.inside -= 1
        return [b""]


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


def test_the_service_of_a_host_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    modules = backends.list_of_moto_modules
    monkeypatch.setattr(backends, "list_of_moto_modules", lambda: looked.append(1) or modules())
    dispatcher = Dispatcher()
    hosts = ["iam.us-east-1.amazonaws.com", "ecs.us-east-1.amazonaws.com"] * 3
    assert [dispatcher.get_backend_for_host(host) for host in hosts] == ["iam", "ecs"] * 3
    assert len(looked) == 2
