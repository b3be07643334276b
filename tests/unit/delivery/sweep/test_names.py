"""A name belongs to one suffix, or to none that could be told from it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from delivery.sweep.ages import is_ephemeral
from delivery.sweep.names import known_platforms, read, readings

ACCOUNT = "123456789012"
PLATFORMS = known_platforms()
SUFFIXES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAMES = st.sampled_from(
    [
        (("ec2", "VPC"), "vpc-production-", "payments"),
        (("ec2", "VPC"), "vpc-", "gateway"),
        (("ecs", "cluster"), "ecs-cluster-production-", "payments"),
        (("ecs", "service"), "ecs-service-api-gateway-", "gateway"),
        (("iam", "role"), "task-role-payment-api-production-", "payments"),
        (("iam", "role"), "flow-log-role-", "gateway"),
        (("s3", "bucket"), f"s3-bucket-access-logs-{ACCOUNT}-", "gateway"),
        (("secretsmanager", "secret"), "secret-fraud-detector-database-", "gateway"),
    ]
)


@given(NAMES, SUFFIXES, SUFFIXES)
def test_no_suffix_ever_matches_a_name_of_another(name: tuple[tuple[str, str], str, str], own: str, other: str) -> None:
    kind, start, platform = name
    assume(own != other and not own.startswith("production"))
    found = read(kind, start + own, PLATFORMS, ACCOUNT)
    assert found is not None
    assert (found.platform, found.suffix) == (platform, own)
    assert found.suffix != other


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (("s3", "bucket"), "somebody-s-bucket-pr4"),
        (("s3", "bucket"), "s3-bucket-reports-pr4"),
        (("s3", "bucket"), "s3-bucket-access-logs-210987654321-pr4"),  # another account
        (("s3", "bucket"), "paygate-state-123456789012-us-east-1"),
        (("iam", "role"), "paygate-ci-pr4"),
        (("iam", "role"), "AWSServiceRoleForECS"),
        (("logs", "log group"), "log-group-somebody-pr4"),
        (("ecr", "repository"), "payments/payment-api"),
        (("ec2", "network interface"), "vpc-pr4"),
        (("elbv2", "target group"), "tg-api-gateway-green-pr4"),  # or api-gateway, with the suffix green-pr4
    ],
)
def test_what_is_somebody_elses_or_can_be_read_in_two_ways_says_nothing(kind: tuple[str, str], name: str) -> None:
    assert read(kind, name, PLATFORMS, ACCOUNT) is None


def test_a_suffix_that_ends_alike_is_another() -> None:
    found = readings(("ecs", "service"), "ecs-service-api-gateway-x-pr4", PLATFORMS, ACCOUNT)
    assert {reading.suffix for reading in found} == {"x-pr4"}


@pytest.mark.parametrize(
    ("suffix", "may_go"),
    [("pr42", True), ("nightly-12", True), ("test-a", True), ("prod", False), ("production", False),
     ("nightly-", False), ("blue", False), ("testing", False)],
)  # fmt: skip
def test_only_what_was_never_meant_to_stay_goes_by_age(suffix: str, may_go: bool) -> None:
    assert is_ephemeral(suffix) is may_go
