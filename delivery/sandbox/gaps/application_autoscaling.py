"""Application Auto Scaling: tags of scalable targets, and the alarms of a policy that is changed."""

import json
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from delivery.sandbox.gaps.patch import Patch, add, wrap


def _target(response: Any, arn: str) -> Any:
    for targets in response.applicationautoscaling_backend.targets.values():
        for target in targets.values():
            if target.arn == arn:
                return target
    raise AWSValidationException(f"The specified resource does not exist: {arn}")


def _tags(target: Any) -> dict[str, str]:
    """The tags of a target; kept on moto's own object, so that they go when it goes."""
    tags: dict[str, str] = target.__dict__.setdefault("paygate_tags", {})
    return tags


def _register_scalable_target(original: Any, response: Any) -> str:
    answer: str = original(response)
    tags = response._get_param("Tags") or {}
    _tags(_target(response, json.loads(answer)["ScalableTargetARN"])).update(tags)
    return answer


def _tag_resource(response: Any) -> str:
    _tags(_target(response, response._get_param("ResourceARN"))).update(response._get_param("Tags"))
    return "{}"


def _untag_resource(response: Any) -> str:
    tags = _tags(_target(response, response._get_param("ResourceARN")))
    for key in response._get_param("TagKeys"):
        tags.pop(key, None)
    return "{}"


def _list_tags_for_resource(response: Any) -> str:
    return json.dumps({"Tags": _tags(_target(response, response._get_param("ResourceARN")))})


def _put_scaling_policy(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> Any:
    """A policy that is changed keeps one pair of alarms."""
    before = dict(backend.policies)
    policy = original(backend, *arguments, **keywords)
    for key, old in before.items():
        if backend.policies.get(key) is not old:
            old.delete_alarms(backend.account_id, backend.region_name)
    return policy


def _apply_alarms() -> None:
    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", _put_scaling_policy)


def _apply() -> None:
    wrap(ApplicationAutoScalingResponse, "register_scalable_target", _register_scalable_target)
    add(ApplicationAutoScalingResponse, "tag_resource", _tag_resource)
    add(ApplicationAutoScalingResponse, "untag_resource", _untag_resource)
    add(ApplicationAutoScalingResponse, "list_tags_for_resource", _list_tags_for_resource)


PATCHES = (
    Patch(
        service="application-autoscaling",
        name="target-tags",
        gap="RegisterScalableTarget drops tags, and TagResource, UntagResource and ListTagsForResource do not exist, "
        "so that the AWS provider cannot create a target",
        apply=_apply,
    ),
    Patch(
        service="application-autoscaling",
        name="alarms-of-a-changed-policy",
        gap="PutScalingPolicy on a policy that exists leaves the alarms behind that it had before",
        apply=_apply_alarms,
    ),
)
