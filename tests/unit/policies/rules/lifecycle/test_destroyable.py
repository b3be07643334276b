"""The table of what a destroy needs agrees with what the provider's types accept."""

from policies.reference.types import types
from policies.rules.lifecycle.destroyable import ARGUMENTS, EXCEPTIONS


def test_every_argument_of_the_reference_data_has_a_wanted_value() -> None:
    assert set(types().teardown) == set(ARGUMENTS)


def test_every_argument_exists_on_some_type() -> None:
    assert [argument for argument, kinds in types().teardown.items() if not kinds] == []


def test_exceptions_speak_of_types_that_have_the_argument() -> None:
    assert [pair for pair in EXCEPTIONS if pair[0] not in types().teardown[pair[1]]] == []
