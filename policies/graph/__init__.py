"""The resource graph: what rules look at, whatever it was loaded from."""

from policies.graph.failures import MalformedError, ReadError, UnresolvedError
from policies.graph.graph import Graph
from policies.graph.resource import Provenance, Resource
from policies.graph.values import Block

__all__ = ["Block", "Graph", "MalformedError", "Provenance", "ReadError", "Resource", "UnresolvedError"]
