"""Protocols and ports as numbers on one line, so that "tcp 8080" and "everything" are sets that can be compared.

tcp ports come first, udp ports next, then one number per other IP protocol. Source of the protocol names:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (checked 2026-11-22).
"""

from policies.graph.ranges import Ranges, ranges
from policies.graph.values import Values

_PORTS = 1 << 16
_OTHERS = 2 * _PORTS
_NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
_NAMES = {number: name for name, number in _NUMBERS.items()}
_LARGEST_PROTOCOL = 255

EVERYTHING = ranges((0, _OTHERS + _LARGEST_PROTOCOL))
EPHEMERAL = ranges((1024, 65535))  # where answers to a tcp connection go


def tcp(first: int, last: int | None = None) -> Ranges:
    """One tcp port, or a range of them."""
    return ranges((first, first if last is None else last))


def udp(first: int, last: int | None = None) -> Ranges:
    """One udp port, or a range of them."""
    return ranges((_PORTS + first, _PORTS + (first if last is None else last)))


def read_traffic(place: Values, protocol_path: str) -> Ranges:
    """The traffic of a rule with `from_port` and `to_port`; MalformedError where AWS would refuse it."""
    protocol = (place.text(protocol_path) or "").lower()
    if protocol in ("-1", "all"):
        return EVERYTHING
    number = _NUMBERS.get(protocol, int(protocol) if protocol.isdigit() else -1)
    if not 0 <= number <= _LARGEST_PROTOCOL:
        raise place.malformed(protocol_path, protocol, "a protocol's name or number, or -1")
    if number not in (_NUMBERS["tcp"], _NUMBERS["udp"]):
        return ranges((_OTHERS + number, _OTHERS + number))
    first, last = _port(place, "from_port"), _port(place, "to_port")
    if first > last:
        raise place.malformed("to_port", last, f"a port from {first} on")
    return tcp(first, last) if number == _NUMBERS["tcp"] else udp(first, last)


def _port(place: Values, path: str) -> int:
    found = place.number(path)
    if found is None or found != int(found) or not 0 <= found < _PORTS:
        raise place.malformed(path, found, "a port from 0 to 65535")
    return int(found)


def describe_traffic(traffic: Ranges) -> str:
    """For findings: `tcp 8080, udp 53-54`."""
    if EVERYTHING.within(traffic):
        return "every protocol and port"
    tcp_ports, udp_ports = traffic & ranges((0, _PORTS - 1)), traffic & ranges((_PORTS, _OTHERS - 1))
    parts = [f"tcp {_span(low, high)}" for low, high in tcp_ports.spans]
    parts += [f"udp {_span(low - _PORTS, high - _PORTS)}" for low, high in udp_ports.spans]
    if (ranges((_OTHERS, _OTHERS + _LARGEST_PROTOCOL)) - ranges(*_named())).within(traffic):
        parts.append("other protocols")
    else:
        rest = traffic - ranges((0, _OTHERS - 1))
        parts += [_protocols(low - _OTHERS, high - _OTHERS) for low, high in rest.spans]
    return ", ".join(parts) or "nothing"


def _named() -> list[tuple[int, int]]:
    """tcp and udp as bare protocols, which no rule can mean."""
    return [(_OTHERS + number, _OTHERS + number) for number in (_NUMBERS["tcp"], _NUMBERS["udp"])]


def _span(low: int, high: int) -> str:
    if (low, high) == (0, _PORTS - 1):
        return "every port"
    return str(low) if low == high else f"{low}-{high}"


def _protocols(low: int, high: int) -> str:
    return _NAMES.get(low, f"protocol {low}") if low == high else f"protocols {low}-{high}"
