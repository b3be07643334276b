"""The WSGI application of the emulator."""

import socket

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer
from werkzeug.serving import make_server as make_werkzeug_server


class QuietRequestHandler(MotoRequestHandler):
    """Answers without writing an access log; tracebacks of moto still go to stderr."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def make_server(host: str, port: int, listener: socket.socket) -> BaseWSGIServer:
    """A threaded server on a socket that listens already."""
    aws = DomainDispatcherApplication(create_backend_app)
    return make_werkzeug_server(
        host, port, aws, threaded=True, request_handler=QuietRequestHandler, fd=listener.fileno()
    )
