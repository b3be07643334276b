"""AWS clients that answer from a table and cannot do anything else."""

from collections.abc import Callable, Mapping
from typing import Any

Answers = Mapping[tuple[str, str], Any]


class FakeClient:
    """A client of one service; an answer that is an error is raised. It has no pages."""

    def __init__(self, service: str, answers: Answers) -> None:
        self._service, self._answers = service, answers

    def can_paginate(self, _operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**_arguments: Any) -> Any:
            answer = self._answers.get((self._service, operation), {})
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def fake_clients(answers: Answers) -> Callable[[str], Any]:
    return lambda service: FakeClient(service, answers)


def state_of(*resources: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A shown state with these resources, (type, attributes) each."""
    shown = [
        {"address": f"{kind}.x{number}", "mode": "managed", "type": kind, "name": f"x{number}", "values": values}
        for number, (kind, values) in enumerate(resources)
    ]
    return {"format_version": "1.0", "values": {"root_module": {"resources": shown}}}
