"""The HTTP server of the emulator: a thread for each connection, which stays open for the next request.

werkzeug's own closes a connection after one answer, and waits 10 ms more for what the client might still send: a
connection and a thread for each of 100 requests of a plan, a third of what an answer costs.
"""

import socket
import traceback
from http import HTTPStatus
from itertools import chain
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer
from werkzeug.serving import make_server as make_werkzeug_server

Header = tuple[str, str]


class RequestHandler(MotoRequestHandler):
    """Takes an application that reads the whole of each request, as ours does: what it left would be the next one.

    Writes no access log; tracebacks go to stderr.
    """

    wbufsize = -1  # head and body leave together ...
    disable_nagle_algorithm = True  # ... and do not wait for the client to confirm what was sent before

    def handle_expect_100(self) -> bool:
        """Tell a client that asks first to go on, at once."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def run_wsgi(self) -> None:
        """Answer one request. ConnectionError of the application closes the connection on what is sent by then."""
        self.environ = self.make_environ()
        started: list[tuple[str, list[Header]]] = []
        try:
            pieces = iter(self.server.app(self.environ, lambda *status_and_headers: started.append(status_and_headers)))
            first = next(pieces, b"")  # nothing is sent of what fails by now, not even its status
            self._write_head(*started[-1])
            for piece in chain((first,), pieces):
                self.wfile.write(piece)
        except ConnectionError:
            self.close_connection = True
        except Exception:  # one broken answer is no reason to end
            self.log_error("%s", traceback.format_exc())
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.wfile.flush()

    def _write_head(self, status: str, headers: list[Header]) -> None:
        """An answer without its length ends where the connection does."""
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Connection", "close")
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def make_server(listener: socket.socket, application: Any) -> BaseWSGIServer:
    """A threaded server on a socket that listens already."""
    host, port = listener.getsockname()
    return make_werkzeug_server(
        host, port, application, threaded=True, request_handler=RequestHandler, fd=listener.fileno()
    )
