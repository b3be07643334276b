"""A suffix belongs to whoever claimed it first, also of two who come at one moment."""

import json
from datetime import UTC, datetime

import pytest

from delivery.errors import UserError
from delivery.state.owner import (
    ATTEMPTS,
    Owner,
    claim,
    owner_key,
    owner_of_caller,
    read_owner,
    release,
    take_over,
)
from tests.unit.delivery.state.standins import Bucket

STACK = "payments-production-pr42"
KEY = owner_key(STACK)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANNE, BERT = "arn:aws:iam::123456789012:user/anne", "ci/deploy"


def claimed_by(owner: str) -> bytes:
    return json.dumps({"owner": owner, "since": "2026-11-25T08:00:00+00:00", "stack": STACK}).encode()


def test_a_free_suffix_is_ours_after_a_claim() -> None:
    s3 = Bucket()
    assert claim(s3, "b", STACK, ANNE, NOON) == Owner(ANNE, "2026-11-26T12:00:00+00:00", STACK)
    assert json.loads(s3.objects[KEY]) == {"owner": ANNE, "since": "2026-11-26T12:00:00+00:00", "stack": STACK}


def test_a_second_claim_of_the_same_owner_keeps_the_first_time() -> None:
    s3 = Bucket()
    first = claim(s3, "b", STACK, ANNE, NOON)
    assert claim(s3, "b", STACK, ANNE) == first == read_owner(s3, "b", STACK)


def test_a_suffix_of_somebody_else_is_refused_with_all_that_one_needs_to_know() -> None:
    with pytest.raises(UserError) as error:
        claim(Bucket(**{KEY: claimed_by(BERT)}), "b", STACK, ANNE)
    assert str(error.value) == (
        f"s3://b/{KEY}: this suffix belongs to somebody else; found ci/deploy, since 2026-11-25T08:00:00+00:00; "
        "allowed: the owner of the stack. Choose another suffix, or give --take-over when the stack is abandoned"
    )


def test_whoever_is_second_at_the_same_moment_is_refused() -> None:
    s3 = Bucket()

    def overtake(operation: str) -> None:
        if operation == "PutObject":
            s3.objects.setdefault(KEY, claimed_by(BERT))

    s3.before = overtake
    with pytest.raises(UserError, match="found ci/deploy"):
        claim(s3, "b", STACK, ANNE)
    assert json.loads(s3.objects[KEY])["owner"] == BERT


def test_two_requests_of_one_moment_that_s3_lets_neither_through_are_tried_again() -> None:
    s3, asked = Bucket(), []

    def conflict(operation: str) -> None:
        asked.append(operation)
        s3.refuse = "ConditionalRequestConflict" if asked == ["PutObject"] else ""

    s3.before = conflict
    assert claim(s3, "b", STACK, ANNE).owner == ANNE
    assert asked == ["PutObject", "GetObject", "PutObject"]


def test_a_claim_that_never_gets_its_turn_ends() -> None:
    s3, puts = Bucket(), []

    def come_and_go(operation: str) -> None:
        s3.objects.clear()
        if operation == "PutObject":
            puts.append(operation)
            s3.objects[KEY] = claimed_by(BERT)

    s3.before = come_and_go
    with pytest.raises(UserError, match="claimed and released by others"):
        claim(s3, "b", STACK, ANNE)
    assert len(puts) == ATTEMPTS


def test_an_abandoned_stack_is_taken_over_and_the_former_owner_is_named() -> None:
    s3 = Bucket(**{KEY: claimed_by(BERT)})
    former = take_over(s3, "b", STACK, ANNE, NOON)
    assert former is not None
    assert (former.owner, read_owner(s3, "b", STACK)) == (BERT, Owner(ANNE, "2026-11-26T12:00:00+00:00", STACK))


def test_taking_over_what_nobody_has_is_a_claim() -> None:
    s3 = Bucket()
    assert take_over(s3, "b", STACK, ANNE) is None
    assert json.loads(s3.objects[KEY])["owner"] == ANNE


def test_two_who_take_over_at_once_do_not_both_get_it() -> None:
    s3 = Bucket(**{KEY: claimed_by(BERT)})

    def overtake(operation: str) -> None:
        if operation == "PutObject":
            s3.objects[KEY] = claimed_by("carl")

    s3.before = overtake
    with pytest.raises(UserError, match="the owner changed while it was being taken over"):
        take_over(s3, "b", STACK, ANNE)
    assert json.loads(s3.objects[KEY])["owner"] == "carl"


@pytest.mark.parametrize(("owner", "released"), [(ANNE, True), (BERT, False)])
def test_only_its_owner_gives_a_suffix_back(owner: str, released: bool) -> None:
    s3 = Bucket(**{KEY: claimed_by(ANNE)})
    assert release(s3, "b", STACK, owner) is released
    assert (KEY in s3.objects) is not released


def test_a_suffix_that_nobody_has_cannot_be_given_back() -> None:
    assert release(Bucket(), "b", STACK, ANNE) is False


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"null"])
def test_an_owner_that_cannot_be_read_is_refused_and_can_be_taken_over(body: bytes) -> None:
    s3 = Bucket(**{KEY: body})
    with pytest.raises(UserError, match="does not say who owns the stack"):
        claim(s3, "b", STACK, ANNE)
    former = take_over(s3, "b", STACK, ANNE)
    assert former is not None
    assert former.owner == "somebody unknown"
    assert claim(s3, "b", STACK, ANNE).owner == ANNE


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("NoSuchBucket", r"there is no such bucket; .*Make it with `paygate bootstrap`"),
        ("AccessDenied", r"cannot be written; .*AccessDenied.*Check the credentials and the policy of the bucket"),
    ],
)
def test_what_s3_refuses_is_one_message(code: str, message: str) -> None:
    s3 = Bucket()
    s3.refuse = code
    with pytest.raises(UserError, match=message):
        claim(s3, "b", STACK, ANNE)


@pytest.mark.parametrize(
    ("arn", "owner"),
    [
        ("arn:aws:sts::123456789012:assumed-role/deployer/anne@example.com", "deployer/anne@example.com"),
        ("arn:aws:iam::123456789012:user/team/anne", "arn:aws:iam::123456789012:user/team/anne"),
        ("arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root"),
        ("arn:aws:sts::123456789012:federated-user/bob", "arn:aws:sts::123456789012:federated-user/bob"),
    ],
)
def test_the_caller_is_named_the_same_in_every_run(arn: str, owner: str) -> None:
    assert owner_of_caller({"Arn": arn}) == owner


def test_ci_says_who_it_is() -> None:
    assert owner_of_caller({"Arn": "arn:aws:sts::1:assumed-role/ci/run-17"}, "github/pr42") == "github/pr42"


@pytest.mark.parametrize("name", ["", " ", "a\nb", " a", "x" * 257])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="--owner or PAYGATE_OWNER: no name of an owner"):
        owner_of_caller({"Arn": "arn:aws:iam::1:root"}, name)
