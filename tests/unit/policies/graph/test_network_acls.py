"""Network ACLs: which one stands before a subnet, and what it lets through."""

from typing import Any

import pytest

from policies.graph import Graph, MalformedError
from policies.graph.addresses import cidr, describe_addresses
from policies.graph.network_acls import Acl, acl_of
from policies.graph.ports import describe_traffic
from policies.graph.terraform_json import load_document

VPC, SUBNET = "${aws_vpc.v.id}", "${aws_subnet.s.id}"
ALLOW = {"rule_no": 100, "action": "allow", "protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_block": "::/0"}
DENY = {**ALLOW, "rule_no": 50, "action": "deny", "cidr_block": "2001:db8::/32"}
SEPARATE = {
    "network_acl_id": "${aws_network_acl.a.id}",
    "rule_number": "7",
    "rule_action": "ALLOW",
    "protocol": "-1",
    "cidr_block": "10.0.0.0/8",
}


def graph(**resources: Any) -> Graph:
    return load_document({"resource": {"aws_vpc": {"v": {}}, "aws_subnet": {"s": {"vpc_id": VPC}}, **resources}})


def acl(**resources: Any) -> Acl:
    found = graph(**resources)
    return acl_of(found.resources["aws_subnet.s"], found)


def test_a_default_that_nobody_manages_lets_everything_through() -> None:
    assert acl().is_open
    assert acl().name == "aws_vpc.v.default_network_acl_id"


def test_a_default_that_is_managed_lets_through_what_it_says() -> None:
    found = acl(aws_default_network_acl={"d": {"default_network_acl_id": "${aws_vpc.v.default_network_acl_id}"}})

    assert (found.name, found.ingress, found.egress) == ("aws_default_network_acl.d", (), ())


def test_a_rule_written_to_the_default_stands_beside_those_of_aws() -> None:
    rule = {**SEPARATE, "network_acl_id": "${aws_vpc.v.default_network_acl_id}", "rule_action": "deny"}

    found = acl(aws_network_acl_rule={"r": rule})

    assert not any(box.addresses & cidr("10.0.0.0/8") for box in found.ingress)
    assert describe_addresses(found.egress[0].addresses) == "the whole internet"


@pytest.mark.parametrize(
    "resources",
    [
        {"aws_network_acl": {"a": {"subnet_ids": [SUBNET]}}},
        {
            "aws_network_acl": {"a": {}},
            "aws_network_acl_association": {"x": {"subnet_id": SUBNET, "network_acl_id": "${aws_network_acl.a.id}"}},
        },
    ],
)
def test_a_subnet_has_the_filter_that_it_is_associated_with(resources: dict[str, Any]) -> None:
    assert acl(**resources).name == "aws_network_acl.a"


def test_the_lowest_number_decides_and_what_no_rule_allows_is_denied() -> None:
    found = acl(aws_network_acl={"a": {"subnet_ids": [SUBNET], "ingress": [ALLOW, DENY]}})

    assert {describe_traffic(box.traffic) for box in found.ingress} == {"tcp 443"}
    assert cidr("2001:db9::/32").within(found.ingress[0].addresses)
    assert not any(box.addresses & cidr("2001:db8::/32") for box in found.ingress)
    assert found.egress == ()


def test_separate_rules_have_a_direction_of_their_own() -> None:
    found = acl(
        aws_network_acl={"a": {"subnet_ids": [SUBNET]}}, aws_network_acl_rule={"r": {**SEPARATE, "egress": True}}
    )

    assert found.ingress == ()
    assert [describe_addresses(box.addresses) for box in found.egress] == ["10.0.0.0/8"]


@pytest.mark.parametrize("change", [{"rule_no": None}, {"action": "maybe"}, {"protocol": "x"}, {"cidr_block": "x"}])
def test_a_rule_that_cannot_be_read_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        acl(aws_network_acl={"a": {"subnet_ids": [SUBNET], "ingress": [{**ALLOW, **change}]}})
