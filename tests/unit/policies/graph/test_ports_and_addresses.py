"""Traffic and addresses: read from what Terraform says, and told in words."""

from typing import Any

import pytest

from policies.graph import MalformedError, Resource
from policies.graph.addresses import EVERYWHERE, INTERNET, cidr, describe_addresses, read_cidrs
from policies.graph.ports import EVERYTHING, describe_traffic, read_traffic, tcp, udp
from policies.graph.ranges import Ranges, union
from policies.graph.terraform_json import load_document


def place(**values: Any) -> Resource:
    return load_document({"resource": {"aws_x": {"a": values}}}).resources["aws_x.a"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"protocol": "tcp", "from_port": 8080, "to_port": 8080}, "tcp 8080"),
        ({"protocol": "TCP", "from_port": "443", "to_port": "444"}, "tcp 443-444"),
        ({"protocol": "6", "from_port": 0, "to_port": 65535}, "tcp every port"),
        ({"protocol": "17", "from_port": 53, "to_port": 53.0}, "udp 53"),
        ({"protocol": "-1", "from_port": 8080, "to_port": 8080}, "every protocol and port"),
        ({"protocol": "all"}, "every protocol and port"),
        ({"protocol": "icmp", "from_port": -1, "to_port": -1}, "icmp"),
        ({"protocol": "50"}, "protocol 50"),
    ],
)
def test_traffic_is_read_in_every_form_that_aws_takes(values: dict[str, Any], told: str) -> None:
    assert describe_traffic(read_traffic(place(**values), "protocol")) == told


@pytest.mark.parametrize(
    ("values", "attribute"),
    [
        ({}, "protocol"),
        ({"protocol": "tpc", "from_port": 1, "to_port": 1}, "protocol"),
        ({"protocol": "256"}, "protocol"),
        ({"protocol": "tcp", "to_port": 1}, "from_port"),
        ({"protocol": "tcp", "from_port": 2, "to_port": 1}, "to_port"),
        ({"protocol": "tcp", "from_port": 1, "to_port": 65536}, "to_port"),
        ({"protocol": "tcp", "from_port": 1.5, "to_port": 2}, "from_port"),
        ({"protocol": ["tcp"]}, "protocol"),
    ],
)
def test_traffic_that_aws_refuses_is_malformed(values: dict[str, Any], attribute: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read_traffic(place(**values), "protocol")

    assert (caught.value.address, caught.value.attribute) == ("aws_x.a", attribute)


@pytest.mark.parametrize(
    ("traffic", "told"),
    [
        (tcp(80) | tcp(443) | udp(53), "tcp 80, tcp 443, udp 53"),
        (EVERYTHING - tcp(443), "tcp 0-442, tcp 444-65535, udp every port, other protocols"),
        (Ranges(), "nothing"),
    ],
)
def test_traffic_is_told_in_words(traffic: Ranges, told: str) -> None:
    assert describe_traffic(traffic) == told


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        (cidr("10.20.0.7/16"), "10.20.0.0/16"),
        (cidr("0.0.0.0/0"), "0.0.0.0/0"),
        (cidr("0.0.0.0/1") | cidr("128.0.0.0/1"), "0.0.0.0/0"),
        (cidr("::/0"), "::/0"),
        (cidr("2001:db8::/32"), "2001:db8::/32"),
        (EVERYWHERE, "the whole internet"),
        (INTERNET, "the whole internet"),
        (
            union(cidr(f"10.{number}.0.0/24") for number in range(6)),
            "10.0.0.0/24, 10.1.0.0/24, 10.2.0.0/24, 10.3.0.0/24 and 2 more",
        ),
        (Ranges(), "nobody"),
    ],
)
def test_addresses_are_told_as_ranges(addresses: Ranges, told: str) -> None:
    assert describe_addresses(addresses) == told


def test_private_and_reserved_addresses_are_not_the_internet() -> None:
    for text in ("10.1.2.3/32", "172.31.0.1/32", "192.168.1.1/32", "169.254.169.254/32", "fd00::1/128"):
        assert not cidr(text) & INTERNET
    for text in ("8.8.8.8/32", "172.32.0.1/32", "2600::1/128"):
        assert cidr(text).within(INTERNET)


def test_ranges_are_read_from_texts_and_lists_and_absence() -> None:
    found = read_cidrs(place(one="10.0.0.0/8", more=["11.0.0.0/8", ""], none=""), "one", "more", "none", "absent")

    assert describe_addresses(found) == "10.0.0.0/7"


@pytest.mark.parametrize("value", ["10.0.0.0/33", "all", 7, ["10.0.0.0/8", 7], {"a": "b"}])
def test_a_range_that_is_none_is_malformed(value: Any) -> None:
    with pytest.raises(MalformedError):
        read_cidrs(place(block=value), "block")
