"""IP addresses of both families as numbers on one line: IPv4 first, IPv6 after it."""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network, summarize_address_range

from policies.graph.ranges import Ranges, ranges, union
from policies.graph.values import Values

_V6 = 1 << 32
ALL_V4 = ranges((0, _V6 - 1))
ALL_V6 = ranges((_V6, _V6 + (1 << 128) - 1))
EVERYWHERE = ALL_V4 | ALL_V6


@lru_cache(maxsize=65536)
def cidr(text: str) -> Ranges:
    """`10.0.0.0/16` or `2001:db8::/32`; AWS masks host bits away, and so does this. ValueError when it is neither."""
    network = ip_network(text, strict=False)
    offset = _V6 if network.version == 6 else 0
    return ranges((offset + int(network.network_address), offset + int(network.broadcast_address)))


# Ranges that no internet gateway carries: https://www.iana.org/assignments/iana-ipv4-special-registry (2026-11-22).
SPECIAL = union(
    map(
        cidr,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
            "::/8",
            "fc00::/7",
            "fe80::/10",
            "ff00::/8",
        ),
    )
)
INTERNET = EVERYWHERE - SPECIAL
INTERNET_V4, INTERNET_V6 = INTERNET & ALL_V4, INTERNET & ALL_V6


def read_cidrs(place: Values, *paths: str) -> Ranges:
    """The addresses that attributes hold, each a text or a list of texts; none when they are absent."""
    return union(found for path in paths for found in _read(place, path))


def _read(place: Values, path: str) -> Iterator[Ranges]:
    value = place.get(path)
    texts = place.texts(path) if isinstance(value, list) else (place.text(path),)
    for text in texts:
        if not text:
            continue
        try:
            yield cidr(text)
        except ValueError as error:
            raise place.malformed(path, text, f"a CIDR range ({error})") from error


def describe_addresses(addresses: Ranges, limit: int = 4) -> str:
    """For findings: `10.20.0.0/16, 10.30.0.0/16 and 12 more`."""
    if INTERNET.within(addresses):
        return "the whole internet"
    texts = list(_cidrs(addresses))
    more = f" and {len(texts) - limit} more" if len(texts) > limit else ""
    return (", ".join(texts[:limit]) or "nobody") + more


def _cidrs(addresses: Ranges) -> Iterator[str]:
    if INTERNET_V4.within(addresses):
        yield "0.0.0.0/0"
        addresses = addresses - ALL_V4
    if INTERNET_V6.within(addresses):
        yield "::/0"
        addresses = addresses - ALL_V6
    for low, high in (addresses & ALL_V4).spans:
        yield from map(str, summarize_address_range(IPv4Address(low), IPv4Address(high)))
    for low, high in (addresses & ALL_V6).spans:
        yield from map(str, summarize_address_range(IPv6Address(low - _V6), IPv6Address(high - _V6)))
