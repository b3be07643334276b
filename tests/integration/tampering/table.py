"""The table: every change by hand that is tried, in the order in which it is."""

from collections.abc import Sequence

from tests.integration.tampering import (
    cluster,
    definitions,
    entrance,
    functions,
    gateway,
    groups,
    identity,
    listeners,
    logs,
    network,
    scaling,
    ways,
)
from tests.integration.tampering.change import Change


def _spaced(changes: Sequence[Change]) -> list[Change]:
    """As given, but none after one whose rule is red with it: the verdict on each shows that the last is taken back.

    What many turn red goes first, while there is enough to put between.
    """
    often = [rule for change in changes for rule in change.red]
    pending = sorted(changes, key=lambda change: -often.count(change.rule))
    ordered: list[Change] = []
    while pending:
        last = ordered[-1].rule if ordered else ""
        chosen = next((each for each in pending if last not in each.red), pending[0])
        pending.remove(chosen)
        ordered.append(chosen)
    return ordered


_ALL = (
    *groups.CHANGES,
    *network.CHANGES,
    *ways.CHANGES,
    *entrance.CHANGES,
    *listeners.CHANGES,
    *cluster.CHANGES,
    *definitions.CHANGES,
    *scaling.CHANGES,
    *identity.CHANGES,
    *logs.CHANGES,
    *gateway.CHANGES,
    *functions.CHANGES,
)
CHANGES: tuple[Change, ...] = tuple(
    change
    for platform in sorted({change.platform for change in _ALL})
    for change in _spaced([change for change in _ALL if change.platform == platform])
)
