"""The WSGI application of the emulator: our own `/paygate/` route in front of moto."""

import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from delivery.sandbox import lifeline
from delivery.sandbox.answers import Answer, Answers
from delivery.sandbox.emulator import DETACH_PATH
from delivery.sandbox.fault_answers import error_answer
from delivery.sandbox.faults import EVERY_CLIENT, FAULTS_PATH, Asked, Cut, Fault, Faults, asked_by
from delivery.sandbox.prerequisites import SEED_PATH
from delivery.sandbox.quickening import Dispatcher
from delivery.sandbox.seeding import SeedError, seed
from delivery.sandbox.standins import StandInError
from delivery.sandbox.standins.cast import CAST
from delivery.sandbox.turns import TURNS

OUTAGE_PATH = "/paygate/outage"
FAULTS = Faults()
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Application:
    """`POST /paygate/seed` puts things into the emulated account, `/paygate/outage` lets a stand-in fail or work again,
    `/paygate/detach` lets the server outlive its parent, `/paygate/faults` lets AWS fail; everything else is AWS,
    answered by moto.
    """

    def __init__(self) -> None:
        self._aws = Dispatcher()
        self._answers = Answers()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """A request is read before its turn: a client that sends slowly keeps nobody else waiting."""
        length = -1 if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        own = OWN_ROUTES.get(environ.get("PATH_INFO", ""))
        if own is None:
            return self._answer_of_aws(environ, body, start_response)
        posted = environ["REQUEST_METHOD"] == "POST"
        status, answer = _answer(own, body) if posted else NOT_POSTED
        said = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
        return [said]

    def _answer_of_aws(self, environ: Environ, body: bytes, start_response: StartResponse) -> Iterable[bytes]:
        asked = asked_by(environ, body)
        fault = FAULTS.struck_by(asked)
        if fault:
            return self._answer_of(fault, asked, environ, start_response)
        return self._carry_out_once(environ, start_response)

    def _answer_of(
        self, fault: Fault, asked: Asked, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """What a faulty AWS answers. Its delay is nobody's turn."""
        time.sleep(fault.delay_seconds)
        if fault.status:
            answer = error_answer(asked, fault)
            start_response(answer.status, list(answer.headers))
            return [answer.body]
        if fault.cut is Cut.NEVER:
            return self._carry_out_once(environ, start_response)
        if fault.cut is Cut.BEFORE:
            raise ConnectionAbortedError(fault.name)
        carried_out = self._carry_out(environ, start_response)
        if fault.cut is Cut.UNANSWERED:
            raise ConnectionAbortedError(fault.name)
        return _first_half(b"".join(carried_out))

    def _carry_out_once(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """An attempt whose answer was lost on its way is answered again, and not carried out again."""
        answer = self._answers.given(environ)
        if answer is None:
            started: list[Any] = []
            body = b"".join(self._carry_out(environ, lambda *status_and_headers: started.append(status_and_headers)))
            ((status, headers, *_),) = started
            answer = Answer(status, tuple(headers), body)
            self._answers.keep(environ, answer)
        start_response(answer.status, list(answer.headers))
        return [answer.body]

    def _carry_out(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with TURNS.taken():
            return self._aws(environ, start_response)


def _first_half(body: bytes) -> Iterator[bytes]:
    """Then the server drops the connection, as it does where its client has gone. Nothing of an empty body is sent."""
    if len(body) > 1:
        yield body[: len(body) // 2]
    raise ConnectionAbortedError("cut in the middle of the answer")


def _seed(wanted: Any) -> tuple[str, dict[str, Any]]:
    seeded = seed(wanted)
    return "200 OK", {"seeded": seeded, "redirects": CAST.redirects, "authorities": CAST.authorities}


def _outage(wanted: Any) -> tuple[str, dict[str, Any]]:
    CAST.set_outage(wanted["target"], lasts=wanted["lasts"])
    return "200 OK", {}


def _faults(wanted: Any) -> tuple[str, dict[str, Any]]:
    """Without `faults` it only tells the counters."""
    client = wanted.get("client", EVERY_CLIENT)
    if "faults" in wanted:
        FAULTS.put(client, [Fault.from_json(raw) for raw in wanted["faults"]])
    return "200 OK", {"faults": FAULTS.counts(client)}


def _detach(_wanted: Any) -> tuple[str, dict[str, Any]]:
    lifeline.release()
    return "200 OK", {}


def _answer(own: "OwnRoute", body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        return own(json.loads(body or b"{}"))
    except (KeyError, TypeError, ValueError, SeedError, StandInError) as error:
        return "400 Bad Request", {"error": f"{type(error).__name__}: {error}"}


OwnRoute = Callable[[Any], tuple[str, dict[str, Any]]]
NOT_POSTED: tuple[str, dict[str, Any]] = ("405 Method Not Allowed", {"error": "this path takes POST only"})
OWN_ROUTES: dict[str, OwnRoute] = {
    SEED_PATH: _seed,
    OUTAGE_PATH: _outage,
    DETACH_PATH: _detach,
    FAULTS_PATH: _faults,
}
