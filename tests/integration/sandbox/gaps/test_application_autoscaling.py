"""Scalable targets keep their tags."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def _target_with_tags(account: Any) -> tuple[Any, str]:
    account.client("ecs").create_cluster(clusterName="c")
    account.client("ecs").create_service(cluster="c", serviceName="s", desiredCount=0)
    scaling = account.client("application-autoscaling")
    arn = scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/c/s",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=3,
        MaxCapacity=10,
        Tags={"Team": "payments"},
    )["ScalableTargetARN"]
    return scaling, arn


def test_a_target_keeps_the_tags_it_was_registered_with(emulator: Any) -> None:
    scaling, arn = _target_with_tags(emulator)
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Team": "payments"}


def test_tags_can_be_added_and_removed(emulator: Any) -> None:
    scaling, arn = _target_with_tags(emulator)
    scaling.tag_resource(ResourceARN=arn, Tags={"Environment": "production"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Team"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Environment": "production"}


def test_a_target_that_does_not_exist_has_no_tags_to_list(emulator: Any) -> None:
    scaling, arn = _target_with_tags(emulator)
    with pytest.raises(ClientError, match="does not exist"):
        scaling.list_tags_for_resource(ResourceARN=arn + "x")


def test_plain_moto_still_cannot_list_tags(plain_moto: Any) -> None:
    scaling, arn = _target_with_tags(plain_moto)
    with pytest.raises(ClientError):
        scaling.list_tags_for_resource(ResourceARN=arn)


def _alarms_of_a_changed_policy(account: Any) -> int:
    scaling, _ = _target_with_tags(account)
    place = {"ServiceNamespace": "ecs", "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount"}
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    for target in (70.0, 95.0):
        scaling.put_scaling_policy(
            **place,
            PolicyName="p",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={"TargetValue": target, "PredefinedMetricSpecification": metric},
        )
    return len(account.client("cloudwatch").describe_alarms()["MetricAlarms"])


def test_a_policy_that_is_changed_keeps_one_pair_of_alarms(emulator: Any) -> None:
    assert _alarms_of_a_changed_policy(emulator) == 2


def test_plain_moto_still_leaves_the_old_alarms_behind(plain_moto: Any) -> None:
    assert _alarms_of_a_changed_policy(plain_moto) == 4
