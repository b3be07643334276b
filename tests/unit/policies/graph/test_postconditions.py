"""Which postconditions prove something, and which only look like it."""

import pytest

from policies.graph import MalformedError
from policies.graph.postconditions import proves
from policies.graph.terraform_json import load_document

WANTED = ("self.image_scanning_configuration[0].scan_on_push",)


def repository(*conditions: object) -> dict[str, object]:
    return {"name": "x", "lifecycle": [{"postcondition": [{"condition": item} for item in conditions]}]}


def judged(body: dict[str, object]) -> bool:
    graph = load_document({"data": {"aws_ecr_repository": {"x": body}}})
    return proves(graph.resources["data.aws_ecr_repository.x"], WANTED)


@pytest.mark.parametrize(
    "condition",
    [
        "${self.image_scanning_configuration[0].scan_on_push}",
        "${ self.image_scanning_configuration.0.scan_on_push }",
        "${(self.image_scanning_configuration[0].scan_on_push)}",
        '${self.name != "" && (self.image_scanning_configuration[0].scan_on_push)}',
    ],
)
def test_proof(condition: str) -> None:
    assert judged(repository(condition))
    assert judged(repository("${true}", condition))


@pytest.mark.parametrize(
    "condition",
    [
        "${true}",
        "self.image_scanning_configuration[0].scan_on_push",  # a text, not an expression
        "${!self.image_scanning_configuration[0].scan_on_push}",
        "${self.image_scanning_configuration[0].scan_on_push == false}",
        "${self.image_scanning_configuration[0].scan_on_push || true}",
        "${self.image_scanning_configuration[0].scan_on_push ? true : true}",
        "${!(true && self.image_scanning_configuration[0].scan_on_push && true)}",
        "${anytrue([true, self.image_scanning_configuration[0].scan_on_push])}",
        "${self.image_scanning_configuration[1].scan_on_push}",
        "${data.aws_ecr_repository.other.image_scanning_configuration[0].scan_on_push}",
    ],
)
def test_no_proof(condition: str) -> None:
    assert not judged(repository(condition))


def test_without_a_lifecycle_nothing_is_proven() -> None:
    assert not judged({"name": "x"})


def test_a_condition_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(MalformedError):
        judged(repository(True))
