"""Placement of tasks on capacity providers, for any strategy and count, against a count by hand."""

from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.placement import SPOT, Share, faults, placements, table

PROVIDERS = ("FARGATE", SPOT, "asg")
COUNTS = range(3, 11)


@st.composite
def accepted_strategies(draw: st.DrawFn) -> tuple[Share, ...]:
    """Strategies that ECS accepts: different providers, one base at most, a weight above 0 somewhere."""
    providers = draw(st.lists(st.sampled_from(PROVIDERS), unique=True, min_size=1))
    weights = draw(st.lists(st.integers(0, 12), min_size=len(providers), max_size=len(providers)).filter(any))
    based = draw(st.integers(-1, len(providers) - 1))
    base = draw(st.integers(0, 12))
    return tuple(
        Share(provider, base if index == based else 0, weight)
        for index, (provider, weight) in enumerate(zip(providers, weights, strict=True))
    )


def counted_by_hand(shares: tuple[Share, ...], tasks: int) -> set[int]:
    """Every number of Spot tasks for which all shares can be rounded, each down or up, so that they add up."""
    found = set()
    for used in (shares, tuple(share for share in shares if share.weight)):
        rest = tasks - min(sum(share.base for share in used), tasks)
        weight = sum(share.weight for share in used)
        exact = [Fraction(rest * share.weight, weight) for share in used]
        for parts in product(*({floor(part), ceil(part)} for part in exact)):
            if sum(parts) == rest:
                spot = [
                    part + min(share.base, tasks)
                    for share, part in zip(used, parts, strict=True)
                    if share.provider == SPOT
                ]
                found.add(sum(spot))
    return found


@given(accepted_strategies(), st.integers(1, 60))
def test_every_outcome_counted_by_hand_is_found_and_no_other(shares: tuple[Share, ...], tasks: int) -> None:
    assert {row.spot for row in placements(shares, tasks)} == counted_by_hand(shares, tasks)


@given(accepted_strategies(), st.integers(1, 1000))
def test_every_task_is_placed_once(shares: tuple[Share, ...], tasks: int) -> None:
    for row in placements(shares, tasks):
        assert 0 <= row.spot <= tasks
        assert row.spot + row.on_demand == tasks
        assert row.reaches(50) == (Fraction(row.spot, tasks) >= Fraction(1, 2))


@given(accepted_strategies(), st.integers(1, 60))
def test_the_order_of_a_strategy_means_nothing(shares: tuple[Share, ...], tasks: int) -> None:
    assert set(placements(shares, tasks)) == set(placements(tuple(reversed(shares)), tasks))


@given(accepted_strategies(), st.integers(1, 60))
def test_more_weight_for_spot_never_means_fewer_spot_tasks(shares: tuple[Share, ...], tasks: int) -> None:
    raised = tuple(
        Share(share.provider, share.base, share.weight + (share.provider == SPOT and share.weight > 0))
        for share in shares
    )
    assert min(row.spot for row in placements(raised, tasks)) >= min(row.spot for row in placements(shares, tasks))


@given(st.lists(st.builds(Share, st.sampled_from(PROVIDERS), st.integers(-1, 3), st.integers(-1, 3)), max_size=4))
def test_a_refused_strategy_is_never_placed(shares: list[Share]) -> None:
    if faults(shares):
        with pytest.raises(ValueError, match="cannot place 3 tasks"):
            placements(shares, 3)
    else:
        assert placements(shares, 3)


def worst(shares: tuple[Share, ...], tasks: int) -> float:
    return min(row.spot_percent for row in placements(shares, tasks))


@pytest.mark.clause("P.1.3", proof="test")
@pytest.mark.parametrize("tasks", COUNTS)
def test_spot_base_1_and_equal_weights_hold_half_and_keep_one_on_demand(tasks: int) -> None:
    for row in placements((Share(SPOT, 1, 1), Share("FARGATE", 0, 1)), tasks):
        assert row.reaches(50)
        assert row.on_demand >= 1


@pytest.mark.clause("P.1.3", proof="test")
def test_on_demand_base_1_and_equal_weights_fail_at_three_tasks() -> None:
    shares = (Share("FARGATE", 1, 1), Share(SPOT, 0, 1))
    assert {row.spot for row in placements(shares, 3)} == {1}
    assert worst(shares, 3) < 34


@pytest.mark.clause("P.1.3", proof="test")
def test_equal_weights_without_a_base_depend_on_the_rounding() -> None:
    shares = (Share("FARGATE", 0, 1), Share(SPOT, 0, 1))
    assert {row.spot for row in placements(shares, 3)} == {1, 2}
    assert [tasks for tasks in COUNTS if worst(shares, tasks) < 50] == [3, 5, 7, 9]


@pytest.mark.clause("P.1.3", proof="test")
def test_a_spot_base_of_weight_0_is_not_relied_on() -> None:
    assert worst((Share(SPOT, 10, 0), Share("FARGATE", 0, 1)), 3) == 0


def test_a_table_of_very_many_counts_shows_the_first_that_fall_short() -> None:
    rows = [row for tasks in range(1, 400) for row in placements((Share("FARGATE", 0, 1), Share(SPOT, 0, 1)), tasks)]
    lines = table(rows, 50).splitlines()
    assert len(lines) == 101
    assert all(line.endswith("< 50") for line in lines[1:])


def test_the_table_shows_count_share_and_rounding_and_marks_what_falls_short() -> None:
    rows = placements((Share("FARGATE", 0, 1), Share(SPOT, 0, 1)), 3)
    assert table(rows, 50).splitlines() == [
        "tasks  Spot  on-demand  Spot %  rounding",
        "    3     1          2    33.3  down  < 50",
        "    3     2          1    66.7  up",
    ]
