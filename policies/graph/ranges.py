"""Sets of whole numbers as intervals. Ports and addresses are too many to list, but few intervals describe them.

A Box is a set of pairs, traffic x addresses: what a security group rule or a route lets through. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Sorted, disjoint intervals with both ends included; made with `ranges`."""

    spans: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __or__(self, other: "Ranges") -> "Ranges":
        if not self.spans or not other.spans:
            return self if self.spans else other
        return ranges(*self.spans, *other.spans)

    def __and__(self, other: "Ranges") -> "Ranges":
        found: list[Span] = []
        mine, theirs = 0, 0
        while mine < len(self.spans) and theirs < len(other.spans):
            (low, high), (from_, to) = self.spans[mine], other.spans[theirs]
            if low <= to and from_ <= high:
                found.append((max(low, from_), min(high, to)))
            if high < to:
                mine += 1
            else:
                theirs += 1
        return Ranges(tuple(found))

    def __sub__(self, other: "Ranges") -> "Ranges":
        left: list[Span] = []
        theirs = 0
        for low, high in self.spans:
            start = low
            while theirs < len(other.spans) and other.spans[theirs][1] < start:
                theirs += 1
            at = theirs
            while at < len(other.spans) and other.spans[at][0] <= high:
                if start < other.spans[at][0]:
                    left.append((start, other.spans[at][0] - 1))
                start = other.spans[at][1] + 1
                at += 1
            if start <= high:
                left.append((start, high))
        return Ranges(tuple(left))

    def __contains__(self, number: int) -> bool:
        return any(low <= number <= high for low, high in self.spans)

    def within(self, other: "Ranges") -> bool:
        """Whether every number of this set is in the other."""
        return not self - other

    @property
    def size(self) -> int:
        return sum(high - low + 1 for low, high in self.spans)


NONE = Ranges()


def ranges(*spans: Span) -> Ranges:
    """The union of intervals, in any order; one that ends before it begins is a ValueError."""
    merged: list[Span] = []
    for low, high in sorted(spans):
        if low > high:
            raise ValueError(f"an interval from {low} to {high}")
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return Ranges(tuple(merged))


def union(sets: Iterable[Ranges]) -> Ranges:
    """Every number that is in any of the sets."""
    return reduce(lambda a, b: a | b, sets, NONE)


@dataclass(frozen=True, slots=True)
class Box:
    """Every pair of a kind of traffic and an address."""

    traffic: Ranges
    addresses: Ranges

    def __bool__(self) -> bool:
        return bool(self.traffic) and bool(self.addresses)

    def __and__(self, other: "Box") -> "Box":
        return Box(self.traffic & other.traffic, self.addresses & other.addresses)


def without(boxes: Iterable[Box], removed: Iterable[Box]) -> tuple[Box, ...]:
    """What is left of some boxes when others are taken away; empty boxes are not kept."""
    left = [box for box in boxes if box]
    for hole in removed:
        pieces: list[Box] = []
        for box in left:
            outside = Box(box.traffic - hole.traffic, box.addresses)
            beside = Box(box.traffic & hole.traffic, box.addresses - hole.addresses)
            pieces.extend(piece for piece in (outside, beside) if piece)
        left = pieces
    return tuple(left)


def possible_traffic(boxes: Iterable[Box], addresses: Ranges) -> Ranges:
    """The traffic that some of these addresses can see."""
    return union(box.traffic for box in boxes if box.addresses & addresses)


def sure_traffic(boxes: Iterable[Box], addresses: Ranges, wanted: Ranges) -> Ranges:
    """The part of the wanted traffic that every one of these addresses sees."""
    lacking = without([Box(wanted, addresses)], boxes)
    return wanted - union(box.traffic for box in lacking)
