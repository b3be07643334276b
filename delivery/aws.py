"""AWS clients that follow a given environment, not that of this process: its endpoint, keys, profile and files."""

import functools
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

CONNECT_SECONDS, READ_SECONDS = 5, 30
ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Clients = Callable[[str], Any]

# botocore's session variable -> the environment variable that sets it, and what botocore takes without it.
_FILES = {
    "profile": ("AWS_PROFILE", None),
    "ca_bundle": ("AWS_CA_BUNDLE", None),
    "config_file": ("AWS_CONFIG_FILE", "~/.aws/config"),
    "credentials_file": ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
}


def is_emulated(environment: Mapping[str, str]) -> bool:
    """Whether AWS is played by a program on this machine."""
    return urlsplit(environment.get(ENDPOINT_VARIABLE, "")).hostname in LOOPBACK


def clients(environment: Mapping[str, str], region: str, attempts: int = 5) -> Clients:
    """A function from the name of a service to its client, each made once. An endpoint is asked without a proxy."""
    from botocore.config import Config

    endpoint = environment.get(ENDPOINT_VARIABLE)
    session = _session(tuple(environment.get(variable, otherwise) for variable, otherwise in _FILES.values()))
    arguments = {
        "endpoint_url": endpoint,
        "region_name": region,
        "aws_access_key_id": environment.get("AWS_ACCESS_KEY_ID"),
        "aws_secret_access_key": environment.get("AWS_SECRET_ACCESS_KEY"),
        "aws_session_token": environment.get("AWS_SESSION_TOKEN"),
        "config": Config(
            proxies={} if endpoint else None,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": attempts, "mode": "standard"},
        ),
    }
    return functools.cache(lambda service: session.create_client(service, **arguments))


@functools.cache
def _session(values: tuple[str | None, ...]) -> Any:
    """A session that keeps the service models it has loaded."""
    import botocore.session

    return botocore.session.Session(
        session_vars={name: (None, None, value, None) for name, value in zip(_FILES, values, strict=True)}
    )
