"""What one rotation function is there for: read from its environment, strictly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from .api_key import ApiKey
from .database_user import DatabaseUser
from .problem import RotationError
from .secret import parsed
from .target import Target, Value
from .tls import verified_tls

HTTPS_PORT = 443


@dataclass(frozen=True)
class Configuration:
    """The one secret that may be rotated, the secret of the admin, and what is changed."""

    secret_arn: str
    admin_secret_arn: str
    target: Target


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """RotationError when a variable is missing, or TARGET is not one of the kinds."""
    texts = {name: environment.get(name, "") for name in ("SECRET_ARN", "ADMIN_SECRET_ARN", "TARGET")}
    missing = [name for name, text in texts.items() if not text]
    if missing:
        raise RotationError("the function is not configured", f"no {', '.join(missing)}", ", ".join(texts))
    return Configuration(texts["SECRET_ARN"], texts["ADMIN_SECRET_ARN"], make_target(texts["TARGET"]))


def make_target(text: str) -> Target:
    """The target that a JSON text names."""
    value = parsed(text) or {}
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise RotationError("TARGET names no target", allowed=f"JSON with a kind: {', '.join(KINDS)}")
    types, make = KINDS[kind]
    described = {key: entry for key, entry in value.items() if key != "kind"}
    if {key: type(entry) for key, entry in described.items()} != types or not all(described.values()):
        wanted = ", ".join(f"{key} ({type_.__name__})" for key, type_ in types.items())
        raise RotationError(f"TARGET describes no {kind}", allowed=f"exactly {wanted}, none of them empty")
    return make(described)


def _database_user(value: Value) -> Target:
    host, database, username = (str(value[key]) for key in ("host", "database", "username"))
    return DatabaseUser(host, int(str(value["port"])), database, username, verified_tls())


def _api_key(value: Value) -> Target:
    address = _split(str(value["endpoint"]))
    if (
        address is None
        or address.scheme != "https"
        or not address.hostname
        or address.netloc.rpartition("@")[1]
        or address.query
        or address.fragment
    ):
        raise RotationError("the endpoint cannot be used", allowed="https://HOST/PATH, without user and query")
    return ApiKey(address.hostname, address.port or HTTPS_PORT, address.path or "/", verified_tls())


def _split(endpoint: str) -> SplitResult | None:
    try:
        address = urlsplit(endpoint)
        _ = address.port  # read here: it is checked when it is read
    except ValueError:
        return None
    return address


KINDS: Mapping[str, tuple[Mapping[str, type], Callable[[Value], Target]]] = {
    "database-user": ({"host": str, "port": int, "database": str, "username": str}, _database_user),
    "api-key": ({"endpoint": str}, _api_key),
}
