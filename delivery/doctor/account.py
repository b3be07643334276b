"""What the AWS account must have. Each question is bounded by the timeouts of the clients."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from delivery.doctor.check import Check, Found, Place, fine, missing, note

ATTEMPTS = 1
# What shows that somebody means to use AWS, without loading an AWS library.
CREDENTIAL_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
CREDENTIAL_FILES = {"AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials", "AWS_CONFIG_FILE": ".aws/config"}
# Elastic IPs of a deployment: one NAT gateway in each of three zones. The quota of a region is 5 unless it was raised.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
ADDRESSES_OF_A_DEPLOYMENT = 3
DEFAULT_ADDRESS_QUOTA = 5
QUOTA = ("ec2", "L-0263D0A3")


def credentials_are_there(environment: Mapping[str, str]) -> bool:
    """Whether the environment or the files of AWS's tools name credentials; says nothing of their worth."""
    if any(environment.get(name) for name in CREDENTIAL_VARIABLES):
        return True
    home = Path(environment.get("HOME") or "/")
    files = (Path(environment.get(name) or home / otherwise) for name, otherwise in CREDENTIAL_FILES.items())
    return any(file.is_file() and file.stat().st_size for file in files)


def credentials(place: Place) -> Found:
    from delivery.lifecycle.target import find_target

    target = find_target(place.environment, place.region)
    return fine(f"{target.caller}, account {target.account_id}, {place.region}")


def state_bucket(place: Place) -> Found:
    from delivery.lifecycle.target import find_target
    from delivery.state.bucket import bucket_exists, bucket_name

    bucket = bucket_name(find_target(place.environment, place.region).account_id, place.region)
    if bucket_exists(_client(place, "s3"), bucket):
        return fine(bucket)
    return missing(f"there is no {bucket}", "Make it once per account and region: paygate bootstrap")


def addresses(place: Place) -> Found:
    """Free Elastic IPs: the quota, as the account may read it, less those that are taken."""
    taken = len(_client(place, "ec2").describe_addresses()["Addresses"])
    quota, source = _address_quota(place)
    free = quota - taken
    text = f"{free} of {quota} Elastic IPs free ({source}); a deployment takes {ADDRESSES_OF_A_DEPLOYMENT}"
    if free < ADDRESSES_OF_A_DEPLOYMENT:
        return note(text, "Before another deployment, raise the quota EC2-VPC Elastic IPs")
    return fine(text)


def _address_quota(place: Place) -> tuple[int, str]:
    from botocore.exceptions import BotoCoreError, ClientError

    service, code = QUOTA
    try:
        answer = _client(place, "service-quotas").get_service_quota(ServiceCode=service, QuotaCode=code)
        return int(answer["Quota"]["Value"]), "quota"
    except (ClientError, BotoCoreError, KeyError):
        return DEFAULT_ADDRESS_QUOTA, "AWS's default; the quota itself cannot be read"


def _client(place: Place, service: str) -> Any:
    from delivery.aws import clients

    return clients(place.environment, place.region, ATTEMPTS)(service)


CHECKS = (
    Check("AWS credentials", credentials),
    Check("state bucket", state_bucket),
    Check("Elastic IPs", addresses),
)
