"""What a stack refers to and does not create is read from its JSON and put into the emulator, ids and all."""

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.sandbox.prerequisites import Seeded, common_domain, read_prerequisites, seed, seed_created_images

DIGEST = "sha256:" + "ab" * 32
ZONE_ID = "Z0EXAMPLE0PAYMENTS01"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"


def _definition(*images: str) -> dict[str, Any]:
    return {"container_definitions": json.dumps([{"name": "c", "image": image} for image in images])}


def _config() -> dict[str, Any]:
    url = "${data.aws_ecr_repository.%s.repository_url}"
    return {
        "provider": {"aws": [{"region": "us-east-1", "default_tags": [{"tags": {"Team": "payments"}}]}]},
        "data": {"aws_ecr_repository": {"pay-api": {"name": "payments/pay-api"}, "fraud": {"name": "payments/fraud"}}},
        "resource": {
            "aws_ecs_task_definition": {
                "a": _definition(url % "pay-api" + "@" + DIGEST, "public.ecr.aws/x/y:1"),
                "b": _definition(url % "fraud" + ":2026.11-1"),
                "c": _definition(url % "pay-api" + "@" + DIGEST),
            },
            "aws_route53_record": {
                "proof": {"zone_id": ZONE_ID, "name": "${aws_acm_certificate.main.something}"},
                "entrance": {"zone_id": ZONE_ID, "name": "pr42.payments.example.com"},
                "other": {"zone_id": "${aws_route53_zone.own.zone_id}", "name": "x.example.com"},
            },
            "aws_lb_listener": {
                "given": {"certificate_arn": CERTIFICATE},
                "created": {"certificate_arn": "${aws_acm_certificate_validation.main.certificate_arn}"},
            },
        },
    }


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps(_config()))
    return file


def test_everything_seeded_is_named(emulator: Any, stack_file: Path) -> None:
    assert seed(stack_file, emulator) == [
        Seeded("ecr", "repository", "payments/pay-api"),
        Seeded("ecr", "image", f"payments/pay-api@{DIGEST}"),
        Seeded("ecr", "repository", "payments/fraud"),
        Seeded("ecr", "image", "payments/fraud:2026.11-1"),
        Seeded("route53", "hosted zone", f"/hostedzone/{ZONE_ID}"),
        Seeded("acm", "certificate", CERTIFICATE),
    ]


@pytest.mark.parametrize(
    ("repository", "image"),
    [("payments/pay-api", {"imageDigest": DIGEST}), ("payments/fraud", {"imageTag": "2026.11-1"})],
)
def test_a_repository_scans_on_push_and_holds_the_image_with_a_clean_scan(
    emulator: Any, stack_file: Path, repository: str, image: dict[str, str]
) -> None:
    seed(stack_file, emulator)
    registry = emulator.client("ecr")
    found = registry.describe_repositories(repositoryNames=[repository])["repositories"][0]
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["imageTagMutability"] == "IMMUTABLE"
    assert registry.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"] == [
        {"Key": "Team", "Value": "payments"}
    ]
    (details,) = registry.describe_images(repositoryName=repository)["imageDetails"]
    assert image.items() <= {**details, "imageTag": details.get("imageTags", [""])[0]}.items()
    scan = registry.describe_image_scan_findings(repositoryName=repository, imageId=image)
    assert scan["imageScanStatus"]["status"] == "COMPLETE"
    assert scan["imageScanFindings"]["findings"] == []


def test_the_zone_has_the_given_id_and_the_domain_of_its_records(emulator: Any, stack_file: Path) -> None:
    seed(stack_file, emulator)
    zone = emulator.client("route53").get_hosted_zone(Id=ZONE_ID)["HostedZone"]
    assert (zone["Id"], zone["Name"]) == (f"/hostedzone/{ZONE_ID}", "payments.example.com.")


def test_the_certificate_has_the_given_arn_and_is_issued(emulator: Any, stack_file: Path) -> None:
    seed(stack_file, emulator)
    found = emulator.client("acm").describe_certificate(CertificateArn=CERTIFICATE)["Certificate"]
    assert (found["CertificateArn"], found["Status"]) == (CERTIFICATE, "ISSUED")


def test_seeding_twice_changes_nothing(emulator: Any, stack_file: Path) -> None:
    assert seed(stack_file, emulator) == seed(stack_file, emulator)
    assert len(emulator.client("ecr").describe_images(repositoryName="payments/pay-api")["imageDetails"]) == 1
    assert len(emulator.client("route53").list_hosted_zones()["HostedZones"]) == 1


def test_two_stacks_share_a_zone_under_the_domain_of_both(emulator: Any, stack_file: Path, tmp_path: Path) -> None:
    seed(stack_file, emulator)
    other = tmp_path / "other.json"
    record = {"zone_id": ZONE_ID, "name": "pr42.gateway.example.com"}
    other.write_text(json.dumps({"resource": {"aws_route53_record": {"entrance": record}}}))
    seed(other, emulator)
    zone = emulator.client("route53").get_hosted_zone(Id=ZONE_ID)["HostedZone"]
    assert zone["Name"] == "example.com."
    record = {"zone_id": ZONE_ID, "name": "pr42.example.org"}
    other.write_text(json.dumps({"resource": {"aws_route53_record": {"entrance": record}}}))
    with pytest.raises(UserError, match=r"cannot hold both example\.com\. and example\.org"):
        seed(other, emulator)


def test_a_stack_that_refers_to_nothing_needs_nothing(emulator: Any, tmp_path: Path) -> None:
    file = tmp_path / "cdk.tf.json"
    file.write_text("{}")
    assert seed(file, emulator) == []


def test_blocks_in_list_form_are_read_too() -> None:
    config = _config()
    for section in ("data", "resource"):
        for blocks in config[section].values():
            blocks.update({label: [block] for label, block in blocks.items()})
    config["provider"]["aws"] = {"region": "us-east-1", "default_tags": {"tags": {"Team": "payments"}}}
    assert read_prerequisites(config) == read_prerequisites(_config())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read as Terraform JSON"),
        (
            json.dumps({"data": {"aws_ecr_repository": {"a": {"name": "a"}}}}),
            "provider.aws.region: a region is needed to seed repositories; found None; allowed: a literal",
        ),
        (
            json.dumps({"data": {"aws_route53_zone": {"a": {"zone_id": "Z1"}}}}),
            "the name of hosted zone Z1 cannot be told .* found no literal name",
        ),
    ],
)
def test_a_stack_that_does_not_tell_what_it_needs_is_one_error(
    emulator: Any, tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "cdk.tf.json"
    file.write_text(content)
    with pytest.raises(UserError, match=message):
        seed(file, emulator)


def _creating(name: str = "ecr-repository-api-pr42") -> dict[str, Any]:
    """A stack that creates one repository, refers to another, and runs images of both."""
    config = _config()
    config["resource"]["aws_ecr_repository"] = {"api": {"name": name}, "unused": {"name": "ecr-repository-unused-pr42"}}
    url = "${aws_ecr_repository.api.repository_url}"
    config["resource"]["aws_ecs_task_definition"]["d"] = _definition(f"{url}@{DIGEST}", f"{url}:2.0", f"{url}@{DIGEST}")
    return config


def test_images_are_put_into_the_repositories_that_the_stack_has_created(emulator: Any, stack_file: Path) -> None:
    stack_file.write_text(json.dumps(_creating()))
    name = "ecr-repository-api-pr42"
    registry = emulator.client("ecr")
    registry.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE")
    seeded = [Seeded("ecr", "image", f"{name}@{DIGEST}"), Seeded("ecr", "image", f"{name}:2.0")]
    assert seed_created_images(stack_file, emulator) == seeded
    assert seed_created_images(stack_file, emulator) == seeded
    images = registry.describe_images(repositoryName=name)["imageDetails"]
    assert sorted(image.get("imageTags", [DIGEST])[0] for image in images) == ["2.0", DIGEST]
    for image_id in ({"imageDigest": DIGEST}, {"imageTag": "2.0"}):
        scan = registry.describe_image_scan_findings(repositoryName=name, imageId=image_id)
        assert (scan["imageScanStatus"]["status"], scan["imageScanFindings"]["findings"]) == ("COMPLETE", [])
    assert [each["repositoryName"] for each in registry.describe_repositories()["repositories"]] == [name]


def test_a_repository_that_the_stack_creates_is_no_prerequisite(emulator: Any, stack_file: Path) -> None:
    before = read_prerequisites(_config())
    assert read_prerequisites(_creating()) == before


def test_a_repository_that_was_not_created_gets_no_images(emulator: Any, stack_file: Path) -> None:
    stack_file.write_text(json.dumps(_creating()))
    with pytest.raises(
        UserError, match=f"there is no repository ecr-repository-api-pr42 in us-east-1 to put @{DIGEST}"
    ):
        seed_created_images(stack_file, emulator)
    assert emulator.client("ecr").describe_repositories()["repositories"] == []


def test_a_stack_that_creates_no_repository_gets_no_images(emulator: Any, stack_file: Path) -> None:
    assert seed_created_images(stack_file, emulator) == []


def test_a_created_repository_whose_name_is_not_known_is_one_error(emulator: Any, stack_file: Path) -> None:
    stack_file.write_text(json.dumps(_creating("${random_pet.x.id}")))
    with pytest.raises(
        UserError, match=r"aws_ecr_repository\.api\.name: .*; found '\$\{random_pet\.x\.id\}'; allowed: a"
    ):
        seed_created_images(stack_file, emulator)


def test_an_emulator_that_is_gone_is_one_error(stack_file: Path, unused_endpoint: Any) -> None:
    with pytest.raises(UserError, match="does not answer"):
        seed(stack_file, unused_endpoint)


@pytest.mark.parametrize(
    ("names", "domain"),
    [
        (["a.example.com", "b.example.com"], "example.com"),
        (["example.com", "a.example.com"], "example.com"),
        (["example.com", "example.org"], ""),
        (["ample.com", "example.com"], "com"),
        ([], ""),
    ],
)
def test_the_common_domain_is_counted_in_labels(names: list[str], domain: str) -> None:
    assert common_domain(names) == domain


def test_an_emulator_of_another_kind_is_named(stack_file: Path, plain_moto: Any) -> None:
    with pytest.raises(UserError) as error:
        seed(stack_file, plain_moto)
    said = str(error.value)
    assert (
        said == f"{plain_moto.endpoint}: what answers here is no emulator of paygate. Start one with: paygate emulator"
    )
