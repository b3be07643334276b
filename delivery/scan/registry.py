"""Asks ECR about images: the only part of the gate that talks to AWS."""

from collections.abc import Callable
from typing import Any

from delivery.aws import Clients
from delivery.errors import UserError
from delivery.scan.answer import REFUSALS, Scan, State, UnreadableError, read_digest, read_scan, unreadable
from delivery.scan.images import Image, Place

PAGE_SIZE = 1000  # the most that ECR gives


class Registry:
    """The private registry of the account whose credentials the clients have, in one region."""

    def __init__(self, clients: Clients, region: str) -> None:
        self._clients = clients
        self._region = region
        self._account = str(_asked(lambda: clients("sts").get_caller_identity(), "who is asking")["Account"])

    def scan_of(self, image: Image) -> Scan:
        """The scan of an image, whatever is known of it. UserError when ECR cannot be asked."""
        from botocore.exceptions import ClientError

        place = image.place
        if place is None or (place.account, place.region) != (self._account, self._region):
            expected = f"the private registry of account {self._account} in {self._region}"
            return Scan(State.STOPPED, place.digest if place else "", f"it does not lie in {expected}")
        try:
            return _asked(lambda: self._read(place), image.text)
        except ClientError as error:
            return Scan(State.STOPPED, place.digest, REFUSALS[_code(error)])
        except UnreadableError as error:
            return unreadable(error)

    def _read(self, place: Place) -> Scan:
        ecr = self._clients("ecr")
        digest = place.digest or _digest_of(ecr, place)
        pages = ecr.get_paginator("describe_image_scan_findings").paginate(
            registryId=place.account,
            repositoryName=place.repository,
            imageId={"imageDigest": digest},
            PaginationConfig={"PageSize": PAGE_SIZE},
        )
        return read_scan(list(pages), digest)


def _digest_of(ecr: Any, place: Place) -> str:
    """What the tag stands for now; whether it can be moved later is for the rule `pinned-images`."""
    images = ecr.describe_images(
        registryId=place.account, repositoryName=place.repository, imageIds=[{"imageTag": place.tag}]
    )
    return read_digest(images)


def _asked(call: Callable[[], Any], what: str) -> Any:
    """The answer. A refusal that is about the image leaves as it is, every other failure as UserError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call()
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and _code(error) in REFUSALS:
            raise
        raise UserError(
            "AWS does not answer",
            where=what,
            found=f"{type(error).__name__}: {error}",
            mend="Look at the credentials, the region and the permissions ecr:DescribeImages and "
            "ecr:DescribeImageScanFindings",
        ) from error


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
