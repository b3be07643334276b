"""Patches say what they fill, and fail when there is nothing to fill."""

from collections import Counter
from typing import Any

import pytest

from delivery.sandbox.gaps.patch import StalePatchError, add, replace, wrap


class Service:
    def answer(self, question: str) -> str:
        return f"{self.__class__.__name__} on {question}"

    @staticmethod
    def double(number: int) -> int:
        return 2 * number

    @property
    def name(self) -> str:
        return "plain"


@pytest.fixture
def service() -> type:
    return type("Patched", (Service,), dict(vars(Service)))


def test_wrapping_gives_the_original_to_the_wrapper(service: Any) -> None:
    def louder(original: Any, *arguments: Any) -> str:
        return original(*arguments).upper()

    wrap(service, "answer", louder)
    assert service().answer("rain") == "PATCHED ON RAIN"


def test_a_static_method_stays_static(service: Any) -> None:
    wrap(service, "double", lambda original, number: original(number) + 1)
    assert service().double(2) == service.double(2) == 5


def test_adding_and_replacing(service: Any) -> None:
    add(service, "extra", lambda self: self.name)
    replace(service, "name", property(lambda _self: "patched"))
    assert service().extra() == "patched"


def test_a_gap_that_is_filled_makes_its_patch_stale(service: Any) -> None:
    with pytest.raises(StalePatchError, match=r"Patched\.answer exists already: the gap is filled, drop the patch"):
        add(service, "answer", lambda: None)


@pytest.mark.parametrize("change", [wrap, replace])
def test_a_patch_of_something_that_is_gone_is_stale(service: Any, change: Any) -> None:
    with pytest.raises(StalePatchError, match=r"Patched\.gone does not exist: nothing to patch"):
        change(service, "gone", lambda: None)


def test_every_patch_has_its_own_name_and_says_which_gap_it_fills() -> None:
    from delivery.sandbox.gaps.registry import all_patches

    patches = all_patches()
    names = Counter((patch.service, patch.name) for patch in patches)
    assert [name for name, count in names.items() if count > 1] == []
    assert all(len(patch.gap) > 30 for patch in patches)
