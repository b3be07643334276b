"""EC2: interfaces with addresses of their subnet, that go with their NAT gateway; descriptions of group rules."""

import ipaddress
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.security_groups import SecurityGroupRule

from delivery.sandbox.gaps.patch import Patch, add, replace, wrap

# AWS keeps the first four addresses of a subnet and the last one for itself
# (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, checked 2026-11-22).
RESERVED_AT_START = 4
RESERVED_AT_END = 1


def _used_addresses(backend: Any, subnet_id: str) -> set[str]:
    return {
        address["PrivateIpAddress"]
        for interface in list(backend.enis.values())
        if interface.subnet.id == subnet_id
        for address in [*interface.private_ip_addresses, {"PrivateIpAddress": interface.private_ip_address}]
    }


def _fits(address: str, network: ipaddress.IPv4Network, used: set[str]) -> bool:
    return ipaddress.ip_address(address) in network and address not in used


def _free_address(network: ipaddress.IPv4Network, used: set[str]) -> str:
    for offset in range(RESERVED_AT_START, network.num_addresses - RESERVED_AT_END):
        address = str(network[offset])
        if address not in used:
            return address
    raise ValueError(f"subnet {network} has no free address left")


def _create_network_interface(
    original: Any, backend: Any, subnet: Any, private_ip_address: Any, *more: Any, **rest: Any
) -> Any:
    """An address that lies outside the subnet, or is taken, cannot come from a valid request: moto made it up."""
    found = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
    network = ipaddress.IPv4Network(found.cidr_block)
    used = _used_addresses(backend, found.id)
    if isinstance(private_ip_address, str) and not _fits(private_ip_address, network, used):
        private_ip_address = _free_address(network, used)
    return original(backend, subnet, private_ip_address, *more, **rest)


def _delete_nat_gateway(original: Any, backend: Any, nat_gateway_id: str) -> Any:
    gateway = original(backend, nat_gateway_id)
    backend.enis.pop(gateway._eni.id, None)
    return gateway


def _delete_vpc(original: Any, backend: Any, vpc_id: str) -> Any:
    vpc = original(backend, vpc_id)
    for acl_id in [acl.id for acl in backend.network_acls.values() if acl.vpc_id == vpc_id]:
        del backend.network_acls[acl_id]
    return vpc


def _create_rule(
    original: Any,
    rule: Any,
    backend: Any,
    ip_protocol: str,
    group_id: str,
    from_port: Any,
    to_port: Any,
    ip_range: dict[str, str] | None,
    source_group: dict[str, str] | None = None,
    prefix_list_id: dict[str, str] | None = None,
    **rest: Any,
) -> None:
    """The description comes with the peer; rules with the same peer are equal whatever their description."""
    peer = ip_range or source_group or prefix_list_id or {}
    rule.paygate_description = peer.get("Description")
    source = {key: value for key, value in (source_group or {}).items() if key != "Description"}
    original(rule, backend, ip_protocol, group_id, from_port, to_port, ip_range, source, prefix_list_id, **rest)


def _description(rule: Any) -> str | None:
    description: str | None = rule.ip_range.get("Description") or rule.paygate_description
    return description


def _apply_rule_descriptions() -> None:
    wrap(SecurityGroupRule, "__init__", _create_rule)
    replace(SecurityGroupRule, "description", property(_description))


def _apply_addresses() -> None:
    wrap(EC2Backend, "create_network_interface", _create_network_interface)


def _apply_dns_names() -> None:
    add(NetworkInterface, "private_dns_name", "")


def _apply_nat_interfaces() -> None:
    wrap(EC2Backend, "delete_nat_gateway", _delete_nat_gateway)


def _apply_vpc_acls() -> None:
    wrap(EC2Backend, "delete_vpc", _delete_vpc)


PATCHES = (
    Patch(
        service="ec2",
        name="interface-addresses",
        gap="NAT gateways and ECS tasks get a random 10.x address, outside the CIDR of their subnet",
        apply=_apply_addresses,
    ),
    Patch(
        service="ec2",
        name="interface-dns-names",
        gap="CreateNetworkInterface and tasks fail in a VPC without DNS host names",
        apply=_apply_dns_names,
    ),
    Patch(
        service="ec2",
        name="nat-gateway-interfaces",
        gap="DeleteNatGateway leaves the network interface of the gateway behind",
        apply=_apply_nat_interfaces,
    ),
    Patch(
        service="ec2",
        name="vpc-network-acls",
        gap="DeleteVpc leaves the default network ACL of the VPC behind",
        apply=_apply_vpc_acls,
    ),
    Patch(
        service="ec2",
        name="rule-descriptions",
        gap="a security-group rule whose peer is a group or a prefix list loses its description",
        apply=_apply_rule_descriptions,
    ),
)
