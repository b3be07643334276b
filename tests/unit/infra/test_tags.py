"""Every taggable resource carries the three required tags, from one place, and tasks carry them too."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack

TAGS = "provider/aws/0/default_tags/0/tags"
OVERRIDE = "aws_vpc/main/tags"


def values_of(stack: Stack, key: str) -> set[str | None]:
    """Every value that a tag has anywhere: on each provider, and where a resource sets it by itself."""
    defaults = [
        [block["tags"].get(key) for block in provider.get("default_tags", [])] or [None]
        for provider in stack.document["provider"]["aws"]
    ]
    own = [values["tags"][key] for _, values in stack.resources() if key in values.get("tags", {})]
    return {value for values in defaults for value in values} | set(own)


@pytest.mark.clause("P.10.1", proof="synth")
@red_when(
    change(f"{TAGS}/Environment", "staging"),
    drop(f"{TAGS}/Environment"),
    add(f"{OVERRIDE}/Environment", "test"),
    drop("provider/aws/0/default_tags"),
)
def test_everything_is_tagged_environment_production(stack: Stack) -> None:
    assert values_of(stack, "Environment") == {"production"}


@pytest.mark.clause("P.10.2", proof="synth")
@red_when(
    change(f"{TAGS}/Team", "platform"),
    drop(f"{TAGS}/Team"),
    add(f"{OVERRIDE}/Team", "network"),
    add("provider/aws/+", {"alias": "untagged"}),
)
def test_everything_is_tagged_team_payments(stack: Stack) -> None:
    assert values_of(stack, "Team") == {"payments"}


@pytest.mark.clause("P.10.3", proof="synth")
@red_when(
    change(f"{TAGS}/CostCenter", "marketing"),
    drop(f"{TAGS}/CostCenter"),
    add("aws_eip/us-east-1a/tags/CostCenter", "network"),
    change("aws_ecs_service/payment-api/propagate_tags", "NONE"),
    drop("aws_ecs_service/fraud-detection/propagate_tags"),
    change("aws_ecs_service/payment-api/enable_ecs_managed_tags", False),
)
def test_everything_is_tagged_cost_center_engineering_and_services_hand_their_tags_to_tasks(stack: Stack) -> None:
    assert values_of(stack, "CostCenter") == {"engineering"}
    for name in SERVICES:
        assert stack.service(name).get("propagate_tags") == "SERVICE"
        assert stack.service(name).get("enable_ecs_managed_tags") is True


@red_when(
    change(f"{TAGS}/EnvironmentSuffix", "pr4"),
    drop(f"{TAGS}/EnvironmentSuffix"),
    add(f"{OVERRIDE}/EnvironmentSuffix", "pr421"),
)
def test_everything_is_tagged_with_the_suffix_of_its_environment(stack: Stack) -> None:
    assert values_of(stack, "EnvironmentSuffix") == {"pr42"}


@red_when(
    add("aws_ecs_cluster/main/provider", "aws.other"),
    add("aws_vpc/main/tags/Owner", "me"),
    add("aws_ecs_service/payment-api/tags", {"Environment": "production"}),
    add("provider/aws/0/ignore_tags", [{"keys": ["Team"]}]),
)
def test_resources_add_only_their_name_to_the_tags_of_the_provider(stack: Stack) -> None:
    for address, values in stack.resources():
        assert set(values.get("tags", {})) <= {"Name"}, address
        assert "provider" not in values, address
    assert "ignore_tags" not in stack.document["provider"]["aws"][0]
