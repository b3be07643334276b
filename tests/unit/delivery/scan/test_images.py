"""The images that a plan is about to run, and plans that do not tell them."""

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.scan.images import Image, Place, images_of_plan
from tests.unit.delivery.scan.standins import DIGESTS, REGISTRY, plan_of, shown

PLAN = Path("plan.json")
API = f"{REGISTRY}/pay/api@{DIGESTS['a']}"
PROXY = f"{REGISTRY}/proxy:1.2"

pytestmark = pytest.mark.clause("G.2.4", proof="test")


def test_every_container_is_read_and_every_image_named_once() -> None:
    found = images_of_plan(plan_of(refunds=[API, PROXY], charges=[f"{REGISTRY}/b:2", PROXY]), PLAN)
    assert found == (
        Image(f"{REGISTRY}/b:2", ("charges / main",)),
        Image(API, ("refunds / main",)),
        Image(PROXY, ("refunds / c1", "charges / c1")),
    )


def test_containers_of_modules_are_read() -> None:
    plan = plan_of(refunds=[API])
    inner = {**shown("inner", [PROXY]), "address": "module.m.aws_ecs_task_definition.inner"}
    plan["planned_values"]["root_module"]["child_modules"] = [{"address": "module.m", "resources": [inner]}]
    assert [image.text for image in images_of_plan(plan, PLAN)] == [API, PROXY]


PLACES = {
    f"{REGISTRY}/pay/api@{DIGESTS['a']}": Place("123456789012", "us-east-1", "pay/api", "", DIGESTS["a"]),
    f"{REGISTRY}/pay/api:1.0@{DIGESTS['a']}": Place("123456789012", "us-east-1", "pay/api", "", DIGESTS["a"]),
    f"{REGISTRY}/pay/api:1.0": Place("123456789012", "us-east-1", "pay/api", "1.0", ""),
    f"{REGISTRY}/pay/api": Place("123456789012", "us-east-1", "pay/api", "latest", ""),
    "210987654321.dkr.ecr-fips.eu-west-1.amazonaws.com/a:1": Place("210987654321", "eu-west-1", "a", "1", ""),
    "public.ecr.aws/x/y:1": None,
    "nginx": None,
    f"docker.io/{REGISTRY}/a:1": None,
    f"{REGISTRY}/a:1/b": None,
    f"{REGISTRY}/a@sha256:12": None,
    f"{REGISTRY}.evil.example/a:1": None,
    f"{REGISTRY}/a:1\n": None,
}


@pytest.mark.parametrize(("text", "place"), PLACES.items())
def test_where_an_image_lies(text: str, place: Place | None) -> None:
    assert Image(text, ()).place == place


def with_unknown(image: str, **repository: Any) -> dict[str, Any]:
    """A plan whose containers are known after apply only, because of the ARN of a secret, as they are written."""
    secret = "${aws_secretsmanager_secret.s.arn}"
    written = json.dumps([{"name": "main", "image": image, "secrets": [{"name": "A", "valueFrom": secret}]}])
    task = {**shown("refunds", []), "values": {}}
    made = {"address": "aws_ecr_repository.a", "mode": "managed", "type": "aws_ecr_repository", "name": "a"}
    keys = {
        "address": "aws_secretsmanager_secret.s",
        "mode": "managed",
        "type": "aws_secretsmanager_secret",
        "name": "s",
    }
    return {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {"resources": [task, {**made, "values": repository}, {**keys, "values": {}}]}
        },
        "resource_changes": [
            {"address": task["address"], "change": {"after_unknown": {"container_definitions": True}}},
            {
                "address": made["address"],
                "change": {"after_unknown": {} if "repository_url" in repository else {"repository_url": True}},
            },
            {"address": keys["address"], "change": {"after_unknown": {"arn": True}}},
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": task["address"],
                        "expressions": {
                            "container_definitions": {
                                "constant_value": written,
                                "references": [
                                    "aws_ecr_repository.a.repository_url",
                                    "aws_secretsmanager_secret.s.arn",
                                ],
                            }
                        },
                    }
                ]
            }
        },
    }


def test_an_image_is_known_where_only_the_arn_of_a_secret_beside_it_is_not() -> None:
    image = "${aws_ecr_repository.a.repository_url}@" + DIGESTS["b"]
    plan = with_unknown(image, name="api", repository_url=f"{REGISTRY}/api")
    assert images_of_plan(plan, PLAN) == (Image(f"{REGISTRY}/api@{DIGESTS['b']}", ("refunds / main",)),)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    "image",
    [
        "${aws_ecr_repository.a.repository_url}@" + DIGESTS["b"],
        "${aws_ecr_repository.gone.repository_url}:1",
        "${var.image}",
    ],
)
def test_an_image_that_is_known_after_the_apply_only_is_one_error(image: str) -> None:
    with pytest.raises(UserError) as error:
        images_of_plan(with_unknown(image, name="api"), PLAN)
    assert str(error.value).startswith("plan.json: the plan does not tell which image a container runs; found aws_ecs")
    assert str(error.value).endswith(
        "Create the repositories first (terraform apply -target), push the images, and plan again"
    )


def with_containers(definitions: Any) -> dict[str, Any]:
    plan = plan_of(refunds=[])
    plan["planned_values"]["root_module"]["resources"][0]["values"]["container_definitions"] = definitions
    return plan


UNUSABLE: dict[str, tuple[Any, str]] = {
    "no mapping": ([], "plan.json: not a plan; allowed: what `terraform show -json PLAN` prints"),
    "a state": ({"format_version": "1.0", "values": {}}, "plan.json: not a plan"),
    "a failed plan": ({**plan_of(a=[API]), "errored": True}, "the plan ended in an error"),
    "nothing runs": (plan_of(), "plan.json: the plan runs no container; allowed: a plan with aws_ecs_task_definition"),
    "no container": (with_containers("[]"), "a list of at least one container"),
    "no JSON": (with_containers("{"), "expected JSON"),
    "no image": (with_containers('[{"name": "a"}]'), "the name of an image"),
    "an empty image": (with_containers('[{"name": "a", "image": ""}]'), "the name of an image"),
    "an image that is no text": (with_containers('[{"name": "a", "image": {}}]'), "expected a text"),
    "definitions that are absent": (with_containers(None), "a list of at least one container"),
}


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(("plan", "message"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_plan_that_does_not_tell_what_it_runs_is_one_error(plan: Any, message: str) -> None:
    with pytest.raises(UserError) as error:
        images_of_plan(plan, PLAN)
    assert message in str(error.value)
    assert error.value.exit_code == 2
