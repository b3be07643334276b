"""Where the state of the bootstrap stack is: in a file of this machine until it has moved into the bucket of the stack.

A run finds the bucket or not, a state in it or not, and a file of this machine or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delivery.aws import clients
from delivery.errors import UserError
from delivery.lifecycle.deployment import Outcome
from delivery.lifecycle.opening import Source
from delivery.lifecycle.target import Target
from delivery.state import objects
from delivery.state.bucket import StateObject, bucket_exists, state_of
from delivery.terraform.workspace import STATE_FILE, Backend, read_config

STACK = "bootstrap"
HOME = Path(".paygate/bootstrap")  # one folder per bucket, with the state until it has moved
ACCOUNT_REFERENCE = "${data.aws_caller_identity.current.account_id}"


@dataclass(frozen=True)
class LocalState(StateObject):
    """A state in a file of this machine, on its way to where bucket and key say."""

    file: Path = Path(STATE_FILE)

    @property
    def backend(self) -> Backend:
        return {"local": {"path": str(self.file)}}

    @property
    def moved(self) -> StateObject:
        return StateObject(self.bucket, self.key, self.region)


@dataclass(frozen=True)
class Found:
    """What an earlier run, finished or not, has left."""

    name: str
    bucket: bool  # there is one of that name, and we may use it
    remote: bool  # a state in the bucket
    local: bool  # a state in a file of this machine

    @property
    def state_is_remote(self) -> bool:
        """Where to go on: in the bucket as soon as there is a state in it.

        UserError when there is a bucket, and nobody's state knows it.
        """
        if self.bucket and not self.remote and not self.local:
            raise UserError(
                "the state bucket exists, and no state says that bootstrap made it",
                self.name,
                "a bucket without bootstrap/terraform.tfstate, and no such file here either",
                mend=f"Run it where it was begun (it keeps {HOME}), bring back a version of the object, or delete the "
                "bucket if it is empty and nobody's",
            )
        return self.remote


def find_state(source: Source, target: Target) -> Outcome:
    """Whose account it is, and where the state is now."""
    remote = state_of(STACK, bucket_of(read_config(source.synthesized.file), target.account_id), target.region)
    file = file_of(remote.bucket)
    if look(target, remote, file).state_is_remote:
        where: StateObject = remote
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        where = LocalState(remote.bucket, remote.key, remote.region, file)
    place = where.file if isinstance(where, LocalState) else where.bucket
    return Outcome(f"{target.account_id} in {target.region}, state in {place}", data=where)


def bucket_of(config: Mapping[str, Any], account_id: str) -> str:
    """The name of the one bucket of the stack, with the account filled in."""
    (bucket,) = config["resource"]["aws_s3_bucket"].values()
    return str(bucket["bucket"]).replace(ACCOUNT_REFERENCE, account_id)


def look(target: Target, remote: StateObject, file: Path) -> Found:
    """UserError when S3 does not let us look."""
    from botocore.exceptions import ClientError

    s3 = clients(target.environment, target.region)("s3")
    try:
        exists = bucket_exists(s3, remote.bucket)
    except ClientError as error:
        found = f"HTTP {error.response['ResponseMetadata']['HTTPStatusCode']} for {target.caller}"
        mend = "The name may be taken in another account: choose another names_prefix"
        raise UserError("the state bucket cannot be reached", remote.bucket, found, mend=mend) from error
    stored = objects.read(s3, remote.bucket, remote.key) if exists else None
    return Found(remote.bucket, exists, stored is not None, file.is_file())


def file_of(bucket: str) -> Path:
    """Bucket names hold account and region, so no two accounts share a file."""
    return (HOME / bucket / STATE_FILE).absolute()
