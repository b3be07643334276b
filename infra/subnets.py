"""Where the subnets lie in the VPC. Pure: an address plan from the network settings, the same one every time.

First fit from the bottom of the VPC: all public subnets first, then the private ones on their own alignment, around the
reserved ranges. A zone added at the end of the list therefore moves no private subnet only while a gap is left for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network

from infra.settings.model import Network

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html and subnet-sizing.html, read 2026-11-22.
LARGEST_PREFIX_LENGTH, SMALLEST_PREFIX_LENGTH = 16, 28
AWS_RESERVED_ADDRESSES_PER_SUBNET = 5


class DoesNotFitError(Exception):
    """The VPC has no room left; the message says for which subnet of which zone."""


@dataclass(frozen=True)
class ZoneSubnets:
    """The public and the private subnet of one availability zone."""

    zone: str
    public_cidr: str
    private_cidr: str


@dataclass(frozen=True)
class SubnetPlan:
    """One pair of subnets per zone, in the order of the settings."""

    zones: tuple[ZoneSubnets, ...]

    @property
    def private_addresses(self) -> int:
        """Addresses that tasks can take, all zones together."""
        return sum(
            IPv4Network(zone.private_cidr).num_addresses - AWS_RESERVED_ADDRESSES_PER_SUBNET for zone in self.zones
        )


def plan_subnets(network: Network) -> SubnetPlan:
    """The plan for a network whose ranges are well-formed. Raises DoesNotFitError when it has too little room."""
    vpc = IPv4Network(network.vpc_cidr)
    taken = [IPv4Network(cidr) for cidr in network.reserved_cidrs]
    public = _place_all("public", network.public_subnet_prefix_length, network, vpc, taken)
    private = _place_all("private", network.private_subnet_prefix_length, network, vpc, taken)
    return SubnetPlan(
        tuple(
            ZoneSubnets(zone, str(public[index]), str(private[index]))
            for index, zone in enumerate(network.availability_zones)
        )
    )


def _place_all(
    use: str, prefix_length: int, network: Network, vpc: IPv4Network, taken: list[IPv4Network]
) -> list[IPv4Network]:
    placed = []
    for zone in network.availability_zones:
        subnet = _first_free(vpc, prefix_length, taken)
        if subnet is None:
            raise DoesNotFitError(
                f"{network.vpc_cidr} has no free /{prefix_length} left for the {use} subnet of {zone}, "
                f"beside {len(network.availability_zones)} zones and {len(network.reserved_cidrs)} reserved ranges"
            )
        placed.append(subnet)
        taken.append(subnet)
    return placed


def _first_free(vpc: IPv4Network, prefix_length: int, taken: Iterable[IPv4Network]) -> IPv4Network | None:
    if prefix_length < vpc.prefixlen:
        return None
    return next(
        (subnet for subnet in vpc.subnets(new_prefix=prefix_length) if not any(map(subnet.overlaps, taken))), None
    )
