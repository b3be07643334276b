"""Permissions before and after: what is said counts, not how it is written."""

import json
from typing import Any

import pytest

from delivery.changes.graphs import before_and_after
from delivery.changes.identity import PermissionChange, identity_changes
from tests.unit.delivery.changes.plans import ROLE, TRUST, Document, plan, resource

BUCKET = "arn:aws:s3:::payments"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
WRITE = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": [f"{BUCKET}/a", f"{BUCKET}/b"]}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def policy(*statements: Document) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(**values: Any) -> Document:
    return resource(ROLE, id="task", name="task", arn="arn:aws:iam::123456789012:role/task", **values)


def inline(*statements: Document, name: str = "own") -> Document:
    return resource(f"aws_iam_role_policy.{name}", role="task", name=name, policy=policy(*statements))


def changes(before: list[Document], after: list[Document], **more: Any) -> tuple[PermissionChange, ...]:
    return identity_changes(*before_and_after(plan(before, after, **more)))


def only(before: list[Document], after: list[Document], **more: Any) -> PermissionChange:
    [change] = changes(before, after, **more)
    return change


@pytest.mark.parametrize(
    "same",
    [
        [inline(WRITE, READ)],
        [inline(READ, {**WRITE, "Action": WRITE["Action"][::-1], "Resource": WRITE["Resource"][::-1]})],
        [inline({**READ, "Action": ["s3:GetObject"], "Sid": "Named"}, WRITE)],
        [inline(READ, WRITE, READ)],
        [inline(READ, name="one"), inline(WRITE, name="two")],
    ],
)
def test_the_same_said_otherwise_is_no_difference(same: list[Document]) -> None:
    assert changes([role(), inline(READ, WRITE)], [role(), *same]) == ()


def test_a_statement_more_is_gained_and_one_less_is_lost() -> None:
    gained = only([role(), inline(READ)], [role(), inline(READ, WRITE)])
    lost = only([role(), inline(READ, WRITE)], [role(), inline(READ)])

    assert [one.actions for one in gained.gained] == [("s3:DeleteObject", "s3:PutObject")]
    assert gained.lost == gained.changed == ()
    assert lost.lost == gained.gained
    assert (gained.address, gained.what) == (ROLE, "changed")


@pytest.mark.parametrize(
    "wider",
    [
        {**READ, "Action": ["s3:GetObject", "s3:ListBucket"]},
        {**READ, "Resource": "*"},
        {**READ, "Condition": {"Bool": {"aws:SecureTransport": True}}},
    ],
)
def test_a_statement_about_the_same_is_changed(wider: Document) -> None:
    change = only([role(), inline(READ)], [role(), inline(wider)])

    assert len(change.changed) == 1
    assert change.gained == change.lost == ()


def test_one_sid_makes_a_change_even_of_everything_else() -> None:
    old, new = {**READ, "Sid": "X"}, {**WRITE, "Sid": "X"}

    assert len(only([role(), inline(old)], [role(), inline(new)]).changed) == 1


def test_a_deny_is_never_the_changed_form_of_an_allow() -> None:
    change = only([role(), inline(READ)], [role(), inline({**READ, "Effect": "Deny"})])

    assert ([one.effect for one in change.gained], [one.effect for one in change.lost]) == (["Deny"], ["Allow"])


def test_what_a_policy_takes_out_is_shown_as_such() -> None:
    change = only([role()], [role(), inline({"Effect": "Allow", "NotAction": "iam:*", "NotResource": BUCKET})])

    assert (change.gained[0].actions, change.gained[0].resources) == (("all but iam:*",), (f"all but {BUCKET}",))


def test_the_trust_policy_is_a_part_of_its_own() -> None:
    anybody = TRUST.replace('{"Service": "ecs-tasks.amazonaws.com"}', '"*"')
    change = only([role(assume_role_policy=TRUST)], [role(assume_role_policy=anybody)])

    [(old, new)] = change.changed
    assert (old.part, old.principals, new.principals) == ("trust", ("Service ecs-tasks.amazonaws.com",), ("anybody",))


def test_everybody_is_everybody_in_both_forms() -> None:
    one = TRUST.replace('{"Service": "ecs-tasks.amazonaws.com"}', '"*"')
    other = TRUST.replace('"Service": "ecs-tasks.amazonaws.com"', '"AWS": "*"')

    assert changes([role(assume_role_policy=one)], [role(assume_role_policy=other)]) == ()


def test_a_policy_of_aws_that_is_attached_goes_by_its_arn() -> None:
    attached = resource("aws_iam_role_policy_attachment.a", role="task", policy_arn=ADMIN)
    [gained] = only([role()], [role(), attached]).gained

    assert (gained.part, gained.resources) == ("attached policy", (ADMIN,))


def test_a_policy_of_the_stack_that_is_attached_is_read() -> None:
    arn = "arn:aws:iam::123456789012:policy/own"
    own = resource("aws_iam_policy.own", arn=arn, policy=policy(READ))
    attached = resource("aws_iam_role_policy_attachment.a", role="task", policy_arn=arn)

    assert changes([role(), inline(READ)], [role(), own, attached]) == ()


def test_a_boundary_that_goes_is_lost() -> None:
    bounded = role(permissions_boundary="arn:aws:iam::123456789012:policy/boundary")
    [lost] = only([bounded], [role()]).lost

    assert lost.part == "boundary"


def test_a_role_that_comes_or_goes_has_all_of_its_statements() -> None:
    created = only([], [role(assume_role_policy=TRUST), inline(READ)])
    destroyed = only([role(assume_role_policy=TRUST), inline(READ)], [])

    assert (created.what, len(created.gained)) == ("created", 2)
    assert (destroyed.what, destroyed.lost) == ("destroyed", created.gained)


def test_an_arn_that_is_not_known_yet_is_the_one_it_replaces() -> None:
    old = resource("aws_s3_bucket.b", arn=BUCKET, bucket="payments")
    written = {
        ROLE: {},
        "aws_iam_role_policy.own": {
            "policy": {
                "constant_value": policy({**READ, "Resource": "${aws_s3_bucket.b.arn}/*"}),
                "references": ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"],
            }
        },
    }
    unknown = [
        {"address": "aws_iam_role_policy.own", "change": {"actions": ["update"], "after_unknown": {"policy": True}}}
    ]
    after = [resource("aws_s3_bucket.b"), role(), resource("aws_iam_role_policy.own", role="task", name="own")]

    assert changes([old, role(), inline(READ)], after, changes=unknown, written=written) == ()


def test_a_policy_that_the_plan_takes_away_is_lost_though_the_role_repeats_it() -> None:
    repeating = role(inline_policy=[{"name": "own", "policy": policy(READ)}])

    assert len(only([repeating, inline(READ)], [repeating]).lost) == 1


def test_a_policy_that_somebody_put_there_by_hand_stays_on_both_sides() -> None:
    tampered = role(inline_policy=[{"name": "theirs", "policy": policy(READ)}])

    assert changes([tampered], [tampered]) == ()


def test_a_policy_on_a_resource_is_permission_too() -> None:
    def key(*statements: Document) -> Document:
        return resource("aws_kms_key.k", policy=policy(*statements))

    use = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Principal": {"AWS": "*"}}
    change = only([key()], [key(use)])

    assert (change.address, change.gained[0].part, change.gained[0].principals) == (
        "aws_kms_key.k",
        "policy",
        ("anybody",),
    )


def test_a_policy_that_cannot_be_read_is_a_problem_and_no_silence() -> None:
    change = only([role()], [role(), resource("aws_iam_role_policy.own", role="task", policy='{"Statement": "x"}')])

    assert change.problem
