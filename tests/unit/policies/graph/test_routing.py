"""Where a subnet's traffic goes: which table, which route, which gateway."""

from typing import Any

import pytest

from policies.graph import Graph, MalformedError, Resource, UnresolvedError
from policies.graph.addresses import INTERNET_V4, cidr, describe_addresses
from policies.graph.routing import (
    EGRESS_ONLY,
    ENDPOINT,
    INTERNET,
    LOCAL,
    NAT,
    effective,
    endpoints_of,
    routed_to,
    routes_of,
    tables_of,
    zone_of,
)
from policies.graph.terraform_json import load_document

VPC = "${aws_vpc.v.id}"
BASE: dict[str, Any] = {
    "aws_vpc": {"v": {"id": "vpc-1", "main_route_table_id": "rtb-main"}},
    "aws_subnet": {"s": {"vpc_id": VPC}},
    "aws_route_table": {"t": {"vpc_id": VPC}, "u": {"vpc_id": VPC}},
    "aws_internet_gateway": {"i": {"id": "igw-1"}},
    "aws_nat_gateway": {"n": {}},
    "aws_vpc_endpoint": {"e": {"id": "vpce-1"}},
    "aws_egress_only_internet_gateway": {"o": {}},
    "aws_vpn_gateway": {"p": {}},
}
TABLE = "${aws_route_table.t.id}"
ASSOCIATION = {"aws_route_table_association": {"a": {"subnet_id": "${aws_subnet.s.id}", "route_table_id": TABLE}}}


def graph(*more: dict[str, Any]) -> Graph:
    tables = {kind: dict(items) for kind, items in BASE.items()}
    for tables_more in more:
        for kind, items in tables_more.items():
            tables[kind] = {**tables.get(kind, {}), **items}
    return load_document({"resource": tables})


def route(**values: Any) -> dict[str, Any]:
    return {"aws_route": {"r": {"route_table_id": TABLE, "destination_cidr_block": "0.0.0.0/0", **values}}}


def subnet(found: Graph) -> Resource:
    return found.resources["aws_subnet.s"]


def test_an_associated_table_comes_before_the_main_one() -> None:
    found = graph(ASSOCIATION)

    assert tables_of(subnet(found), found) == ("aws_route_table.t",)


@pytest.mark.parametrize(
    ("more", "table"),
    [
        ({}, "aws_vpc.v.main_route_table_id"),
        (
            {"aws_default_route_table": {"d": {"default_route_table_id": "${aws_vpc.v.default_route_table_id}"}}},
            "aws_default_route_table.d",
        ),
        (
            {"aws_main_route_table_association": {"m": {"vpc_id": VPC, "route_table_id": "${aws_route_table.u.id}"}}},
            "aws_route_table.u",
        ),
    ],
)
def test_a_subnet_without_an_association_has_the_main_table(more: dict[str, Any], table: str) -> None:
    found = graph(more)

    assert tables_of(subnet(found), found) == (table,)


@pytest.mark.parametrize("table", ["${aws_vpc.v.main_route_table_id}", "rtb-main"])
def test_a_route_can_be_written_to_a_main_table_that_nobody_manages(table: str) -> None:
    found = graph(route(route_table_id=table, gateway_id="${aws_internet_gateway.i.id}"))

    assert [item.via for item in routes_of("aws_vpc.v.main_route_table_id", found)] == [INTERNET]


@pytest.mark.parametrize(
    ("target", "via", "address"),
    [
        ({"gateway_id": "${aws_internet_gateway.i.id}"}, INTERNET, "aws_internet_gateway.i"),
        ({"gateway_id": "igw-1", "nat_gateway_id": ""}, INTERNET, "aws_internet_gateway.i"),
        ({"gateway_id": "igw-elsewhere"}, INTERNET, None),
        ({"gateway_id": "vgw-elsewhere"}, "virtual private gateway", None),
        ({"gateway_id": "${aws_vpn_gateway.p.id}"}, "vpn gateway", None),
        ({"gateway_id": "vpce-1"}, ENDPOINT, "aws_vpc_endpoint.e"),
        ({"gateway_id": "local"}, LOCAL, None),
        ({"gateway_id": "something"}, "gateway", None),
        ({"nat_gateway_id": "${aws_nat_gateway.n.id}"}, NAT, "aws_nat_gateway.n"),
        ({"nat_gateway_id": "nat-elsewhere"}, NAT, None),
        ({"nat_gateway_id": "${aws_internet_gateway.i.id}"}, NAT, None),
        (
            {"egress_only_gateway_id": "${aws_egress_only_internet_gateway.o.id}"},
            EGRESS_ONLY,
            "aws_egress_only_internet_gateway.o",
        ),
        ({"vpc_peering_connection_id": "pcx-1"}, "VPC peering connection", None),
        ({"transit_gateway_id": "tgw-1"}, "transit gateway", None),
        ({"network_interface_id": "eni-1"}, "network interface", None),
    ],
)
def test_a_route_is_known_by_what_it_leads_to(target: dict[str, str], via: str, address: str | None) -> None:
    found = graph(route(**target))

    [item] = routes_of("aws_route_table.t", found)

    assert (item.via, item.target.address if item.target else None) == (via, address)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, MalformedError),
        ({"gateway_id": "igw-1", "nat_gateway_id": "nat-1"}, MalformedError),
        ({"gateway_id": "igw-1", "destination_cidr_block": None}, MalformedError),
        ({"gateway_id": "${"}, MalformedError),
        ({"gateway_id": "${aws_internet_gateway.gone.id}"}, UnresolvedError),
        ({"gateway_id": "igw-1", "route_table_id": "rtb-elsewhere"}, UnresolvedError),
        ({"gateway_id": "igw-1", "destination_prefix_list_id": "pl-elsewhere"}, UnresolvedError),
    ],
)
def test_a_route_that_cannot_be_read_is_no_route_that_can_be_left_out(
    values: dict[str, Any], error: type[Exception]
) -> None:
    found = graph(route(**values))

    with pytest.raises(error):
        routes_of("aws_route_table.t", found)


def test_a_route_inside_the_table_counts_once_when_a_state_repeats_it() -> None:
    inside = {"aws_route_table": {"t": {"vpc_id": VPC, "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}]}}}

    assert [item.written_as for item in routes_of("aws_route_table.t", graph(inside))] == ["aws_route_table.t route[0]"]
    both = graph(inside, route(gateway_id="igw-1"))
    assert [item.written_as for item in routes_of("aws_route_table.t", both)] == ["aws_route.r"]


def test_the_most_specific_route_wins_and_learned_ones_may_be_any() -> None:
    found = graph(
        ASSOCIATION,
        {
            "aws_route": {
                "all": {"route_table_id": TABLE, "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"},
                "half": {"route_table_id": TABLE, "destination_cidr_block": "128.0.0.0/1", "gateway_id": "igw-1"},
            },
            "aws_vpn_gateway_route_propagation": {"p": {"route_table_id": TABLE, "vpn_gateway_id": "vgw-1"}},
        },
    )

    told = {item.written_as: describe_addresses(to) for item, to in effective(routes_of("aws_route_table.t", found))}

    assert told == {
        "aws_route.all": "0.0.0.0/1",
        "aws_route.half": "128.0.0.0/1",
        "aws_vpn_gateway_route_propagation.p": "the whole internet",
    }
    assert routed_to(subnet(found), found, NAT) == cidr("0.0.0.0/1")
    assert INTERNET_V4.within(routed_to(subnet(found), found, NAT, INTERNET))


@pytest.mark.parametrize(
    "more",
    [
        {"aws_vpc_endpoint": {"e": {"route_table_ids": [TABLE]}}},
        {
            "aws_vpc_endpoint_route_table_association": {
                "a": {"route_table_id": TABLE, "vpc_endpoint_id": "${aws_vpc_endpoint.e.id}"}
            }
        },
    ],
)
def test_gateway_endpoints_of_a_table(more: dict[str, Any]) -> None:
    found = graph(more)

    assert endpoints_of("aws_route_table.t", found) == {"aws_vpc_endpoint.e"}
    assert endpoints_of("aws_route_table.u", found) == frozenset()


def test_a_subnet_whose_zone_aws_picks_has_none_that_can_be_judged() -> None:
    found = load_document({"resource": {"aws_subnet": {"s": {"availability_zone_id": "use1-az1"}, "t": {}}}})

    assert zone_of(found.resources["aws_subnet.s"]) == "use1-az1"
    with pytest.raises(UnresolvedError):
        zone_of(found.resources["aws_subnet.t"])
