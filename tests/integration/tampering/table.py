"""The table: every change by hand that is tried, in the order in which it is."""

from collections.abc import Iterator
from itertools import zip_longest

from tests.integration.tampering import cluster, entrance, gateway, identity, logs, network
from tests.integration.tampering.change import Change


def _taking_turns(*lists: tuple[Change, ...]) -> Iterator[Change]:
    """One of each list after the other, so that neighbours turn different rules red."""
    for row in zip_longest(*lists):
        yield from (each for each in row if each is not None)


CHANGES: tuple[Change, ...] = tuple(
    _taking_turns(network.CHANGES, entrance.CHANGES, cluster.CHANGES, identity.CHANGES, logs.CHANGES, gateway.CHANGES)
)
