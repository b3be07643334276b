"""An HTTPS server that keeps to the API-key provider contract, in threads of the emulator.

`PUT ENDPOINT` with the admin token and `{"api_key": "<new>"}` makes a key work; setting the same one twice is fine and
older ones keep working, as with a provider that retires them later. `GET ENDPOINT` with a working key answers 200.
A simulation of a provider; the TLS is real.
"""

import hmac
import json
import ssl
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from delivery.sandbox.standins.authority import Authority

LARGEST_BODY_BYTES = 65536
READ_SECONDS = 10.0


class KeyServer:
    """A server for one host name; `port` is where it listens on loopback.

    `failing`: answer every request with 500, as a provider with an outage does.
    """

    def __init__(self, authority: Authority, host: str) -> None:
        self.failing = False
        self._tokens: dict[str, str] = {}  # admin token by path
        self._keys: dict[str, set[str]] = {}  # working keys by path
        server = _Server(("127.0.0.1", 0), self, authority.certify(host).server_context())
        self.port: int = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, name=f"key server of {host}", daemon=True).start()

    def admit(self, path: str, admin_token: str) -> None:
        """Serve the endpoint with this path to whoever has the token."""
        self._tokens[path] = admin_token

    def set_key(self, path: str, token: str, body: bytes) -> HTTPStatus:
        """The answer to a PUT."""
        if self.failing:
            return HTTPStatus.INTERNAL_SERVER_ERROR
        if path not in self._tokens:
            return HTTPStatus.NOT_FOUND
        if not hmac.compare_digest(self._tokens[path].encode(), token.encode()):
            return HTTPStatus.UNAUTHORIZED
        try:
            key = json.loads(body)["api_key"]
        except (ValueError, TypeError, KeyError):
            return HTTPStatus.BAD_REQUEST
        if not isinstance(key, str) or not key:
            return HTTPStatus.BAD_REQUEST
        self._keys.setdefault(path, set()).add(key)
        return HTTPStatus.NO_CONTENT

    def check_key(self, path: str, key: str) -> HTTPStatus:
        """The answer to a GET."""
        if self.failing:
            return HTTPStatus.INTERNAL_SERVER_ERROR
        if path not in self._tokens:
            return HTTPStatus.NOT_FOUND
        return HTTPStatus.OK if key in self._keys.get(path, ()) else HTTPStatus.UNAUTHORIZED

    def stop(self) -> None:
        """End the server; the emulator never does, its end is enough."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], keys: KeyServer, context: ssl.SSLContext) -> None:
        super().__init__(address, _Handler)
        self.keys = keys
        # The handshake comes with the first read, in the thread of the request: a slow client holds up nobody else.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust us hangs up; that is its answer and no trouble of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = READ_SECONDS

    def do_PUT(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY_BYTES:
            return self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(length)
        return self._answer(self.server.keys.set_key(self.path, self._bearer(), body))

    def do_GET(self) -> None:
        self._answer(self.server.keys.check_key(self.path, self._bearer()))

    def _bearer(self) -> str:
        kind, _, value = (self.headers.get("Authorization") or "").partition(" ")
        return value if kind == "Bearer" else ""

    def _answer(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: paths and tokens belong in no log."""
