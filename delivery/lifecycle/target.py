"""Where a delivery goes: an account and region reached through an environment. AWS and the emulator are both that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from delivery.aws import clients, is_emulated
from delivery.errors import UserError

ATTEMPTS = 3
AWS_PARALLELISM = 10  # terraform's own default: AWS throttles more
EMULATED_PARALLELISM = 100  # most of an apply is waiting
AWS_GRACE_SECONDS = 600.0  # an interrupted terraform finishes what is in flight and writes its state
EMULATED_GRACE_SECONDS = 60.0
SIGN_IN = "Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@dataclass(frozen=True)
class Target:
    """An account and region; caller: the ARN of whose credentials; environment: whole, of a program that goes there.

    parallelism: how many operations terraform carries out at once. grace_seconds: how long an interrupted terraform may
    take to finish what is in flight before it is killed.
    """

    account_id: str
    caller: str
    region: str
    environment: Mapping[str, str]
    parallelism: int
    grace_seconds: float


def find_target(environment: Mapping[str, str], region: str) -> Target:
    """Ask AWS who we are. UserError where there are no credentials, they are refused, or nobody answers."""
    identity = _identity(environment, region)
    emulated = is_emulated(environment)
    return Target(
        account_id=identity["Account"],
        caller=identity["Arn"],
        region=region,
        environment=environment,
        parallelism=EMULATED_PARALLELISM if emulated else AWS_PARALLELISM,
        grace_seconds=EMULATED_GRACE_SECONDS if emulated else AWS_GRACE_SECONDS,
    )


def _identity(environment: Mapping[str, str], region: str) -> dict[str, Any]:
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

    try:
        answer: dict[str, Any] = clients(environment, region, ATTEMPTS)("sts").get_caller_identity()
        return answer
    except ClientError as error:
        said = error.response["Error"]
        found = f"{said.get('Code', '')}: {said.get('Message', '')}"
        raise UserError("AWS refuses the credentials", "sts:GetCallerIdentity", found, mend=SIGN_IN) from error
    except (ConnectionError, HTTPClientError) as error:
        mend = "Look at the network, and at AWS_ENDPOINT_URL if it is set"
        raise UserError("AWS does not answer", "sts:GetCallerIdentity", str(error), mend=mend) from error
    except BotoCoreError as error:  # none at all, a profile that does not exist, a sign-in that has run out
        raise UserError("no usable AWS credentials", found=str(error), mend=SIGN_IN) from error
