"""Sets of numbers, against Python's own sets; boxes, against sets of pairs."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.graph.ranges import Box, Ranges, possible_traffic, ranges, sure_traffic, union, without

SIZE = 12
numbers = st.sets(st.integers(0, SIZE - 1))


def as_ranges(members: set[int]) -> Ranges:
    return ranges(*((number, number) for number in members))


def members(found: Ranges) -> set[int]:
    return {number for low, high in found.spans for number in range(low, high + 1)}


boxes = st.builds(Box, numbers.map(as_ranges), numbers.map(as_ranges))


def pairs(found: tuple[Box, ...]) -> set[tuple[int, int]]:
    return {pair for box in found for pair in product(members(box.traffic), members(box.addresses))}


@given(numbers, numbers)
def test_set_operations_are_those_of_sets(first: set[int], second: set[int]) -> None:
    one, other = as_ranges(first), as_ranges(second)

    assert members(one | other) == first | second
    assert members(one & other) == first & second
    assert members(one - other) == first - second
    assert one.within(other) == (first <= second)
    assert bool(one) == bool(first)
    assert one.size == len(first)
    assert [number in one for number in range(SIZE)] == [number in first for number in range(SIZE)]


@given(st.lists(numbers, max_size=4))
def test_equal_sets_are_written_alike_however_they_came_about(parts: list[set[int]]) -> None:
    assert union(map(as_ranges, parts)) == as_ranges(set().union(*parts))


@given(st.lists(boxes, max_size=3).map(tuple), st.lists(boxes, max_size=3).map(tuple))
def test_taking_boxes_from_boxes_is_taking_pairs_from_pairs(left: tuple[Box, ...], gone: tuple[Box, ...]) -> None:
    assert pairs(without(left, gone)) == pairs(left) - pairs(gone)


@given(st.lists(boxes, max_size=3).map(tuple), numbers, numbers)
def test_some_and_every_address(found: tuple[Box, ...], addresses: set[int], wanted: set[int]) -> None:
    there = pairs(found)

    possible = possible_traffic(found, as_ranges(addresses))
    sure = sure_traffic(found, as_ranges(addresses), as_ranges(wanted))

    assert members(possible) == {t for t in range(SIZE) if any((t, a) in there for a in addresses)}
    assert members(sure) == {t for t in wanted if all((t, a) in there for a in addresses)}


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="from 3 to 2"):
        ranges((3, 2))
