"""Interfaces have addresses of their subnet, and a deleted NAT gateway leaves none behind."""

import ipaddress
from typing import Any

CIDR = "172.31.200.0/28"  # small, and outside the 10.x range that moto draws from


def _nat_gateway(account: Any) -> tuple[Any, str, str]:
    ec2 = account.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="172.31.200.0/24")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock=CIDR)["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet_id, AllocationId=address)["NatGateway"]
    return ec2, subnet_id, gateway["NatGatewayId"]


def _addresses(ec2: Any, subnet_id: str) -> list[str]:
    found = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnet_id]}])
    return [interface["PrivateIpAddress"] for interface in found["NetworkInterfaces"]]


def test_a_nat_gateway_has_an_address_of_its_subnet(emulator: Any) -> None:
    ec2, subnet_id, gateway_id = _nat_gateway(emulator)
    (address,) = _addresses(ec2, subnet_id)
    assert ipaddress.ip_address(address) in ipaddress.ip_network(CIDR)
    gateway = ec2.describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"][0]
    assert gateway["NatGatewayAddresses"][0]["PrivateIp"] == address


def test_no_address_is_given_twice_nor_a_reserved_one(emulator: Any) -> None:
    ec2, subnet_id, _ = _nat_gateway(emulator)
    for _ in range(3):
        ec2.create_nat_gateway(SubnetId=subnet_id, AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"])
    assert sorted(_addresses(ec2, subnet_id)) == [f"172.31.200.{last}" for last in (4, 5, 6, 7)]


def test_an_address_asked_for_is_the_one_given(emulator: Any) -> None:
    ec2, subnet_id, _ = _nat_gateway(emulator)
    created = ec2.create_network_interface(SubnetId=subnet_id, PrivateIpAddress="172.31.200.9")
    assert created["NetworkInterface"]["PrivateIpAddress"] == "172.31.200.9"


def test_a_deleted_nat_gateway_leaves_no_interface(emulator: Any) -> None:
    ec2, subnet_id, gateway_id = _nat_gateway(emulator)
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    assert _addresses(ec2, subnet_id) == []


def _acls_after_a_vpc(account: Any) -> int:
    ec2 = account.client("ec2")
    before = len(ec2.describe_network_acls()["NetworkAcls"])
    ec2.delete_vpc(VpcId=ec2.create_vpc(CidrBlock="172.31.200.0/24")["Vpc"]["VpcId"])
    return len(ec2.describe_network_acls()["NetworkAcls"]) - before


def test_a_deleted_vpc_leaves_no_network_acl(emulator: Any) -> None:
    assert _acls_after_a_vpc(emulator) == 0


def test_plain_moto_still_keeps_network_acls(plain_moto: Any) -> None:
    assert _acls_after_a_vpc(plain_moto) == 1


def _rule_descriptions(account: Any) -> list[str | None]:
    ec2 = account.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="172.31.200.0/24")["Vpc"]["VpcId"]
    group_id = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc_id)["GroupId"]
    prefix_list_id = ec2.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]
    peers: list[dict[str, Any]] = [
        {"IpRanges": [{"CidrIp": "172.31.0.0/16", "Description": "From a range"}]},
        {"UserIdGroupPairs": [{"GroupId": group_id, "Description": "From a group"}]},
        {"PrefixListIds": [{"PrefixListId": prefix_list_id, "Description": "From a list"}]},
    ]
    for peer in peers:
        permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}
        ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission])
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])
    return [rule.get("Description") for rule in found["SecurityGroupRules"] if not rule["IsEgress"]]


def test_a_rule_keeps_its_description_whatever_its_peer(emulator: Any) -> None:
    assert _rule_descriptions(emulator) == ["From a range", "From a group", "From a list"]


def test_a_rule_is_revoked_by_its_peer_without_the_description(emulator: Any) -> None:
    _rule_descriptions(emulator)
    ec2 = emulator.client("ec2")
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["g"]}])["SecurityGroups"]
    pairs = [{"GroupId": group["GroupId"]}]
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": pairs}
    ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}])
    assert [rule.get("Description") for rule in rules["SecurityGroupRules"] if not rule["IsEgress"]] == [
        "From a range",
        "From a list",
    ]


def test_plain_moto_still_loses_descriptions(plain_moto: Any) -> None:
    assert _rule_descriptions(plain_moto) == ["From a range", None, None]


def test_plain_moto_still_draws_addresses_anywhere_and_keeps_interfaces(plain_moto: Any) -> None:
    ec2, subnet_id, gateway_id = _nat_gateway(plain_moto)
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    (address,) = _addresses(ec2, subnet_id)
    assert ipaddress.ip_address(address) not in ipaddress.ip_network(CIDR)
