"""Numbers that no service can have are refused at once, not counted through."""

import copy
import time
from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import load_spec
from policies.verdict import Problem

HUGE = [1e30, "9" * 400, 10**9, -1, 2.5]


@pytest.mark.parametrize("number", HUGE, ids=lambda number: str(number)[:8])
@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("aws_appautoscaling_target", "max_capacity"),
        ("aws_ecs_service", "deployment_maximum_percent"),
        ("aws_ecs_service", "capacity_provider_strategy"),
    ],
)
def test_a_number_beyond_anything_real_is_an_error(
    kind: str, attribute: str, number: Any, payments: dict[str, Any]
) -> None:
    document = copy.deepcopy(payments)
    share = [{"capacity_provider": "FARGATE_SPOT", "weight": number}]
    document["resource"][kind]["payment-api"][attribute] = share if attribute.endswith("strategy") else number
    graph, spec = load_document(document), load_spec("payments")

    started = time.perf_counter()
    mine = [loaded for loaded in all_rules() if loaded.id in ("spot-majority", "deployment-percentages")]
    said = [item for loaded in mine for item in run_rule(loaded, graph, spec)]

    problems = [item.message for item in said if isinstance(item, Problem)]
    assert problems
    assert not any("crashed" in message for message in problems)
    assert time.perf_counter() - started < 2
