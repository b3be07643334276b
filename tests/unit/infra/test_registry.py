"""Images come from private ECR repositories that exist already, scan on push, and are named by digest."""

import re

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack, Values

IMAGE = "aws_ecs_task_definition/payment-api/container_definitions/0/image"
REPOSITORY = "data/aws_ecr_repository/payment-api"
DIGEST = "sha256:3f9a1c5be7d20864f1a9c3e5d7b80246ace13579bdf02468ace13579bdf02468"
PAYMENT_API = "${data.aws_ecr_repository.payment-api.repository_url}"


def repository(stack: Stack, service: str) -> tuple[Values, str]:
    """The repository of a service's image, and what follows its URL (`@sha256:...` or `:tag`)."""
    match = re.fullmatch(r"(\$\{[^}]+\})([@:].+)", stack.container(service)["image"])
    assert match, "the image is not named by a repository's URL"
    return stack.target(match[1], "data.aws_ecr_repository", "repository_url"), match[2]


@pytest.mark.clause("P.2.4", proof="synth")
@red_when(
    change(IMAGE, f"docker.io/library/nginx@{DIGEST}"),
    change(IMAGE, f"public.ecr.aws/payments/payment-api@{DIGEST}"),
    change(IMAGE, f"${{data.aws_ecr_repository.fraud-detection.repository_url}}@{DIGEST}"),
    change(f"{REPOSITORY}/name", "payments/other"),
)
def test_each_image_comes_from_the_private_repository_of_its_service(stack: Stack) -> None:
    for name in SERVICES:
        assert repository(stack, name)[0]["name"] == f"payments/{name}"


@pytest.mark.clause("P.9.1", proof="synth")
@red_when(
    drop(REPOSITORY),
    add("aws_ecr_repository/payment-api", {"name": "payments/payment-api"}),
    add("data/aws_ecr_repository/fourth", {"name": "payments/fourth"}),
)
def test_the_repositories_exist_already_and_are_only_referenced(stack: Stack) -> None:
    assert not stack.all("aws_ecr_repository")
    names = sorted(entry["name"] for entry in stack.all("data.aws_ecr_repository").values())
    assert names == ["payments/fraud-detection", "payments/notification-service", "payments/payment-api"]


@pytest.mark.clause("P.9.2", proof="synth")
@red_when(
    drop(f"{REPOSITORY}/lifecycle"),
    change(f"{REPOSITORY}/lifecycle/postcondition/0/condition", "${true}"),
    change(f"{REPOSITORY}/lifecycle/postcondition/0/error_message", "no"),
)
def test_a_plan_stops_at_a_repository_that_does_not_scan_on_push(stack: Stack) -> None:
    for values in stack.all("data.aws_ecr_repository").values():
        conditions = values.get("lifecycle", {}).get("postcondition", [])
        scanning = [entry for entry in conditions if "scan_on_push" in entry["condition"]]
        assert [entry["condition"] for entry in scanning] == ["${self.image_scanning_configuration[0].scan_on_push}"]
        assert values["name"] in scanning[0]["error_message"]


@pytest.mark.clause("P.9.3", proof="synth")
@red_when(
    change(IMAGE, f"{PAYMENT_API}:latest"),
    change(IMAGE, PAYMENT_API),
    change(IMAGE, f"{PAYMENT_API}@sha256:3f9a"),
)
def test_each_task_definition_pulls_by_digest(stack: Stack) -> None:
    for name in SERVICES:
        assert re.fullmatch(r"@sha256:[0-9a-f]{64}", repository(stack, name)[1])
