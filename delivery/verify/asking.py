"""Questions to AWS: every page of an answer, a bounded number of attempts, and a refusal that nobody can overlook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from delivery.aws import Clients
from delivery.errors import UserError

Answer = dict[str, Any]
MORE = ("NextToken", "nextToken", "NextMarker")  # by which AWS says that an answer is not all


@dataclass(frozen=True)
class Ask:
    """Asks through the clients of `delivery.aws`, which bound attempts and waits.

    Each method raises UserError when AWS refuses or does not answer: what could not be listed is not known to be empty.
    `absent` names error codes that are AWS's way to say that there is none; the answer is empty then.
    """

    client: Clients

    def one(self, service: str, operation: str, *, absent: Sequence[str] = (), **arguments: Any) -> Answer:
        """The answer of a call that has one page."""
        return self._answer(service, operation, absent, arguments)

    def all(self, service: str, operation: str, key: str, *, absent: Sequence[str] = (), **arguments: Any) -> list[Any]:
        """What stands at `key` in the answer, over all pages."""
        return list(self._answer(service, operation, absent, arguments).get(key) or [])

    def each(
        self, service: str, operation: str, key: str, argument: str, values: Sequence[Any], size: int, **more: Any
    ) -> list[Any]:
        """The same for a call that describes at most `size` things at a time, named in `argument`."""
        found: list[Any] = []
        for start in range(0, len(values), size):
            found += self.all(service, operation, key, **{argument: list(values[start : start + size])}, **more)
        return found

    def _answer(self, service: str, operation: str, absent: Sequence[str], arguments: Answer) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError

        client = self.client(service)
        try:
            if client.can_paginate(operation):
                whole: Answer = client.get_paginator(operation).paginate(**arguments).build_full_result()
                return whole
            answer: Answer = getattr(client, operation)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in absent:
                return {}
            raise _unanswered(service, operation, f"{error.response['Error']['Code']}: {error}") from error
        except BotoCoreError as error:
            raise _unanswered(service, operation, str(error)) from error
        if any(answer.get(token) for token in MORE):
            raise _unanswered(service, operation, "more things than one answer of a call without pages can hold")
        return answer


def _unanswered(service: str, operation: str, reason: str) -> UserError:
    return UserError(
        "AWS did not say what there is, so the stack cannot be verified",
        f"{service} {operation}",
        found=reason,
        mend="Let the caller's role make this call, or try again when AWS answers.",
    )
