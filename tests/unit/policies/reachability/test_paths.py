"""Paths of worlds written by hand: the cases in which addresses, lists and doors decide."""

import pytest

from policies.graph.addresses import EVERYWHERE, cidr, describe_addresses
from policies.graph.network_acls import Acl
from policies.graph.ports import EVERYTHING, describe_traffic, tcp
from policies.graph.ranges import NONE, Box
from policies.reachability.halves import lacking_inside, lacking_inward, lacking_outward
from policies.reachability.paths import Path, Reach
from policies.reachability.world import Door, Group, Place, Rule, Subnet, World

OUT = Door("internet gateway", EVERYWHERE, ("route", "igw"), public_ip=True)
NAT = Door("NAT gateway", EVERYWHERE, ("route", "nat"), inbound=False)
S3 = "com.amazonaws.us-east-1.s3"
BLIND = Acl("blind", ingress=(), egress=())


def subnet(name: str = "subnet", block: str = "10.0.0.0/24", *doors: Door, **more: object) -> Subnet:
    return Subnet(name, cidr(block), doors=doors, **more)  # type: ignore[arg-type]


def place(name: str, *subnets: Subnet, groups: tuple[str, ...] | None = ("g",), **more: object) -> Place:
    return Place(name, "service", "v", subnets or (subnet(),), groups, **more)  # type: ignore[arg-type]


def reach(*places: Place, ingress: tuple[Rule, ...] = (), egress: tuple[Rule, ...] = ()) -> Reach:
    return Reach(World({"v": cidr("10.0.0.0/8")}, {"g": Group("g", ingress, egress)}, places))


def told(path: Path) -> str:
    return f"{' -> '.join(path.hops)}: {describe_traffic(path.traffic)}, {describe_addresses(path.addresses)}"


TO_ALL = Rule(tcp(443), EVERYWHERE, written_as="out")
FROM_ALL = Rule(tcp(443), EVERYWHERE, written_as="in")


def test_a_path_names_every_hop() -> None:
    found = reach(place("a", subnet("s", "10.0.0.0/24", NAT)), egress=(TO_ALL,))

    assert [told(path) for path in found.outward(found.world.places[0])] == [
        "a -> out -> s -> route -> nat -> internet: tcp 443, the whole internet"
    ]


def test_what_is_outside_never_holds_the_vpc_itself() -> None:
    found = reach(place("a", subnet("s", "10.0.0.0/24", NAT)), egress=(Rule(EVERYTHING, cidr("10.0.0.0/8")),))

    assert list(found.outward(found.world.places[0])) == []


@pytest.mark.parametrize(("public_ip", "addresses"), [(True, ["0.0.0.0/0", "::/0"]), (False, ["::/0"])])
def test_an_internet_gateway_carries_ipv4_for_public_addresses_only(public_ip: bool, addresses: list[str]) -> None:
    rules = tuple(Rule(tcp(22), cidr(text), written_as=text) for text in ("0.0.0.0/0", "::/0"))
    found = reach(place("a", subnet("s", "10.0.0.0/24", OUT), public_ip=public_ip), ingress=rules, egress=rules)
    [it] = found.world.places

    assert [path.rules[0] for path in found.inward(it)] == addresses
    assert [path.rules[0] for path in found.outward(it)] == addresses


def test_a_nat_gateway_lets_nothing_in() -> None:
    found = reach(place("a", subnet("s", "10.0.0.0/24", NAT), public_ip=True), ingress=(FROM_ALL,))

    assert list(found.inward(found.world.places[0])) == []


def test_a_list_of_aws_may_be_any_address_unless_a_gateway_endpoint_catches_it() -> None:
    rule = (Rule(tcp(443), aws_list=S3, written_as="to s3"),)
    near, far = subnet("near", "10.0.0.0/24", NAT, endpoints=frozenset({S3})), subnet("far", "10.0.1.0/24", NAT)
    found = reach(place("a", near), place("b", far), egress=rule)

    assert [(path.target, path.via) for path in found.outward(found.place["a"])] == [(S3, "VPC endpoint")]
    assert [(path.target, path.via) for path in found.outward(found.place["b"])] == [("internet", "NAT gateway")]


def test_what_has_no_security_group_at_all_filters_nothing() -> None:
    found = reach(place("a", groups=None), place("b"), ingress=(FROM_ALL,))

    assert [(path.source, path.target, describe_traffic(path.traffic)) for path in found.inside()] == [
        ("a", "a", "every protocol and port"),
        ("a", "b", "tcp 443"),
    ]


def test_a_rule_for_a_group_admits_nobody_without_one() -> None:
    found = reach(place("a", groups=None), place("b"), ingress=(Rule(EVERYTHING, group="g"),))

    assert not [path for path in found.inside() if path.target == "b"]


def test_subnets_with_the_same_door_but_other_addresses_count_each_before_a_filtered_gateway() -> None:
    """The gateway's filter lets one subnet in and not the other: the second one must not hide behind the first."""
    picky = Acl("picky", ingress=(Box(EVERYTHING, cidr("10.0.1.0/24")),), egress=(Box(EVERYTHING, EVERYWHERE),))
    door = Door("NAT gateway", EVERYWHERE, inbound=False, acl=picky)
    subnets = subnet("one", "10.0.0.0/24", door), subnet("two", "10.0.1.0/24", door)
    found = reach(place("a", *subnets), egress=(TO_ALL,))

    assert {path.hops[2] for path in found.outward(found.world.places[0])} == {"two"}


def test_each_half_that_is_missing_inside_is_named() -> None:
    a, b = place("a", subnet("s", acl=BLIND)), place("b", subnet("t", "10.0.1.0/24"), groups=("h",), listens=tcp(80))

    lacking = list(lacking_inside(reach(a, b), a, b, tcp(443)))

    assert lacking == [
        "no egress rule of g lets out tcp 443 to h",
        "no ingress rule of h lets in tcp 443 from g",
        "b does not listen on tcp 443",
        "network ACL blind or  stops tcp 443 or its answers",
    ]


def test_a_rule_for_some_addresses_of_a_place_is_half_a_half() -> None:
    a, b = place("a"), place("b", subnet("s", "10.0.1.0/24"), groups=("h",))
    halves = (Rule(tcp(443), cidr("10.0.1.0/25")), Rule(tcp(443), cidr("10.0.1.128/25")))
    ingress = {"h": Group("h", (Rule(tcp(443), group="g"),))}

    def lacking(rules: tuple[Rule, ...]) -> list[str]:
        world = World({"v": cidr("10.0.0.0/8")}, {"g": Group("g", (), rules), **ingress}, (a, b))
        return list(lacking_inside(Reach(world), a, b, tcp(443)))

    assert lacking(halves[:1]) == ["no egress rule of g lets out tcp 443 to h"]
    assert lacking(halves) == []


WANTED = Box(tcp(443), cidr("8.0.0.0/8"))


def test_each_half_that_is_missing_on_the_way_out_is_named() -> None:
    a = place("a", subnet("s", "10.0.0.0/24", OUT), subnet("t", "10.0.1.0/24", NAT, acl=BLIND))

    assert list(lacking_outward(reach(a), a, WANTED, "NAT gateway")) == [
        "no egress rule of g lets out tcp 443 at 8.0.0.0/8",
        "s: no route through a working NAT gateway to all of tcp 443 at 8.0.0.0/8",
        "t: a network ACL, here or at the NAT gateway, stops tcp 443 at 8.0.0.0/8 or its answers",
    ]


def test_each_half_that_is_missing_on_the_way_in_is_named() -> None:
    a = place("a", subnet("s", "10.0.0.0/24", NAT), subnet("t", "10.0.1.0/24", OUT, acl=BLIND), public_ip=True)
    silent = place("b", subnet("s", "10.0.0.0/24", OUT), listens=NONE)

    assert list(lacking_inward(reach(a), a, WANTED, "internet gateway")) == [
        "no ingress rule of g lets in tcp 443 at 8.0.0.0/8",
        "s: no route through an internet gateway for all of tcp 443 at 8.0.0.0/8",
        "t: the network ACL stops tcp 443 at 8.0.0.0/8 or its answers",
    ]
    assert list(lacking_inward(reach(silent, ingress=(FROM_ALL,)), silent, WANTED, "internet gateway")) == [
        "b has no listener on tcp 443",
        "b has no public address",
    ]
