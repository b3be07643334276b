"""The S3 bucket that holds the states of an account and region: its name, its keys, and the backend that uses it.

Source: https://developer.hashicorp.com/terraform/language/backend/s3 (checked 2026-11-26): `use_lockfile` needs
Terraform 1.10, and puts `<key>.tflock` beside the state with a conditional write.
"""

from dataclasses import dataclass
from typing import Any

from delivery.terraform.workspace import Backend

STATE_OBJECT = "terraform.tfstate"
LOCK_SUFFIX = ".tflock"


@dataclass(frozen=True)
class StateObject:
    """Where the state of one stack is: bucket, key and region."""

    bucket: str
    key: str
    region: str

    @property
    def lock_key(self) -> str:
        return f"{self.key}{LOCK_SUFFIX}"

    @property
    def backend(self) -> Backend:
        """The `backend` block of Terraform. Credentials and endpoint come from the environment."""
        return {
            "s3": {
                "bucket": self.bucket,
                "key": self.key,
                "region": self.region,
                "encrypt": True,
                "use_lockfile": True,
            }
        }


def bucket_name(account_id: str, region: str) -> str:
    """The bucket that `paygate bootstrap` makes: one per account and region; bucket names are unique in all of AWS."""
    return f"paygate-state-{account_id}-{region}"


def state_of(stack: str, bucket: str, region: str) -> StateObject:
    """The state of a stack. Stack names hold platform, environment and suffix, so no two share a key."""
    return StateObject(bucket, f"{stack}/{STATE_OBJECT}", region)


def bucket_exists(s3: Any, bucket: str) -> bool:
    """Whether we can reach it. Any answer but `yes` and `there is none` is raised as botocore raises it."""
    from botocore.exceptions import ClientError

    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True
