"""How ECS moves requests between two target groups: what the `advanced_configuration` of a service names."""

from dataclasses import dataclass

from policies.graph.ecs import SERVICE, is_rolling
from policies.graph.failures import UnresolvedError
from policies.graph.graph import Graph
from policies.graph.load_balancing import LISTENER_RULES, TARGET_GROUPS
from policies.graph.resource import Resource
from policies.graph.values import Block

ADVANCED = "advanced_configuration"
ALTERNATE = f"{ADVANCED}.alternate_target_group_arn"
PRODUCTION_RULE, TEST_RULE = f"{ADVANCED}.production_listener_rule", f"{ADVANCED}.test_listener_rule"
ROLE = f"{ADVANCED}.role_arn"


@dataclass(frozen=True, eq=False)
class Shift:
    """A service, and its load_balancer block with an advanced_configuration."""

    service: Resource
    place: Block

    def groups(self, graph: Graph) -> tuple[Resource, ...]:
        """The first target group and the alternate one, as far as they are named; twice the same if both are one."""
        paths = ("target_group_arn", ALTERNATE)
        return tuple(graph.target_of(self.place, path, *TARGET_GROUPS) for path in paths if self.place.has(path))

    def rule(self, path: str, graph: Graph) -> Resource | None:
        """The listener rule at PRODUCTION_RULE or TEST_RULE; None when none is named."""
        return graph.target_of(self.place, path, *LISTENER_RULES) if self.place.has(path) else None

    def rules(self, graph: Graph) -> tuple[Resource, ...]:
        """Both listener rules, as far as they are named."""
        return tuple(rule for path in (PRODUCTION_RULE, TEST_RULE) if (rule := self.rule(path, graph)))


def shifts_of(service: Resource) -> tuple[Shift, ...]:
    """One per load balancer that ECS moves requests at."""
    return tuple(Shift(service, block) for block in service.blocks("load_balancer") if block.has(ADVANCED))


def shifts(graph: Graph) -> tuple[Shift, ...]:
    """Those of all services that do not go task by task."""
    return tuple(shift for service in graph.of_type(SERVICE) if not is_rolling(service) for shift in shifts_of(service))


def production_rule_of(test_rule: Resource, graph: Graph) -> Resource | None:
    """The rule that a service lives on, of the one that names a rule for its tests; None where none does."""
    return graph.once(_production_rules).get(test_rule.address)


def rules_for_tests(graph: Graph) -> frozenset[str]:
    """The addresses of listener rules that a service names for its tests, and that no service lives on."""
    return graph.once(_rules_for_tests)


def _rules_for_tests(graph: Graph) -> frozenset[str]:
    pairs = _pairs_of_rules(graph)
    live = {production.address for production, _ in pairs if production}
    return frozenset(test.address for _, test in pairs if test) - live


def _production_rules(graph: Graph) -> dict[str, Resource]:
    return {test.address: production for production, test in _pairs_of_rules(graph) if production and test}


def _pairs_of_rules(graph: Graph) -> list[tuple[Resource | None, Resource | None]]:
    """The production rule and the test rule of each service that names them."""
    found = [shift for service in graph.of_type(SERVICE) for shift in shifts_of(service)]
    return [(_known(shift, PRODUCTION_RULE, graph), _known(shift, TEST_RULE, graph)) for shift in found]


def _known(shift: Shift, path: str, graph: Graph) -> Resource | None:
    try:
        return shift.rule(path, graph)
    except UnresolvedError:  # of a rule that is not there nothing follows for another one
        return None
