"""Security-group rules as edges between places, each place found through what uses the group."""

from collections.abc import Iterator

from tests.unit.infra.stack import Stack, Values, only

EGRESS, INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"
PEER = "referenced_security_group_id"

Edge = tuple[str, str, int]


def edges(stack: Stack, kind: str) -> set[Edge]:
    """(source, target, port) of every rule between two groups, told by one direction."""
    found = set()
    for here, there, rule in _rules(stack, kind):
        if there is not None:
            found.add((here, there, rule["from_port"]) if kind == EGRESS else (there, here, rule["from_port"]))
    return found


def outside(stack: Stack, kind: str) -> set[Edge]:
    """(place, range or prefix list beyond, port) of every rule that names no group."""
    return {
        (
            here,
            only(rule[key] for key in ("cidr_ipv4", "cidr_ipv6", "prefix_list_id") if key in rule),
            rule["from_port"],
        )
        for here, there, rule in _rules(stack, kind)
        if there is None
    }


def _rules(stack: Stack, kind: str) -> Iterator[tuple[str, str | None, Values]]:
    """(place of the rule's group, place of the group it names or None, rule)."""
    places = _places(stack)
    for rule in stack.all(kind).values():
        groups = [
            stack.address(rule[key], "aws_security_group", "id") for key in ("security_group_id", PEER) if key in rule
        ]
        assert set(groups) <= set(places), f"{groups} are not all in use"
        yield places[groups[0]], places[groups[1]] if len(groups) > 1 else None, rule


def _places(stack: Stack) -> dict[str, str]:
    """Security-group address -> the place it stands around: `alb`, `vpc-endpoints`, a microservice or a function."""
    names = list(stack.services())
    users = [(stack.group(name), name) for name in names]
    users += [
        (stack.address(group, "aws_security_group", "id"), "alb") for group in stack.one("aws_lb")["security_groups"]
    ]
    for endpoint in stack.all("aws_vpc_endpoint").values():
        groups = endpoint.get("security_group_ids", [])
        users += [(stack.address(group, "aws_security_group", "id"), "vpc-endpoints") for group in groups]
    for name, function in stack.all("aws_lambda_function").items():
        groups = function["vpc_config"]["security_group_ids"]
        users += [(stack.address(group, "aws_security_group", "id"), name) for group in groups]
    places = dict(users)
    assert len(places) == len(set(users)) == len(stack.all("aws_security_group")), "each place has a group of its own"
    return places
