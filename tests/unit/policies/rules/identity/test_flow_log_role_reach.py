"""What the role of a flow log may do, over a state."""

from pathlib import Path
from typing import Any

from policies.engine import run_rule
from policies.graph.state import load_shown_state
from policies.registry import all_rules
from policies.spec import load_spec


def outcomes(flow_log: dict[str, Any]) -> list[Any]:
    shown = {"address": "aws_flow_log.x", "mode": "managed", "type": "aws_flow_log", "name": "x", "values": flow_log}
    graph = load_shown_state({"values": {"root_module": {"resources": [shown]}}}, Path("state.json"), None)
    rule = next(loaded for loaded in all_rules() if loaded.id == "flow-log-role-reach")
    return list(run_rule(rule, graph, load_spec("payments")))


def test_a_flow_log_that_goes_to_a_bucket_has_no_role_to_judge() -> None:
    assert outcomes({"log_destination_type": "s3", "log_destination": "arn:aws:s3:::elsewhere"}) == []


def test_a_flow_log_whose_role_cannot_be_found_is_no_pass() -> None:
    assert outcomes({"iam_role_arn": "arn:aws:iam::123456789012:role/other", "log_destination": "arn:aws:logs:x"})
