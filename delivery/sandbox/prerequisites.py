"""What an account must hold before a stack is applied, read from the synthesized JSON and put into the emulator.

On AWS these things exist already: repositories of a build pipeline, a hosted zone, a certificate. In an empty emulator
they do not, and must have exactly the names, ids and digests that the stack refers to. The same goes for the databases
and API providers whose credentials the stack rotates. The images of repositories that the stack itself creates are put
into them once they stand, as a build pipeline does on AWS.
"""

import http.client
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

from delivery.errors import UserError
from delivery.sandbox.created_images import CreatedImage, images_run_from, read_created_images
from delivery.sandbox.rotation_targets import RotationTarget, read_rotation_targets
from delivery.sandbox.stack_json import Seeded, blocks, literal, provider

SEED_PATH = "/paygate/seed"
SEED_SECONDS = 90.0  # making a database takes a second, on a busy machine more
CERTIFICATE_DOMAIN = "imported.example.com"  # a certificate that is named by ARN only does not tell its domain


@dataclass(frozen=True)
class Repository:
    """An ECR repository that scans on push, with immutable tags; images are `@sha256:DIGEST` or `:TAG`."""

    KIND: ClassVar = "ecr-repository"
    region: str
    name: str
    images: tuple[str, ...]
    tags: Mapping[str, str]

    @property
    def seeded(self) -> tuple[Seeded, ...]:
        return (
            Seeded("ecr", "repository", self.name),
            *(Seeded("ecr", "image", f"{self.name}{image}") for image in self.images),
        )


@dataclass(frozen=True)
class HostedZone:
    """A public Route 53 zone with a given id."""

    KIND: ClassVar = "hosted-zone"
    zone_id: str
    name: str

    @property
    def seeded(self) -> tuple[Seeded, ...]:
        return (Seeded("route53", "hosted zone", f"/hostedzone/{self.zone_id}"),)


@dataclass(frozen=True)
class Certificate:
    """An issued ACM certificate with a given ARN."""

    KIND: ClassVar = "certificate"
    arn: str
    domain_name: str

    @property
    def seeded(self) -> tuple[Seeded, ...]:
        return (Seeded("acm", "certificate", self.arn),)


@dataclass(frozen=True)
class StateBucket:
    """The versioned bucket that `paygate bootstrap` makes in an account, for a run that brings its own emulator."""

    KIND: ClassVar = "state-bucket"
    name: str
    region: str

    @property
    def seeded(self) -> tuple[Seeded, ...]:
        return (Seeded("s3", "bucket", self.name),)


Prerequisite = Repository | HostedZone | Certificate | RotationTarget


class Reachable(Protocol):
    """An emulator, as far as seeding is concerned."""

    @property
    def endpoint(self) -> str: ...


def seed(stack_file: Path, emulator: Reachable) -> list[Seeded]:
    """Put what the stack in `stack_file` (a cdk.tf.json) needs into the emulator; returns what it now holds.

    Seeding twice is fine. UserError when the file is no Terraform JSON, does not tell something that is needed, or the
    emulator refuses it.
    """
    return put_into(emulator, read_prerequisites(_read(stack_file)))


def seed_created_images(stack_file: Path, emulator: Reachable) -> list[Seeded]:
    """Put the images that the stack in `stack_file` runs into the repositories that it has created, scanned and clean.

    No repository is made here: UserError when one is absent, or its name cannot be told.
    """
    return put_into(emulator, read_created_images(_read(stack_file)))


def put_into(emulator: Reachable, things: Sequence[Prerequisite | CreatedImage | StateBucket]) -> list[Seeded]:
    """Put these things into the emulator; returns what it now holds. UserError when it refuses one."""
    _post(emulator.endpoint, [{"kind": thing.KIND, **asdict(thing)} for thing in things])
    return list(dict.fromkeys(seeded for thing in things for seeded in thing.seeded))


def _read(stack_file: Path) -> Mapping[str, Any]:
    try:
        config: Mapping[str, Any] = json.loads(stack_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError("cannot be read as Terraform JSON", where=str(stack_file), found=str(error)) from error
    return config


def read_prerequisites(config: Mapping[str, Any]) -> list[Prerequisite]:
    """Everything that the configuration refers to and does not create."""
    return [
        *_repositories(config),
        *_hosted_zones(config),
        *_certificates(config),
        *read_rotation_targets(config),
    ]


def _repositories(config: Mapping[str, Any]) -> Iterator[Repository]:
    referenced = dict(blocks(config, "data", "aws_ecr_repository"))
    if not referenced:
        return
    region, tags = provider(config)
    for label, block in referenced.items():
        yield Repository(region, block["name"], images_run_from(config, "data.", label), tags)


def _hosted_zones(config: Mapping[str, Any]) -> Iterator[HostedZone]:
    """The API takes an id, but a zone has a name too: whatever its records have in common."""
    records = [block for _, block in blocks(config, "resource", "aws_route53_record")]
    zones = [block for _, block in blocks(config, "data", "aws_route53_zone")]
    for zone_id in dict.fromkeys(block["zone_id"] for block in [*zones, *records] if literal(block.get("zone_id"))):
        names = [block["name"] for block in records if block["zone_id"] == zone_id and literal(block["name"])]
        names = names or _certificate_names(config)
        zone_name = common_domain([name.rstrip(".").partition(".")[2] for name in names])
        if not zone_name:
            raise UserError(
                f"the name of hosted zone {zone_id} cannot be told from the names of its records",
                where="aws_route53_record.*.name",
                found=", ".join(names) or "no literal name",
                allowed="literal names that end with the same domain",
            )
        yield HostedZone(zone_id, zone_name)


def common_domain(names: Sequence[str]) -> str:
    """The longest domain that all names end with; empty when there is none."""
    shared: list[str] = []
    for labels in zip(*(reversed(name.split(".")) for name in names), strict=False):
        if len(set(labels)) > 1:
            break
        shared.insert(0, labels[0])
    return ".".join(shared)


def _certificate_names(config: Mapping[str, Any]) -> list[str]:
    made = [block for _, block in blocks(config, "resource", "aws_acm_certificate")]
    return [block["domain_name"] for block in made if literal(block.get("domain_name"))]


def _certificates(config: Mapping[str, Any]) -> Iterator[Certificate]:
    listeners = [block for _, block in blocks(config, "resource", "aws_lb_listener")]
    arns = (block.get("certificate_arn") for block in listeners)
    for arn in dict.fromkeys(arn for arn in arns if literal(arn)):
        yield Certificate(str(arn), CERTIFICATE_DOMAIN)


def _post(endpoint: str, things: list[dict[str, Any]]) -> None:
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=SEED_SECONDS)
    try:
        connection.request("POST", SEED_PATH, json.dumps(things), {"Content-Type": "application/json"})
        response = connection.getresponse()
        body = response.read()
    except OSError as error:
        raise UserError(f"the emulator at {endpoint} does not answer", found=str(error)) from error
    finally:
        connection.close()
    try:
        answer = json.loads(body)
    except ValueError as error:
        mend = "Start one with: paygate emulator"
        raise UserError("what answers here is no emulator of paygate", endpoint, mend=mend) from error
    if response.status != http.HTTPStatus.OK:
        raise UserError("the emulator refuses a prerequisite of the stack", found=answer["error"])
