"""Rules about every resource know every type that our stacks are made of."""

from typing import Any

from policies.graph.terraform_json import load_document
from policies.rules.stack._types import TYPES


def test_no_type_of_the_stack_is_left_out(payments: dict[str, Any]) -> None:
    assert set(load_document(payments).kinds) <= set(TYPES)
    assert len(set(TYPES)) == len(TYPES)
