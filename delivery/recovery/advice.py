"""What to do when terraform has failed for a reason that lies outside the stack. Pure.

Sources: of the codes of every service, https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html (stored
copy read on 2026-11-26); of the others, the error type of the operation in the API model of its service, from memory,
so a code that is missing here costs its user the advice and nothing else. Of the messages about state and lock:
Terraform 1.11.4, internal/command/clistate, internal/backend/local/backend_apply.go and
internal/backend/remote-state/s3.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from delivery.terraform.events import Diagnostic
from delivery.terraform.runner import TerraformError


@dataclass(frozen=True)
class Advice:
    """A reason, told by words in the diagnostics, and the sentence that says what to do."""

    reason: str
    pattern: re.Pattern[str]
    mend: str


def _advice(reason: str, mend: str, *words: str) -> Advice:
    return Advice(reason, re.compile("|".join(words)), mend)


# In this order: what explains the others comes first.
ADVICE = (
    _advice(
        "credentials",
        "The credentials are refused or have expired. Renew them, or let them have the right, and give the same "
        "command again: it goes on from here",
        r"\bExpiredToken(Exception)?\b",
        r"\bInvalidClientTokenId\b",
        r"\bUnrecognizedClientException\b",
        r"\bAuthFailure\b",
        r"\bRequestExpired\b",
        r"\bInvalidAccessKeyId\b",
        "No valid credential sources found",
    ),
    _advice(
        "state not written",
        "Terraform could not write the state to its bucket and left it in errored.tfstate in the workspace. Put right "
        "what the message names, then give the same command again: it pushes that file. Without it a deployment adopts "
        "what is there by its name",
        "Failed to save state",
        "Failed to persist state",
        r"errored\.tfstate",
    ),
    _advice(
        "no state bucket",
        "The bucket of the states is gone. Make it with paygate bootstrap; what the account has is then adopted",
        r"S3 bucket \S+ does not exist",
    ),
    _advice(
        "disk full",
        "The disk of the workspace is full. Make room, then give the same command again",
        "no space left on device",
        "file too large",
    ),
    _advice(
        "lock",
        "Somebody works on this stack. Let that run end; if it is gone for good, break its lock with paygate unlock",
        "Error acquiring the state lock",
        "state lock",
    ),
    _advice(
        "unreachable",
        "AWS cannot be reached. Look at the network, and at AWS_ENDPOINT_URL if set, then give the same command again",
        "connection refused",
        "no such host",
        "i/o timeout",
        "network is unreachable",
    ),
    _advice(
        "exists already",
        "AWS has it and the state does not: an earlier run died, or its answer was lost. Give the same command again: "
        "it adopts what has the name of this stack",
        r"\bEntityAlreadyExists\b",
        r"\bResourceAlreadyExistsException\b",
        r"\bResourceExistsException\b",
        r"\bAlreadyExistsException\b",
        r"\bRepositoryAlreadyExistsException\b",
        r"\bNamespaceAlreadyExists\b",
        r"\bServiceAlreadyExists\b",
        r"\bConflictingDomainExists\b",
        r"\bInvalidGroup\.Duplicate\b",
        r"\bInvalidPermission\.Duplicate\b",
        r"\bInvalidSubnet\.Conflict\b",
        r"\bRouteAlreadyExists\b",
        r"\bResource\.AlreadyAssociated\b",
        r"\bBucketAlreadyOwnedByYou\b",
        r"\bDuplicateLoadBalancerName\b",
        r"\bDuplicateTargetGroupName\b",
        r"\bDuplicateListener\b",
        r"\bPriorityInUse\b",
        r"\bResourceConflictException\b",
        "already exists",
    ),
    _advice(
        "AWS too busy",
        "AWS was too busy or failed longer than the provider tries. Give the same command again: it goes on from here",
        r"\bThrottling(Exception)?\b",
        r"\bTooManyRequestsException\b",
        r"\bRequestLimitExceeded\b",
        r"\bSlowDown\b",
        r"\bServiceUnavailable\b",
        r"\bInternal(Error|Failure|ServerError|ServiceError)\b",
        r"StatusCode: 5\d\d",
    ),
    _advice(
        "answer lost",
        "The connection ended in the middle of an answer, and AWS may have done what was asked. Give the same command "
        "again: it adopts what has the name of this stack",
        "unexpected EOF",
        r"\bEOF\b",
        "connection reset",
    ),
    _advice(
        "interrupted",
        "The run was interrupted; what was done stands in the state. Give the same command again: it goes on from here",
        "context canceled",
        "execution halted",
    ),
)

OUT_OF_TIME = _advice(
    "out of time",
    "The provider asks an AWS that does not answer again and again. Look whether AWS can be reached, then give the "
    "same command again, with a longer --timeout-minutes if it was only slow: it goes on from here",
    "was stopped after",
)


def advise(diagnostics: Iterable[Diagnostic]) -> Advice | None:
    """The first advice whose words stand in any of the errors; None where the stack itself is the reason."""
    texts = [f"{entry.summary}\n{entry.detail}" for entry in diagnostics if entry.severity == "error"]
    return next((advice for advice in ADVICE if any(advice.pattern.search(text) for text in texts)), None)


def advice_on(error: TerraformError) -> Advice | None:
    """The same of a failed run. One that was stopped at the end of its time may have said nothing at all."""
    return advise(error.diagnostics) or (OUT_OF_TIME if OUT_OF_TIME.pattern.search(error.reason) else None)


def explained(error: TerraformError) -> str:
    """The message of a failed run for its user: what terraform said, and, where we know it, what to do."""
    advice = advice_on(error)
    return f"{error}\n{advice.mend}." if advice else str(error)


def may_be_adopted(error: TerraformError) -> bool:
    """Whether the same deployment again, with adoption, gets further."""
    advice = advice_on(error)
    return advice is not None and advice.reason in {"exists already", "answer lost"}
