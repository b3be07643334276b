"""Answers that a client may not have got. Pure.

On a busy machine the provider asks again, now and then, although it was answered (twice in 94,000 requests), for a
reason that we do not know: a group is made twice, a rule taken away twice. Each attempt bears the id of its invocation
(`amz-sdk-invocation-id`), so the second gets the answer of the first. AWS itself does no such thing: a `Cut` that is
asked for still has the request carried out twice.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 512  # answers that are kept; whoever asks again does so within seconds
READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Answer:
    """A whole answer: status line, headers, body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Answers:
    """The last answers, by the invocation that they were given to. Safe to use from several threads."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def given(self, environ: Mapping[str, Any]) -> Answer | None:
        """What an earlier attempt of this invocation was answered."""
        with self._lock:
            return self._given.get(_invocation(environ))

    def keep(self, environ: Mapping[str, Any], answer: Answer) -> None:
        """Only of what did something: an error is asked for again, and reading twice does no harm."""
        invocation = _invocation(environ)
        if not invocation or not answer.status.startswith("2") or environ.get("REQUEST_METHOD") in READING:
            return
        with self._lock:
            self._given[invocation] = answer
            while len(self._given) > MOST:
                self._given.popitem(last=False)


def _invocation(environ: Mapping[str, Any]) -> str:
    return str(environ.get("HTTP_AMZ_SDK_INVOCATION_ID", ""))
