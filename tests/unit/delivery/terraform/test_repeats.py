"""What a state says twice is known as such, and what only looks like it is not."""

import json
from pathlib import Path
from typing import Any

from delivery.terraform.repeats import repeated, repeating_attributes, stated, without_repeats
from policies.graph.state import load_shown_state

POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]})
OPEN = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
KNOWN = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}


def resource(address: str, **values: Any) -> dict[str, Any]:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}


RULE = resource(
    "aws_vpc_security_group_ingress_rule.r",
    security_group_id="sg-1",
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
    cidr_ipv4="10.0.0.0/8",
)
GROUP = resource("aws_security_group.g", id="sg-1", ingress=[OPEN, KNOWN], egress=[])


def indexes(*resources: dict[str, Any]) -> dict[tuple[str, str], frozenset[int]]:
    document = {"values": {"root_module": {"resources": list(resources)}}}
    return {place: found for place, found in repeated(load_shown_state(document, Path("s"), None)).items() if found}


def test_rules_of_their_own_are_repeated_in_their_group() -> None:
    assert indexes(GROUP, RULE) == {("aws_security_group.g", "ingress"): frozenset({1})}


def test_routes_of_their_own_are_repeated_in_their_table() -> None:
    route = resource("aws_route.r", route_table_id="rtb-1", destination_cidr_block="0.0.0.0/0", nat_gateway_id="nat-1")
    inside = [
        {"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"},
        {"cidr_block": "10.9.0.0/16", "transit_gateway_id": "tgw-1"},
    ]
    table = resource("aws_route_table.t", id="rtb-1", route=inside)

    assert indexes(table, route) == {("aws_route_table.t", "route"): frozenset({0})}


def test_policies_of_their_own_are_repeated_in_their_role() -> None:
    role = resource(
        "aws_iam_role.r",
        id="r",
        name="r",
        inline_policy=[{"name": "mine", "policy": POLICY}, {"name": "own", "policy": POLICY.replace(" ", "")}],
        managed_policy_arns=["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"],
    )
    own = resource("aws_iam_role_policy.p", role="r", name="own", policy=POLICY)
    attached = resource("aws_iam_role_policy_attachment.a", role="r", policy_arn="arn:aws:iam::aws:policy/B")

    assert indexes(role, own, attached) == {
        ("aws_iam_role.r", "inline_policy"): frozenset({1}),
        ("aws_iam_role.r", "managed_policy_arns"): frozenset({1}),
    }


def test_an_inline_policy_that_says_something_else_is_no_repetition() -> None:
    role = resource("aws_iam_role.r", id="r", name="r", inline_policy=[{"name": "own", "policy": POLICY}])
    own = resource("aws_iam_role_policy.p", role="r", name="own", policy=POLICY.replace("Get", "Put"))

    assert indexes(role, own) == {}


def test_the_configuration_tells_what_is_written() -> None:
    written = {"address": "aws_security_group.g", "expressions": {"ingress": {}}}
    shown = {"configuration": {"root_module": {"resources": [written]}}}

    assert stated(shown, "aws_security_group.g", "ingress")
    assert not stated(shown, "aws_security_group.g", "egress")
    assert not stated({}, "aws_security_group.g", "ingress")
    assert repeating_attributes("aws_iam_role") == ("inline_policy", "managed_policy_arns")
    assert repeating_attributes("aws_x") == ()


def values_of(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"root_module": {"resources": list(resources)}}


def test_a_rule_that_a_plan_deletes_is_not_carried_on_by_its_group() -> None:
    shown = {"prior_state": {"values": values_of(GROUP, RULE)}, "planned_values": values_of(GROUP)}

    plain = without_repeats(shown)

    assert plain["planned_values"] == values_of({**GROUP, "values": {"id": "sg-1", "ingress": [OPEN], "egress": []}})
    assert shown["planned_values"] == values_of(GROUP), "the document itself stays as it was"


def test_what_the_configuration_writes_into_a_group_is_judged_also_where_a_rule_says_it_too() -> None:
    group = resource("aws_security_group.g", id="sg-1", ingress=[KNOWN], egress=[])
    written = [{"address": "aws_security_group.g", "expressions": {"ingress": {}}}]
    shown = {
        "prior_state": {"values": values_of(group)},
        "planned_values": values_of(group),
        "configuration": {"root_module": {"resources": written}},
    }
    assert without_repeats(shown) == shown
