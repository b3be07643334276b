"""Names are type, component, environment and suffix, within the limits of AWS."""

import re

import pytest

from infra.naming import KINDS, NameProblem, NameRefusedError, Names
from infra.planned_names import check_all, planned_names
from infra.settings import load
from tests.conftest import PAYMENTS

WITH_ENVIRONMENT = Names("{type}-{component}-{environment}-{suffix}", "production", "pr42")
WITHOUT_ENVIRONMENT = Names("{type}-{component}-{suffix}", "production", "pr42")


@pytest.mark.clause("P.11.4", "P.11.5", "G.9.3", proof="test")
@pytest.mark.parametrize(
    ("kind", "component", "name"),
    [
        ("ecs-cluster", "", "ecs-cluster-production-pr42"),
        ("ecs-service", "payment-api", "ecs-service-payment-api-production-pr42"),
        ("task-definition", "payment-api", "ecs-task-payment-api-production-pr42"),
        ("alb", "", "alb-production-pr42"),
        ("target-group", "payment-api", "tg-payment-api-production-pr42"),
        ("security-group", "payment-api", "security-group-payment-api-production-pr42"),
        ("kms-alias", "logs", "alias/kms-key-logs-production-pr42"),
        ("private-subnet", "us-east-1a", "private-subnet-us-east-1a-production-pr42"),
    ],
)
def test_a_name_has_type_component_environment_and_suffix(kind: str, component: str, name: str) -> None:
    assert WITH_ENVIRONMENT.of(kind, component) == name


@pytest.mark.clause("G.9.3", proof="test")
def test_a_pattern_without_environment_gives_names_without_it() -> None:
    assert WITHOUT_ENVIRONMENT.of("ecs-cluster") == "ecs-cluster-pr42"
    assert WITHOUT_ENVIRONMENT.of("ecs-service", "api-gateway") == "ecs-service-api-gateway-pr42"


@pytest.mark.clause("P.11.5", "G.9.3", proof="test")
def test_a_name_over_its_limit_is_refused_with_kind_name_length_and_limit() -> None:
    with pytest.raises(NameRefusedError) as caught:
        WITH_ENVIRONMENT.of("target-group", "notification-service")

    assert caught.value.problem == NameProblem(
        kind="target-group",
        component="notification-service",
        name="tg-notification-service-production-pr42",
        length=39,
        limit=32,
        found="has 39 characters",
        allowed="at most 32 characters: letters, digits and -, no - at either end, not starting with internal-",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html",
    )
    assert str(caught.value).startswith("target-group name 'tg-notification-service-production-pr42' has 39 characters")


@pytest.mark.clause("P.11.5", "G.9.3", proof="test")
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_takes_its_longest_name_and_not_one_character_more(kind: str) -> None:
    room = KINDS[kind].max_length - len(WITH_ENVIRONMENT.of(kind, "x")) + 1

    assert len(WITH_ENVIRONMENT.of(kind, "x" * room)) == KINDS[kind].max_length
    with pytest.raises(NameRefusedError):
        WITH_ENVIRONMENT.of(kind, "x" * (room + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_refuses_characters_that_aws_refuses(kind: str) -> None:
    with pytest.raises(NameRefusedError, match="characters or an affix"):
        WITH_ENVIRONMENT.of(kind, "line\nend")


@pytest.mark.parametrize(
    ("kind", "suffix"), [("s3-bucket", "s3alias"), ("s3-bucket", "-ol-s3"), ("alb", "pr42-"), ("s3-bucket", "PR42")]
)
def test_affixes_that_aws_reserves_are_refused(kind: str, suffix: str) -> None:
    with pytest.raises(NameRefusedError):
        Names(WITH_ENVIRONMENT.pattern, "production", suffix).of(kind, "logs")


@pytest.mark.parametrize(
    ("kind", "name"), [("security-group", "sg-x"), ("alb", "internal-x"), ("kms-alias", "alias/aws/x")]
)
def test_names_that_start_as_aws_own_ones_are_refused_by_their_kind(kind: str, name: str) -> None:
    assert re.fullmatch(KINDS[kind].pattern, name) is None


def test_an_account_id_counts_as_its_twelve_digits() -> None:
    expression = "${data.aws_caller_identity.current.account_id}"

    assert WITH_ENVIRONMENT.of("s3-bucket", "access-logs", account_id=expression) == (
        f"s3-bucket-access-logs-{expression}-production-pr42"
    )
    with pytest.raises(NameRefusedError, match="has 66 characters"):
        WITH_ENVIRONMENT.of("s3-bucket", "access-logs-of-the-platform", account_id=expression)


@pytest.mark.parametrize("kind", KINDS)
def test_each_limit_names_its_aws_page(kind: str) -> None:
    assert KINDS[kind].source.startswith("https://docs.aws.amazon.com/")


@pytest.mark.clause("P.11.4", "P.11.5", "G.9.3", proof="test")
def test_every_planned_name_of_payments_is_distinct_within_limits_and_ends_in_the_suffix() -> None:
    settings = load(PAYMENTS, "pr42")
    names = Names.for_settings(settings)
    planned = [(name.kind, names.of(name.kind, name.component)) for name in planned_names(settings)]

    assert len(planned) > 90
    assert len(set(planned)) == len(planned)
    assert all(name.endswith("-production-pr42") for _, name in planned)
    assert check_all(settings) == []
