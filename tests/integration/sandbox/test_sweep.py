"""A sweep takes what belongs to one suffix, and nothing of what stands beside it."""

import json
from typing import Any

from delivery.sweep.deleting import sweep_environment
from delivery.sweep.finding import find_environment, not_in_state
from delivery.sweep.names import known_platforms

REGION = "us-east-1"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
PLATFORMS = known_platforms()


def _environment(account: Any) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }


def _make(account: Any, suffix: str) -> None:
    """A small gateway: half of it tagged, the subnet without tag and name."""
    tags = {"Environment": "production", "CostCenter": "payments", "EnvironmentSuffix": suffix, "Name": f"vpc-{suffix}"}
    ec2 = account.client("ec2")
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": listed}])["Vpc"]
    ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.9.1.0/24")
    groups = [
        ec2.create_security_group(GroupName=each, Description=each, VpcId=vpc["VpcId"])["GroupId"] for each in "ab"
    ]
    for group, other in (groups, reversed(groups)):
        pair = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": other}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[pair])
    account.client("ecs").create_cluster(clusterName=f"ecs-cluster-{suffix}")
    account.client("logs").create_log_group(logGroupName=f"log-group-api-gateway-{suffix}")
    account.client("iam").create_role(RoleName=f"task-role-api-gateway-{suffix}", AssumeRolePolicyDocument=TRUST)
    bucket = f"s3-bucket-access-logs-123456789012-{suffix}"
    account.client("s3").create_bucket(Bucket=bucket)
    account.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        account.client("s3").put_object(Bucket=bucket, Key="a", Body=body)


def _keys(account: Any, suffix: str) -> set[tuple[str, str, str]]:
    return {each.thing.key for each in find_environment(_environment(account), REGION, suffix, PLATFORMS)}


def test_one_suffix_goes_and_those_that_begin_or_end_with_it_stay_whole(emulator: Any) -> None:
    suffixes = ("pr4", "pr42", "x-pr4", "r4")
    for suffix in suffixes:
        _make(emulator, suffix)
    before = {suffix: _keys(emulator, suffix) for suffix in suffixes}
    swept = sweep_environment(_environment(emulator), REGION, "pr4", PLATFORMS, wait_seconds=10)
    assert not swept.left
    assert len(swept.gone) == len(before["pr4"]) >= 8
    assert {suffix: _keys(emulator, suffix) for suffix in suffixes} == {**before, "pr4": set()}


def test_a_second_sweep_finds_nothing_and_fails_at_nothing(emulator: Any) -> None:
    _make(emulator, "pr4")
    for expected in (True, False):
        swept = sweep_environment(_environment(emulator), REGION, "pr4", PLATFORMS, wait_seconds=10)
        assert (bool(swept.gone), swept.left) == (expected, ())


def test_a_tag_that_names_another_suffix_wins_over_name_and_place(emulator: Any) -> None:
    _make(emulator, "pr4")
    role = "task-role-api-gateway-pr4"
    emulator.client("iam").tag_role(RoleName=role, Tags=[{"Key": "EnvironmentSuffix", "Value": "pr5"}])
    subnet = next(key for key in _keys(emulator, "pr4") if key[1] == "subnet")
    emulator.client("ec2").create_tags(Resources=[subnet[2]], Tags=[{"Key": "EnvironmentSuffix", "Value": "pr5"}])
    assert not {("iam", "role", role), subnet} & _keys(emulator, "pr4")


def test_what_is_there_once_for_all_regions_is_left_alone_from_another_region(emulator: Any) -> None:
    _make(emulator, "pr4")
    found = find_environment(_environment(emulator), "eu-west-1", "pr4", PLATFORMS)
    assert found == ()


def test_what_the_state_knows_is_no_orphan(emulator: Any) -> None:
    _make(emulator, "pr4")
    found = find_environment(_environment(emulator), REGION, "pr4", PLATFORMS)
    cluster = next(each for each in found if each.thing.kind == "cluster")
    shown = {"values": {"root_module": {"resources": [{"values": {"arn": cluster.thing.id}}]}}}
    assert not_in_state(found, shown) == tuple(each for each in found if each is not cluster)
    assert not_in_state(found, {}) == found
