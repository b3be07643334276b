"""Questions to ECR: every page, the digest behind a tag, and failures of the call that are not about the image."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from delivery.errors import UserError
from delivery.scan.answer import REFUSALS, Finding, Scan, State
from delivery.scan.images import Image
from delivery.scan.registry import Registry
from tests.unit.delivery.scan.standins import DIGESTS, REGISTRY, image

pytestmark = pytest.mark.clause("G.2.4", proof="test")

ABOUT = {"registryId": "123456789012", "repositoryName": "pay/api"}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "AnyOperation")


class Aws:
    """Both services as far as the gate asks them; an exception instead of pages is raised."""

    def __init__(
        self,
        pages: list[dict[str, Any]] | Exception,
        account: str | Exception = "123456789012",
        images: dict[str, Any] | None = None,
    ) -> None:
        self.pages, self.account = pages, account
        self.images = {"imageDetails": [{"imageDigest": DIGESTS["c"]}]} if images is None else images
        self.asked: list[dict[str, Any]] = []

    def __call__(self, service: str) -> "Aws":
        assert service in ("ecr", "sts")
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if isinstance(self.account, Exception):
            raise self.account
        return {"Account": self.account}

    def describe_images(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return self.images

    def get_paginator(self, operation: str) -> "Aws":
        assert operation == "describe_image_scan_findings"
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(request)
        if isinstance(self.pages, Exception):
            raise self.pages
        return iter(self.pages)


def page(name: str) -> dict[str, Any]:
    findings = {"findings": [{"name": name, "severity": "LOW"}]}
    return {"imageScanStatus": {"status": "COMPLETE"}, "imageScanFindings": findings}


def scan_of(aws: Aws, about: Image) -> Scan:
    return Registry(aws, "us-east-1").scan_of(about)


def test_every_page_is_read() -> None:
    aws = Aws([page("CVE-1-1"), page("CVE-1-2")])
    found = (Finding("CVE-1-1", "LOW"), Finding("CVE-1-2", "LOW"))
    assert scan_of(aws, image("a")) == Scan(State.READY, DIGESTS["a"], findings=found)
    assert aws.asked == [
        {**ABOUT, "imageId": {"imageDigest": DIGESTS["a"]}, "PaginationConfig": {"PageSize": 1000}},
    ]


def test_a_tag_is_judged_by_the_digest_behind_it() -> None:
    aws = Aws([page("CVE-1-1")])
    assert scan_of(aws, Image(f"{REGISTRY}/pay/api:1.0", ())).digest == DIGESTS["c"]
    assert aws.asked[0] == {**ABOUT, "imageIds": [{"imageTag": "1.0"}]}
    assert aws.asked[1]["imageId"] == {"imageDigest": DIGESTS["c"]}


@pytest.mark.parametrize(
    "text",
    [
        "nginx:1",
        "public.ecr.aws/x/y:1",
        f"210987654321.dkr.ecr.us-east-1.amazonaws.com/pay/api@{DIGESTS['a']}",
        f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay/api@{DIGESTS['a']}",
    ],
)
def test_an_image_of_another_registry_stops_and_is_not_asked_about(text: str) -> None:
    aws = Aws([page("CVE-1-1")])
    scan = scan_of(aws, Image(text, ()))
    assert scan.state is State.STOPPED
    assert scan.reason == "it does not lie in the private registry of account 123456789012 in us-east-1"
    assert aws.asked == []


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("images", "fault"),
    [
        ({}, "0 images for one tag"),
        ({"imageDetails": []}, "0 images for one tag"),
        ({"imageDetails": [{}, {}]}, "2 images for one tag"),
        ({"imageDetails": None}, "imageDetails is None"),
        ({"imageDetails": ["a"]}, "an image is 'a'"),
        ({"imageDetails": [{}]}, "imageDigest is None"),
    ],
)
def test_a_tag_whose_digest_is_not_told_stops(images: dict[str, Any], fault: str) -> None:
    scan = scan_of(Aws([page("CVE-1-1")], images=images), Image(f"{REGISTRY}/pay/api:1.0", ()))
    assert scan == Scan(State.STOPPED, "", f"the answer of ECR cannot be read: {fault}")


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_that_is_about_the_image_stops_the_image(code: str) -> None:
    scan = scan_of(Aws(refusal(code)), image("a"))
    assert scan == Scan(State.STOPPED, DIGESTS["a"], REFUSALS[code])


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("aws", "found"),
    [
        (Aws(refusal("AccessDeniedException")), "AccessDeniedException"),
        (Aws(NoCredentialsError()), "NoCredentialsError: Unable to locate credentials"),
        (Aws([], NoCredentialsError()), "NoCredentialsError: Unable to locate credentials"),
        (Aws([], refusal("ExpiredToken")), "ExpiredToken"),
    ],
)
def test_a_call_that_fails_is_one_error_and_no_verdict(aws: Aws, found: str) -> None:
    with pytest.raises(UserError) as error:
        scan_of(aws, image("a"))
    assert "AWS does not answer; found " in str(error.value)
    assert found in str(error.value)
    assert error.value.exit_code == 2
