"""The WSGI application of the emulator: our own `/paygate/` route in front of moto."""

import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer
from werkzeug.serving import make_server as make_werkzeug_server

from delivery.sandbox import lifeline
from delivery.sandbox.emulator import DETACH_PATH
from delivery.sandbox.prerequisites import SEED_PATH
from delivery.sandbox.seeding import SeedError, seed

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class QuietRequestHandler(MotoRequestHandler):
    """Answers without writing an access log; tracebacks of moto still go to stderr."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


class Application:
    """`POST /paygate/seed` puts things into the emulated account, `/paygate/detach` lets the server outlive its parent;
    everything else is AWS, answered by moto.
    """

    def __init__(self) -> None:
        self._aws = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        own = OWN_ROUTES.get(environ.get("PATH_INFO", ""))
        if own is None:
            return self._aws(environ, start_response)
        posted = environ["REQUEST_METHOD"] == "POST"
        status, answer = own(environ) if posted else ("405 Method Not Allowed", {"error": "this path takes POST only"})
        body = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def make_server(host: str, port: int, listener: socket.socket) -> BaseWSGIServer:
    """A threaded server on a socket that listens already."""
    return make_werkzeug_server(
        host, port, Application(), threaded=True, request_handler=QuietRequestHandler, fd=listener.fileno()
    )


def _seed(environ: Environ) -> tuple[str, dict[str, Any]]:
    try:
        things = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        return "200 OK", {"seeded": seed(things)}
    except (KeyError, TypeError, ValueError, SeedError) as error:
        return "400 Bad Request", {"error": f"{type(error).__name__}: {error}"}


def _detach(_environ: Environ) -> tuple[str, dict[str, Any]]:
    lifeline.release()
    return "200 OK", {}


OWN_ROUTES: dict[str, Callable[[Environ], tuple[str, dict[str, Any]]]] = {SEED_PATH: _seed, DETACH_PATH: _detach}
