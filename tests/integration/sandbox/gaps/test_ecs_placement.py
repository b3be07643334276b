"""The simulated split of tasks over capacity providers and subnets."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.sandbox.gaps.ecs_placement import emptiest_subnet, missing_from, split_by_strategy

SPOT_FIRST = [
    {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE", "weight": 1},
]
ON_DEMAND_FIRST = [
    {"capacityProvider": "FARGATE", "base": 2, "weight": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
]


@pytest.mark.parametrize(
    ("strategy", "count", "expected"),
    [
        (SPOT_FIRST, 0, {}),
        (SPOT_FIRST, 1, {"FARGATE_SPOT": 1}),
        (SPOT_FIRST, 3, {"FARGATE_SPOT": 2, "FARGATE": 1}),
        (SPOT_FIRST, 10, {"FARGATE_SPOT": 6, "FARGATE": 4}),
        (ON_DEMAND_FIRST, 1, {"FARGATE": 1}),
        (ON_DEMAND_FIRST, 6, {"FARGATE": 3, "FARGATE_SPOT": 3}),
        ([{"capacityProvider": "FARGATE", "base": 2, "weight": 0}], 5, {"FARGATE": 2}),
    ],
)
def test_the_base_is_filled_first_and_the_rest_follows_the_weights(
    strategy: list[dict[str, Any]], count: int, expected: dict[str, int]
) -> None:
    assert Counter(split_by_strategy(strategy, count)) == expected


@given(base=st.integers(0, 5), weights=st.tuples(st.integers(0, 9), st.integers(1, 9)), count=st.integers(0, 20))
def test_a_longer_split_starts_with_the_shorter_one(base: int, weights: tuple[int, int], count: int) -> None:
    strategy = [
        {"capacityProvider": "A", "base": base, "weight": weights[0]},
        {"capacityProvider": "B", "weight": weights[1]},
    ]
    longer = split_by_strategy(strategy, count + 1)
    assert longer[:count] == split_by_strategy(strategy, count)
    assert len(longer) == count + 1


def test_only_what_is_missing_is_started() -> None:
    assert missing_from(["A", "B", "A", "B"], ["A", "B"]) == ["A", "B"]
    assert missing_from(["A"], ["A", "B"]) == []


def test_the_subnet_with_the_fewest_tasks_comes_next() -> None:
    assert emptiest_subnet(["a", "b", "c"], ["a", "b", "a"]) == "c"
    assert emptiest_subnet(["a", "b"], []) == "a"
