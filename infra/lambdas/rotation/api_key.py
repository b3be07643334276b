"""A key of somebody else's API: set with the token of an admin, tried by using it. The contract is in README.md."""

import http.client
import json
import re
import ssl
from dataclasses import dataclass

from .problem import RotationError, told_as
from .random_text import is_random_text, random_text
from .target import Value

_TOKEN = re.compile(r"[!-~]+", re.ASCII)  # what a header may carry


@dataclass(frozen=True)
class ApiKey:
    """The key that is set and tried at https://host:port/path. Redirects are not followed: they are refused.

    timeout_seconds: of connecting, and of every answer
    """

    host: str
    port: int
    path: str
    tls: ssl.SSLContext
    timeout_seconds: float = 10.0

    def renew(self, current: Value) -> Value:
        return {**current, "api_key": random_text()}

    def fits(self, pending: Value) -> bool:
        return is_random_text(pending.get("api_key"))

    def set(self, admin: Value, pending: Value) -> None:
        token = admin.get("token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise RotationError("the admin secret is not one of an API", allowed="a token without blanks")
        self._ask("PUT", token, json.dumps({"api_key": pending["api_key"]}))

    def test(self, pending: Value) -> None:
        self._ask("GET", str(pending["api_key"]))

    def _ask(self, method: str, token: str, body: str | None = None) -> None:
        """RotationError for any answer but 2xx. Nothing of an answer but its status is read: it may hold the key."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout_seconds, context=self.tls)
        with told_as(f"no answer to {method}"):
            try:
                connection.request(method, self.path, body, headers)
                status = connection.getresponse().status
            finally:
                connection.close()
        if not 200 <= status < 300:
            raise RotationError(f"the API has refused {method}", f"status {status}", "2xx")
