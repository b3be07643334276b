"""Security group rules in every form that they are written in, as records of one kind."""

from typing import Any

import pytest

from policies.graph import Graph, MalformedError, UnresolvedError
from policies.graph.addresses import describe_addresses
from policies.graph.ports import describe_traffic
from policies.graph.security_groups import GroupRule, group_rules
from policies.graph.terraform_json import load_document

TCP = {"from_port": 22, "to_port": 22}
SEPARATE = {**TCP, "ip_protocol": "tcp", "security_group_id": "${aws_security_group.a.id}"}
OLD = {**TCP, "protocol": "tcp", "security_group_id": "${aws_security_group.a.id}"}
BLOCK = {**TCP, "protocol": "tcp"}


def graph(group: dict[str, Any] | None = None, /, **resources: Any) -> Graph:
    groups = {"a": {"vpc_id": "${aws_vpc.v.id}", **(group or {})}, "b": {"id": "sg-b", "vpc_id": "${aws_vpc.v.id}"}}
    data = {"aws_prefix_list": {"s3": {"name": "com.amazonaws.us-east-1.s3"}}}
    return load_document({"data": data, "resource": {"aws_vpc": {"v": {}}, "aws_security_group": groups, **resources}})


def told(rule: GroupRule) -> tuple[str, str, str, str]:
    peer = rule.peer
    whom = peer.group or peer.aws_list or describe_addresses(peer.addresses)
    return rule.written_as, rule.direction, describe_traffic(rule.traffic), whom


def rules(found: Graph, group: str = "aws_security_group.a") -> list[tuple[str, str, str, str]]:
    return [told(rule) for rule in group_rules(found).get(group, ())]


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("aws_vpc_security_group_ingress_rule", "ingress"), ("aws_vpc_security_group_egress_rule", "egress")],
)
@pytest.mark.parametrize(
    ("peer", "whom"),
    [
        ({"cidr_ipv4": "10.0.0.0/8"}, "10.0.0.0/8"),
        ({"cidr_ipv6": "::/0"}, "::/0"),
        ({"referenced_security_group_id": "${aws_security_group.b.id}"}, "aws_security_group.b"),
        ({"referenced_security_group_id": "sg-b"}, "aws_security_group.b"),
        ({"prefix_list_id": "${aws_ec2_managed_prefix_list.l.id}"}, "10.1.0.0/16, 10.3.0.0/16"),
        ({"prefix_list_id": "${aws_vpc_endpoint.s3.prefix_list_id}"}, "aws_vpc_endpoint.s3"),
        ({"prefix_list_id": "pl-63a5400a"}, "aws_vpc_endpoint.s3"),
        ({"prefix_list_id": "${data.aws_prefix_list.s3.id}"}, "com.amazonaws.us-east-1.s3"),
    ],
)
def test_separate_rules(kind: str, direction: str, peer: dict[str, Any], whom: str) -> None:
    found = graph(
        aws_ec2_managed_prefix_list={"l": {"entry": [{"cidr": "10.1.0.0/16"}]}},
        aws_ec2_managed_prefix_list_entry={
            "e": {"prefix_list_id": "${aws_ec2_managed_prefix_list.l.id}", "cidr": "10.3.0.0/16"}
        },
        aws_vpc_endpoint={"s3": {"prefix_list_id": "pl-63a5400a"}},
        **{kind: {"r": {**SEPARATE, **peer}}},
    )
    assert rules(found) == [(f"{kind}.r", direction, "tcp 22", whom)]


def test_rules_of_the_old_form_with_several_peers() -> None:
    found = graph(
        aws_security_group_rule={
            "r": {
                **OLD,
                "type": "ingress",
                "cidr_blocks": ["10.0.0.0/8", "11.0.0.0/8"],
                "ipv6_cidr_blocks": ["::/0"],
                "source_security_group_id": "${aws_security_group.b.id}",
                "self": "true",
            }
        }
    )

    assert [whom for *_, whom in rules(found)] == [
        "10.0.0.0/7",
        "::/0",
        "aws_security_group.b",
        "aws_security_group.a",
    ]


def test_blocks_inside_a_group() -> None:
    found = graph(
        {
            "ingress": [{**BLOCK, "self": True}, {**BLOCK, "security_groups": ["${aws_security_group.b.id}"]}],
            "egress": {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]},
        }
    )

    assert rules(found) == [
        ("aws_security_group.a ingress[0]", "ingress", "tcp 22", "aws_security_group.a"),
        ("aws_security_group.a ingress[1]", "ingress", "tcp 22", "aws_security_group.b"),
        ("aws_security_group.a egress[0]", "egress", "every protocol and port", "0.0.0.0/0"),
    ]


def test_a_state_that_repeats_separate_rules_inside_the_group_says_nothing_twice() -> None:
    merged = {**BLOCK, "cidr_blocks": ["10.0.0.0/16", "10.1.0.0/16"], "security_groups": ["sg-b"], "self": False}
    kind = "aws_vpc_security_group_ingress_rule"
    separate = {
        "x": {**SEPARATE, "cidr_ipv4": "10.0.0.0/16"},
        "y": {**SEPARATE, "cidr_ipv4": "10.1.0.0/16"},
        "z": {**SEPARATE, "referenced_security_group_id": "sg-b"},
    }

    assert [written for written, *_ in rules(graph({"ingress": [merged]}, **{kind: separate}))] == [
        f"{kind}.x",
        f"{kind}.y",
        f"{kind}.z",
    ]
    wider = {**merged, "cidr_blocks": ["10.0.0.0/15", "10.2.0.0/16"]}
    assert [written for written, *_ in rules(graph({"ingress": [wider]}, **{kind: separate}))][3:] == [
        "aws_security_group.a ingress[0]"
    ]


def test_a_default_group_that_nobody_manages_is_as_aws_made_it() -> None:
    name = "aws_vpc.v.default_security_group_id"

    assert rules(graph(), name) == [
        ("aws_vpc.v", "ingress", "every protocol and port", name),
        ("aws_vpc.v", "egress", "every protocol and port", "the whole internet"),
    ]


@pytest.mark.parametrize("group", ["${aws_vpc.v.default_security_group_id}", "${aws_default_security_group.d.id}"])
def test_a_managed_default_group_has_the_rules_that_are_written_to_it(group: str) -> None:
    found = graph(
        aws_default_security_group={"d": {"vpc_id": "${aws_vpc.v.id}"}},
        aws_security_group_rule={"r": {**OLD, "type": "egress", "security_group_id": group, "cidr_blocks": ["::/0"]}},
    )

    assert rules(found, "aws_default_security_group.d") == [("aws_security_group_rule.r", "egress", "tcp 22", "::/0")]
    assert "aws_vpc.v.default_security_group_id" not in group_rules(found)


def test_a_state_knows_the_default_group_by_the_id_that_its_vpc_holds() -> None:
    found = load_document(
        {
            "resource": {
                "aws_vpc": {"v": {"id": "vpc-1", "default_security_group_id": "sg-d"}},
                "aws_default_security_group": {"d": {"id": "sg-d", "vpc_id": "vpc-1"}},
                "aws_security_group_rule": {
                    "r": {**OLD, "type": "egress", "security_group_id": "sg-d", "cidr_blocks": ["::/0"]}
                },
            }
        }
    )

    assert list(group_rules(found)) == ["aws_default_security_group.d"]


@pytest.mark.parametrize(
    ("kind", "values", "error"),
    [
        ("aws_vpc_security_group_ingress_rule", SEPARATE, MalformedError),
        ("aws_vpc_security_group_ingress_rule", {**SEPARATE, "cidr_ipv4": "10.0.0.0/40"}, MalformedError),
        ("aws_vpc_security_group_ingress_rule", {**TCP, "ip_protocol": "tcp", "cidr_ipv4": "::/0"}, MalformedError),
        ("aws_security_group_rule", {**OLD, "type": "in", "self": True}, MalformedError),
        ("aws_security_group_rule", {**OLD, "type": "ingress", "self": "maybe"}, MalformedError),
        (
            "aws_vpc_security_group_ingress_rule",
            {**SEPARATE, "referenced_security_group_id": "123456789012/sg-0123"},
            UnresolvedError,
        ),
        ("aws_vpc_security_group_ingress_rule", {**SEPARATE, "prefix_list_id": "pl-0123"}, UnresolvedError),
        ("aws_vpc_security_group_ingress_rule", {**SEPARATE, "prefix_list_id": "${"}, UnresolvedError),
        ("aws_vpc_security_group_ingress_rule", {**SEPARATE, "security_group_id": "sg-outside"}, UnresolvedError),
        ("aws_security_group", {"dynamic": {"ingress": [{"for_each": [1], "content": {}}]}}, UnresolvedError),
        ("aws_security_group", {"dynamic": [{"egress": {"for_each": [1]}}]}, UnresolvedError),
    ],
)
def test_a_rule_that_cannot_be_read_is_no_rule_that_can_be_left_out(
    kind: str, values: dict[str, Any], error: type[Exception]
) -> None:
    found = graph(values) if kind == "aws_security_group" else graph(**{kind: {"r": values}})

    with pytest.raises(error):
        group_rules(found)
