"""What an older provider does not know is put back where it stood before plan and state are judged."""

import json
from typing import Any

import pytest

from delivery.terraform.restored import AmbiguousError, Lost, lost_arguments, restore_in_plan, restore_in_state
from policies.graph.graph import Graph
from policies.graph.load import load

GROUP = "${aws_lb_target_group.green.arn}"
ADVANCED = {"alternate_target_group_arn": GROUP}
BLOCK = {"container_name": "a", "container_port": 80}
WHOLE = {
    "resource": {
        "aws_ecs_service": {
            "a": {
                "name": "a",
                "deployment_configuration": {"strategy": "CANARY"},
                "load_balancer": [{**BLOCK, "advanced_configuration": ADVANCED}],
                "lifecycle": {"ignore_changes": ["new"]},
            }
        },
        "aws_lb_target_group": {"green": {"name": "green"}},
    }
}
PRUNED = {
    "resource": {
        "aws_ecs_service": {"a": {"name": "a", "load_balancer": [BLOCK], "lifecycle": {"ignore_changes": []}}},
        "aws_lb_target_group": {"green": {"name": "green"}},
    }
}
SERVICE: dict[str, Any] = {"name": "a", "load_balancer": [{**BLOCK}]}
GREEN_ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/0123456789abcdef"


def shown(address: str, values: dict[str, Any]) -> dict[str, Any]:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}


def test_what_was_taken_out_is_found_by_comparing_the_two_configurations() -> None:
    assert lost_arguments(WHOLE, PRUNED) == [
        Lost("aws_ecs_service.a", ("deployment_configuration",), {"strategy": "CANARY"}),
        Lost("aws_ecs_service.a", ("load_balancer", 0, "advanced_configuration"), ADVANCED),
    ]
    assert lost_arguments(WHOLE, WHOLE) == []


def test_a_state_shows_it_with_what_its_references_stand_for() -> None:
    state = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [
                    shown("aws_ecs_service.a", SERVICE),
                    shown("aws_lb_target_group.green", {"name": "green", "arn": GREEN_ARN}),
                ]
            }
        },
    }

    restored = restore_in_state(state, lost_arguments(WHOLE, PRUNED))

    values = restored["values"]["root_module"]["resources"][0]["values"]
    assert values["deployment_configuration"] == {"strategy": "CANARY"}
    assert values["load_balancer"] == [{**BLOCK, "advanced_configuration": {"alternate_target_group_arn": GREEN_ARN}}]
    assert "deployment_configuration" not in SERVICE, "what was shown stays as it was"


def plan_of(service: dict[str, Any], unknown: dict[str, Any]) -> dict[str, Any]:
    green = {"name": "green"}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {
            "root_module": {
                "resources": [shown("aws_ecs_service.a", service), shown("aws_lb_target_group.green", green)]
            }
        },
        "resource_changes": [
            {"address": "aws_ecs_service.a", "change": {"after": service, "after_unknown": unknown}},
            {"address": "aws_lb_target_group.green", "change": {"after": green, "after_unknown": {"arn": True}}},
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {"address": "aws_ecs_service.a", "expressions": {"name": {"constant_value": "a"}}},
                    {"address": "aws_lb_target_group.green", "expressions": {"name": {"constant_value": "green"}}},
                ]
            }
        },
    }


@pytest.mark.parametrize("unknown", [{}, {"load_balancer": [{}]}, {"load_balancer": [{"elb_name": True}]}])
def test_a_plan_shows_it_as_it_was_written_so_that_rules_follow_its_references(
    unknown: dict[str, Any], tmp_path: Any
) -> None:

    restored = restore_in_plan(plan_of(SERVICE, unknown), lost_arguments(WHOLE, PRUNED))
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(restored))

    graph: Graph = load(file)

    service = graph.resources["aws_ecs_service.a"]
    assert service.text("deployment_configuration.strategy") == "CANARY"
    block = next(iter(service.blocks("load_balancer")))
    targets = graph.targets_of(block, "advanced_configuration.alternate_target_group_arn", "aws_lb_target_group")
    assert [target.address for target in targets] == ["aws_lb_target_group.green"]


def test_one_of_several_blocks_is_refused_because_their_order_may_have_changed() -> None:
    two = {**SERVICE, "load_balancer": [{**BLOCK}, {**BLOCK, "container_port": 81}]}
    with pytest.raises(AmbiguousError, match=r"aws_ecs_service\.a: 0 of 2 blocks"):
        restore_in_plan(plan_of(two, {}), lost_arguments(WHOLE, PRUNED))


def test_a_resource_that_is_not_in_the_plan_is_left_out() -> None:
    plan = plan_of(SERVICE, {})
    plan["planned_values"]["root_module"]["resources"].pop(0)
    assert restore_in_plan(plan, lost_arguments(WHOLE, PRUNED)) == plan
