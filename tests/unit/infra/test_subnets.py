"""The address plan: around what is reserved, without overlaps, the same every time."""

from dataclasses import replace

import pytest

from infra.settings.model import Network
from infra.subnets import DoesNotFitError, SubnetPlan, ZoneSubnets, plan_subnets

NETWORK = Network(
    vpc_cidr="10.20.0.0/16",
    availability_zones=("us-east-1a", "us-east-1b", "us-east-1c"),
    public_subnet_prefix_length=24,
    private_subnet_prefix_length=20,
    reserved_cidrs=("10.20.240.0/20",),
)


@pytest.mark.clause("P.11.3", proof="test")
def test_each_zone_gets_a_public_and_a_private_subnet_from_the_bottom() -> None:
    assert plan_subnets(NETWORK) == SubnetPlan((
        ZoneSubnets("us-east-1a", "10.20.0.0/24", "10.20.16.0/20"),
        ZoneSubnets("us-east-1b", "10.20.1.0/24", "10.20.32.0/20"),
        ZoneSubnets("us-east-1c", "10.20.2.0/24", "10.20.48.0/20"),
    ))  # fmt: skip


def test_a_zone_added_at_the_end_moves_no_other_subnet() -> None:
    four = replace(NETWORK, availability_zones=(*NETWORK.availability_zones, "us-east-1d"))

    assert plan_subnets(four).zones[:3] == plan_subnets(NETWORK).zones


def test_reserved_ranges_are_left_out_wherever_they_lie() -> None:
    plan = plan_subnets(replace(NETWORK, reserved_cidrs=("10.20.0.0/23", "10.20.16.0/24")))

    assert plan.zones[0] == ZoneSubnets("us-east-1a", "10.20.2.0/24", "10.20.32.0/20")


def test_private_addresses_leave_out_the_five_that_aws_keeps_in_each_subnet() -> None:
    assert plan_subnets(NETWORK).private_addresses == 3 * (4096 - 5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vpc_cidr": "10.20.0.0/19"}, r"no free /20 left for the private subnet of us-east-1b"),
        ({"vpc_cidr": "10.20.0.0/25"}, r"no free /24 left for the public subnet of us-east-1a"),
        ({"reserved_cidrs": ("10.20.0.0/16",)}, r"no free /24 left for the public subnet of us-east-1a"),
    ],
)
def test_a_range_without_room_is_refused_with_the_subnet_that_does_not_fit(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(DoesNotFitError, match=message):
        plan_subnets(replace(NETWORK, **change))
