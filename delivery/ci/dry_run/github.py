"""A GitHub on loopback that answers as the REST API does, from lists that it is given, and keeps what it was asked."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "job-token"  # noqa: S105 - opens nothing but this stand-in


@dataclass
class FakeGitHub:
    """`entries`: what a list is answered with, by path; `asked`: method, path and body of what changed something."""

    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    refuse_with: int = 0
    url: str = ""

    def variables(self, **more: str) -> dict[str, str]:
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/paygate",
            "GITHUB_RUN_ID": "77",
            "GITHUB_TOKEN": TOKEN,
            **more,
        }

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if self.refuse_with:
            return self.refuse_with, {"message": "Resource not accessible by integration"}
        parts = urlsplit(path)
        below = re.sub(r"^/repos/acme/paygate/", "", parts.path)
        if method == "GET":
            query = parse_qs(parts.query)
            start = (int(query["page"][0]) - 1) * int(query["per_page"][0])
            return 200, self.entries.get(below, [])[start : start + int(query["per_page"][0])]
        self.asked.append((method, below, body))
        return 201, {"html_url": f"https://github.com/acme/paygate/{below}"}


@contextmanager
def fake_github() -> Iterator[FakeGitHub]:
    fake = FakeGitHub()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
            status, answer = fake.answer(self.command, self.path, body) if allowed else (401, {"message": "no"})
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - names of http.server

        def log_message(self, format: str, *args: object) -> None:
            """Tests read no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
