"""What the rules of this area look at: the network of a stack, and what the spec wants of it."""

from policies.functions import functions_of
from policies.graph import Graph
from policies.graph.ecs import SERVICE
from policies.microservices import microservice_of
from policies.reachability.expectation import Expectation
from policies.reachability.reader import world_of
from policies.reachability.world import World
from policies.spec import Spec


def world_and_expectation(graph: Graph, spec: Spec) -> tuple[World, Expectation]:
    """The world, and the expectation with the services that bear a name of the spec."""
    world = world_of(graph)
    named = {service.address: microservice_of(service, "name", spec) for service in graph.of_type(SERVICE)}
    services = {address: name for address, name in named.items() if name}
    return world, Expectation(spec, world, services, functions_of(graph, spec))
