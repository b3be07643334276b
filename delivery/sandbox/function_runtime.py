"""What the world of a function looks like: its package and the Lambda runtime, and names that resolve to stand-ins.

Only the standard library. A simulation of the runtime as far as imports go, so that a library that was not packed is
missed here and not first on AWS.
"""

import importlib.machinery
import socket
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

# Part of the Python runtimes of Lambda: boto3 and what it requires
# (https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html, checked 2026-11-26)
RUNTIME_LIBRARIES = frozenset({"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"})
LOOPBACK = "127.0.0.1"


class PackageOnly:
    """A finder that knows only what `package` (a folder), the standard library and the runtime hold."""

    def __init__(self, package: str) -> None:
        self._path = [package]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """None, which asks the ordinary finders, for what there is on AWS as well; ModuleNotFoundError otherwise."""
        known = fullname in sys.stdlib_module_names or fullname in RUNTIME_LIBRARIES
        if path is not None or known or importlib.machinery.PathFinder.find_spec(fullname, self._path):
            return None
        raise ModuleNotFoundError(f"No module named {fullname!r} in the package or the Lambda runtime", name=fullname)


def redirect_connections(redirects: Mapping[str, int]) -> None:
    """Connect to a port on loopback instead of exactly these `host:port`; TLS still asks for the name it was given."""
    connect = socket.create_connection

    def create_connection(address: tuple[str, int], *arguments: Any, **options: Any) -> socket.socket:
        host, port = address
        local = redirects.get(f"{host}:{port}")
        return connect(address if local is None else (LOOPBACK, local), *arguments, **options)

    socket.create_connection = create_connection  # type: ignore[assignment]
