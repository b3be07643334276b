"""Faults that an emulated AWS has on demand: which request is struck, when, and how. Pure; the server asks it.

A request is known by what the emulator sends it on by: the service in the signature's scope, and the operation in
`Action` or `X-Amz-Target`, or method and path where the protocol has neither (`PUT /bucket/key`).
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs

FAULTS_PATH = "/paygate/faults"
EVERY_CLIENT = "*"
UNSIGNED_SERVICE = "s3"  # what the emulator takes a request without a signature for


@dataclass(frozen=True)
class Asked:
    """A request as it is matched. client: the access key id that signed it, empty for an unsigned one."""

    service: str
    operation: str
    client: str
    target: bool = False  # `operation` came in X-Amz-Target: the JSON protocol
    action: bool = False  # `operation` came in Action: the query protocol


class Cut(StrEnum):
    """When the connection is closed: before the request is carried out, or after, in the middle of its answer, or
    before a byte of it was sent. A client that tries again after the last has the request carried out twice.
    """

    NEVER = ""
    BEFORE = "before"
    AFTER = "after"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Fault:
    """What happens to matching requests of one client.

    service, operation: shell patterns. status, code: an error answer of AWS instead of the real one. cut: the
    connection ends without a whole answer. delay_seconds: before either, or before the real answer. Of the matching
    requests the first `skip` are left alone; of the others each `every`-th is struck, and `first` of them at most
    (0: no limit).
    """

    name: str
    service: str = "*"
    operation: str = "*"
    status: int = 0
    code: str = ""
    cut: Cut = Cut.NEVER
    delay_seconds: float = 0.0
    skip: int = 0
    every: int = 1
    first: int = 0

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Fault":
        """ValueError for what is unknown, out of range, or does nothing."""
        unknown = sorted(set(raw) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"a fault has no {', '.join(unknown)}")
        fault = cls(**{**raw, "cut": Cut(raw.get("cut", ""))})
        if not (fault.status or fault.cut or fault.delay_seconds):
            raise ValueError(f"the fault {fault.name} does nothing: it needs status, cut or delay_seconds")
        if bool(fault.status) != bool(fault.code) or (fault.status and not 400 <= fault.status <= 599):
            raise ValueError(f"the fault {fault.name} needs both code and status, a status of 400 to 599")
        if fault.status and fault.cut is not Cut.NEVER:
            raise ValueError(f"the fault {fault.name} has an answer and is cut: it can have one of them")
        if min(fault.skip, fault.first, fault.delay_seconds) < 0 or fault.every < 1:
            raise ValueError(f"the fault {fault.name} counts below nothing")
        return fault

    def matches(self, asked: Asked) -> bool:
        return fnmatchcase(asked.service, self.service) and fnmatchcase(asked.operation, self.operation)

    def strikes(self, matched: int, struck: int) -> bool:
        """Whether it strikes the `matched`-th matching request (from 1), having struck `struck` before."""
        counted = matched - self.skip
        return counted > 0 and counted % self.every == 0 and (self.first == 0 or struck < self.first)


@dataclass
class Counted:
    """A fault and how often it matched and struck."""

    fault: Fault
    matched: int = 0
    struck: int = 0


class Faults:
    """The faults in force, by client, with their counters. Safe to use from several threads."""

    def __init__(self) -> None:
        self._of_client: dict[str, list[Counted]] = {}
        self._lock = threading.Lock()

    def put(self, client: str, faults: Sequence[Fault]) -> None:
        """Replace the faults of a client (EVERY_CLIENT: of all of them together), with new counters."""
        with self._lock:
            self._of_client[client] = [Counted(fault) for fault in faults]

    def counts(self, client: str) -> list[dict[str, Any]]:
        """Name, matched and struck of each fault of a client, in the order given."""
        with self._lock:
            return [
                {"name": entry.fault.name, "matched": entry.matched, "struck": entry.struck}
                for entry in self._of_client.get(client, ())
            ]

    def struck_by(self, asked: Asked) -> Fault | None:
        """The first fault that strikes this request. Every fault that matches it counts it."""
        with self._lock:
            striking: Fault | None = None
            for entry in (*self._of_client.get(asked.client, ()), *self._of_client.get(EVERY_CLIENT, ())):
                if not entry.fault.matches(asked):
                    continue
                entry.matched += 1
                if striking is None and entry.fault.strikes(entry.matched, entry.struck):
                    entry.struck += 1
                    striking = entry.fault
            return striking


def asked_by(environ: Mapping[str, Any], body: bytes) -> Asked:
    """The request of a WSGI environment whose body has been read.

    Source of the scope: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    (checked 2026-11-26), `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
    """
    client, service = _signer(environ.get("HTTP_AUTHORIZATION", ""))
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    if target:
        return Asked(service, target.rpartition(".")[2], client, target=True)
    action = _action(environ, body)
    if action:
        return Asked(service, action, client, action=True)
    return Asked(service, f"{environ.get('REQUEST_METHOD', '')} {environ.get('PATH_INFO', '')}", client)


def _signer(authorization: str) -> tuple[str, str]:
    """Access key id and service of a signature."""
    scope = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    return (scope[0], scope[3].lower()) if len(scope) == 5 else ("", UNSIGNED_SERVICE)


def _action(environ: Mapping[str, Any], body: bytes) -> str:
    form = str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")
    asked = parse_qs(body.decode(errors="replace")) if form else parse_qs(str(environ.get("QUERY_STRING", "")))
    return asked.get("Action", [""])[0]
