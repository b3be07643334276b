"""The policies that AWS manages are there, once."""

from typing import Any


def test_a_role_can_have_a_policy_that_aws_manages(emulator: Any) -> None:
    roles = emulator.client("iam")
    roles.create_role(RoleName="r", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    roles.attach_role_policy(RoleName="r", PolicyArn=arn)
    attached = roles.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [arn]


def test_other_partitions_build_none() -> None:
    """In a process of its own: the patches change the moto of the process that applies them."""
    import subprocess
    import sys

    count = (
        "import os\n"
        "os.environ['MOTO_IAM_LOAD_MANAGED_POLICIES'] = 'true'\n"
        "from delivery.sandbox.gaps.registry import apply_all\n"
        "apply_all()\n"
        "from moto.iam.models import IAMBackend\n"
        "print([len(IAMBackend(p, '123456789012').managed_policies) > 1000 for p in ('aws', 'aws-cn')])\n"
    )
    answer = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[True, False]"
