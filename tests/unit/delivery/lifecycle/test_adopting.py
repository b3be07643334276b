"""Under a suffix that was ours a dead run's things are adopted; under a new one they are somebody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from delivery.lifecycle import adopting
from delivery.lifecycle.adopting import adopt_left
from delivery.lifecycle.deployment import Deployment, StepFailedError
from delivery.recovery.adoption import Adoption
from delivery.terraform.runner import Terraform

CREATED = {
    "resource_changes": [
        {
            "address": "aws_iam_role.a",
            "mode": "managed",
            "type": "aws_iam_role",
            "change": {"actions": ["create"], "after": {"name": "role-a-p1"}},
        }
    ]
}
FOUND = {"aws_iam_role.a": "role-a-p1"}


@dataclass
class FakeTerraform:
    """A plan that is always the same, and how often it was made."""

    shown: Mapping[str, Any]
    plans: list[Sequence[str]] = field(default_factory=list)
    workspace: None = None
    untaint: None = None

    def plan(self, only: Sequence[str] = ()) -> None:
        self.plans.append(only)

    def planned_state(self) -> Mapping[str, Any]:
        return self.shown


@dataclass
class Scene:
    """What AWS has, whose the suffix was, and what came of it."""

    deployment: Deployment
    given_back: list[Deployment] = field(default_factory=list)
    adopted: list[Mapping[str, Any]] = field(default_factory=list)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Scene:
    shown, ours, found = request.param
    terraform = cast(Terraform, FakeTerraform(shown))
    made = Scene(Deployment("gateway", Path("s.yaml"), "p1", "gateway-p1", Path("x"), "us-east-1", {}, terraform))

    def adopt(_workspace: None, plan: Any, _plan_anew: Any, _keep: Any, _clients: Any) -> Adoption:
        made.adopted.append(plan)
        return Adoption(found)

    monkeypatch.setattr(adopting, "clients", lambda *_arguments: None)
    monkeypatch.setattr(adopting, "was_ours", lambda _deployment: ours)
    monkeypatch.setattr(adopting, "give_back", made.given_back.append)
    monkeypatch.setattr(adopting, "find", lambda _missing, _clients: found)
    monkeypatch.setattr(adopting, "adopt", adopt)
    return made


@pytest.mark.parametrize("scene", [({"resource_changes": []}, True, FOUND)], indirect=True)
def test_nothing_is_looked_for_when_the_state_knows_everything(scene: Scene) -> None:
    assert adopt_left(scene.deployment).note == "nothing was left"
    assert scene.adopted == []


@pytest.mark.parametrize("scene", [(CREATED, True, FOUND)], indirect=True)
def test_what_a_dead_run_of_ours_has_made_is_planned_to_be_imported(scene: Scene) -> None:
    outcome = adopt_left(scene.deployment)
    assert (outcome.note, outcome.lines) == ("1 adopted", ("adopted:", "  aws_iam_role.a is role-a-p1"))
    assert scene.given_back == []
    terraform = cast(FakeTerraform, scene.deployment.terraform)
    assert (scene.adopted, terraform.plans) == ([CREATED], [])  # the plan at hand is looked at first


@pytest.mark.parametrize("scene", [(CREATED, False, FOUND)], indirect=True)
def test_under_a_new_suffix_it_is_somebody_elses_and_the_suffix_is_given_back(scene: Scene) -> None:
    with pytest.raises(StepFailedError) as error:
        adopt_left(scene.deployment)
    assert str(error.value) == (
        "AWS has 1 things with the names of gateway-p1, and the state knows none of them:\n"
        "  aws_iam_role.a: role-a-p1\n"
        "Somebody else uses the suffix p1, or the state is lost. Choose another suffix; if they are yours, give --adopt"
    )
    assert (scene.given_back, scene.adopted) == ([scene.deployment], [])


@pytest.mark.parametrize("scene", [(CREATED, False, FOUND)], indirect=True)
def test_with_adopt_it_is_taken_all_the_same(scene: Scene) -> None:
    assert adopt_left(scene.deployment, wanted=True).note == "1 adopted"


@pytest.mark.parametrize("scene", [(CREATED, False, {})], indirect=True)
def test_a_new_suffix_whose_names_nobody_has_goes_on(scene: Scene) -> None:
    assert adopt_left(scene.deployment).note == "nothing was left"
    assert (scene.given_back, scene.adopted) == ([], [])
