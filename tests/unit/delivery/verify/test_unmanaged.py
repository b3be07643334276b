"""What is not in the state is added to it in the form of a state, and judged like the rest."""

from pathlib import Path
from typing import Any

import pytest

from delivery.verify import Unmanaged, judge_deployed, with_unmanaged
from policies.graph.state import load_shown_state
from tests.unit.delivery.verify.fakes import state_of

LISTENER = Unmanaged("aws_lb_listener", "arn:listener", {"id": "arn:listener", "protocol": "HTTP", "port": 80})
CLUSTER = {"id": "c", "arn": "c", "name": "ecs-cluster-production-pr42"}


def test_its_address_says_that_no_state_knows_it() -> None:
    assert LISTENER.address == 'aws_lb_listener.not-in-state["arn:listener"]'
    assert str(LISTENER) == 'aws_lb_listener.not-in-state["arn:listener"] is in AWS and not in the state'


def test_a_quotation_mark_does_not_end_the_address() -> None:
    assert Unmanaged("aws_x", 'a"b', {}).address == 'aws_x.not-in-state["a\'b"]'


def test_the_given_state_stays_as_it_is() -> None:
    state = state_of(("aws_lb", {"id": "b"}))
    combined = with_unmanaged(state, [LISTENER])
    assert [item["address"] for item in combined["values"]["root_module"]["resources"]] == [
        "aws_lb.x0",
        LISTENER.address,
    ]
    assert len(state["values"]["root_module"]["resources"]) == 1


def test_the_graph_knows_it_by_its_id() -> None:
    other = Unmanaged("aws_lb_listener", "arn:other", {"id": "arn:other"})
    graph = load_shown_state(with_unmanaged(state_of(), [LISTENER, other]), Path("state.json"), None)
    assert [item.address for item in graph.lookup("arn:listener", "aws_lb_listener")] == [LISTENER.address]
    assert len(graph.of_type("aws_lb_listener")) == 2


@pytest.fixture
def in_aws(monkeypatch: pytest.MonkeyPatch) -> list[Unmanaged]:
    """What AWS is made to have."""
    things: list[Unmanaged] = []

    def find(*_arguments: Any) -> tuple[Unmanaged, ...]:
        return tuple(things)

    monkeypatch.setattr("delivery.verify.judged.find_unmanaged", find)
    return things


def judged(in_aws: list[Unmanaged], tmp_path: Path, *things: Unmanaged) -> Any:
    in_aws.extend(things)
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    state = state_of(("aws_ecs_cluster", CLUSTER))
    return judge_deployed(state, environment, "us-east-1", "payments", tmp_path / "verified.json")


def test_it_is_judged_by_the_rules_of_the_spec(in_aws: list[Unmanaged], tmp_path: Path) -> None:
    verdict, unmanaged = judged(in_aws, tmp_path, LISTENER)
    red = {(item.rule.id, item.finding.address) for item in verdict.unwaived}
    assert ("https-listeners-only", LISTENER.address) in red
    assert unmanaged == (LISTENER,)
    assert (tmp_path / "verified.json").is_file()


def test_what_no_rule_rejects_is_a_note(in_aws: list[Unmanaged], tmp_path: Path) -> None:
    route = Unmanaged("aws_route53_record", "r", {"id": "r", "name": "x.production-pr42.example.com"})
    verdict, _ = judged(in_aws, tmp_path, LISTENER, route)
    assert str(LISTENER) not in verdict.notes
    named = {item.finding.address for item in verdict.unwaived}
    assert (str(route) in verdict.notes) is (route.address not in named)
