"""Who stands in for whom in this emulator: each target by `host:port`, made when it is first wanted."""

import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from delivery.sandbox.standins.authority import Authority
    from delivery.sandbox.standins.database import Database
    from delivery.sandbox.standins.key_server import KeyServer

HTTPS_PORT = 443
StandIn = TypeVar("StandIn")


class Cast:
    """All stand-ins of one emulator. Its imports come late: most stacks need none."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # two stacks may be seeded at once
        self._authority: Authority | None = None
        self._databases: dict[str, Database] = {}
        self._key_servers: dict[str, KeyServer] = {}
        self._credentials: dict[str, dict[str, str]] = {}

    def database_user(self, admin_arn: str, host: str, port: int, database: str, username: str) -> dict[str, str]:
        """Have a database with this user; returns what the admin secret has to hold."""
        from delivery.sandbox.standins.database import Database, Login

        with self._lock:
            held = self._credentials.setdefault(admin_arn, {})
            held.setdefault("username", f"admin_{len(self._credentials)}")
            held.setdefault("password", secrets.token_urlsafe(24))
            stand_in = self._have(self._databases, f"{host}:{port}", Database)
            stand_in.admit(Login(held["username"], held["password"]), database, username)
            return dict(held)

    def api_key(self, admin_arn: str, endpoint: str) -> dict[str, str]:
        """Have a key server with this endpoint; returns what the admin secret has to hold."""
        from delivery.sandbox.standins.key_server import KeyServer

        with self._lock:
            held = self._credentials.setdefault(admin_arn, {})
            held.setdefault("token", secrets.token_urlsafe(24))
            at = urlsplit(endpoint)
            stand_in = self._have(self._key_servers, f"{at.hostname}:{at.port or HTTPS_PORT}", KeyServer)
            stand_in.admit(at.path or "/", held["token"])
            return dict(held)

    def set_outage(self, target: str, *, lasts: bool) -> None:
        """Let the target with this `host:port` fail, or work again. KeyError when nothing stands in for it."""
        with self._lock:
            if target in self._databases:
                change = self._databases[target].stop if lasts else self._databases[target].start
                change()
            else:
                self._key_servers[target].failing = lasts

    @property
    def redirects(self) -> dict[str, int]:
        """The loopback port of each `host:port`."""
        with self._lock:
            databases = {name: stand_in.port for name, stand_in in self._databases.items()}
            return databases | {name: stand_in.port for name, stand_in in self._key_servers.items()}

    @property
    def authorities(self) -> str:
        """The certificate authority of all stand-ins as PEM; empty while there are none."""
        return self._authority.certificate.decode() if self._authority else ""

    def _have(self, made: dict[str, StandIn], name: str, make: "Callable[[Authority, str], StandIn]") -> StandIn:
        from delivery.sandbox.standins.authority import Authority

        if self._authority is None:
            self._authority = Authority()
        if name not in made:
            made[name] = make(self._authority, name.rpartition(":")[0])
        return made[name]


CAST = Cast()
