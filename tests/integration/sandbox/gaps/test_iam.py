"""The policies that AWS manages are there, once."""

from typing import Any


def test_a_role_can_have_a_policy_that_aws_manages(emulator: Any) -> None:
    roles = emulator.client("iam")
    roles.create_role(RoleName="r", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    roles.attach_role_policy(RoleName="r", PolicyArn=arn)
    attached = roles.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [arn]


def test_an_emptied_account_has_them_unattached(emulator: Any, emptied: Any) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    roles = emulator.client("iam")
    roles.create_role(RoleName="r", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    roles.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert roles.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    emptied(emulator.endpoint)
    assert roles.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0


def test_other_partitions_have_none(emulator: Any) -> None:
    assert len(emulator.client("iam").list_policies(Scope="AWS", MaxItems=10)["Policies"]) == 10
    assert emulator.client("iam", "cn-north-1").list_policies(Scope="AWS", MaxItems=10)["Policies"] == []
