"""What an account must hold before a stack is applied, read from the synthesized JSON and put into the emulator.

On AWS these things exist already: repositories of a build pipeline, a hosted zone, a certificate. In an empty emulator
they do not, and must have exactly the names, ids and digests that the stack refers to.
"""

import http.client
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

from delivery.errors import UserError

SEED_PATH = "/paygate/seed"
SEED_SECONDS = 30.0

# `${data.aws_ecr_repository.NAME.repository_url}` and then a digest or a tag.
IMAGE = re.compile(r"\$\{data\.aws_ecr_repository\.([\w-]+)\.repository_url\}(@sha256:[0-9a-f]{64}|:\w[\w.-]{0,127})")
CERTIFICATE_DOMAIN = "imported.example.com"  # a certificate that is named by ARN only does not tell its domain


class Seeded(NamedTuple):
    """One thing that was put into the emulator; a plain tuple, so that it survives a round trip through JSON."""

    service: str
    kind: str
    id: str


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


Prerequisite = Repository | HostedZone | Certificate


class Reachable(Protocol):
    """An emulator, as far as seeding is concerned."""

    @property
    def endpoint(self) -> str: ...


def seed(stack_file: Path, emulator: Reachable) -> list[Seeded]:
    """Put what the stack in `stack_file` (a cdk.tf.json) needs into the emulator; returns what it now holds.

    Seeding twice is fine. UserError when the file is no Terraform JSON, does not tell something that is needed, or the
    emulator refuses it.
    """
    try:
        config = json.loads(stack_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError("cannot be read as Terraform JSON", where=str(stack_file), found=str(error)) from error
    needed = read_prerequisites(config)
    _post(emulator.endpoint, [{"kind": thing.KIND, **asdict(thing)} for thing in needed])
    return [seeded for thing in needed for seeded in thing.seeded]


def read_prerequisites(config: Mapping[str, Any]) -> list[Prerequisite]:
    """Everything that the configuration refers to and does not create."""
    return [*_repositories(config), *_hosted_zones(config), *_certificates(config)]


def _repositories(config: Mapping[str, Any]) -> Iterator[Repository]:
    referenced = dict(_blocks(config, "data", "aws_ecr_repository"))
    if not referenced:
        return
    definitions = (block for _, block in _blocks(config, "resource", "aws_ecs_task_definition"))
    found = [image for block in definitions for image in IMAGE.findall(str(block.get("container_definitions", "")))]
    region, tags = _provider(config)
    for label, block in referenced.items():
        images = tuple(dict.fromkeys(reference for name, reference in found if name == label))
        yield Repository(region, block["name"], images, tags)


def _hosted_zones(config: Mapping[str, Any]) -> Iterator[HostedZone]:
    """The API takes an id, but a zone has a name too: whatever its records have in common."""
    records = [block for _, block in _blocks(config, "resource", "aws_route53_record")]
    zones = [block for _, block in _blocks(config, "data", "aws_route53_zone")]
    for zone_id in dict.fromkeys(block["zone_id"] for block in [*zones, *records] if _literal(block.get("zone_id"))):
        names = [block["name"] for block in records if block["zone_id"] == zone_id and _literal(block["name"])]
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
    blocks = [block for _, block in _blocks(config, "resource", "aws_acm_certificate")]
    return [block["domain_name"] for block in blocks if _literal(block.get("domain_name"))]


def _certificates(config: Mapping[str, Any]) -> Iterator[Certificate]:
    listeners = [block for _, block in _blocks(config, "resource", "aws_lb_listener")]
    arns = (block.get("certificate_arn") for block in listeners)
    for arn in dict.fromkeys(arn for arn in arns if _literal(arn)):
        yield Certificate(str(arn), CERTIFICATE_DOMAIN)


def _provider(config: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Region and default tags of the AWS provider."""
    provider = _first(config.get("provider", {}).get("aws"))
    region = provider.get("region")
    if not _literal(region):
        raise UserError(
            "a region is needed to seed repositories",
            where="provider.aws.region",
            found=repr(region),
            allowed="a literal",
        )
    return str(region), dict(_first(provider.get("default_tags")).get("tags") or {})


def _blocks(config: Mapping[str, Any], section: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for label, block in config.get(section, {}).get(kind, {}).items():
        yield label, _first(block)


def _first(block: Any) -> dict[str, Any]:
    """Terraform JSON writes a single block as an object or as a list of one."""
    found: dict[str, Any] = block[0] if isinstance(block, list) and block else block or {}
    return found


def _literal(value: object) -> bool:
    return isinstance(value, str) and value != "" and "${" not in value


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
    if response.status != http.HTTPStatus.OK:
        raise UserError("the emulator refuses a prerequisite of the stack", found=json.loads(body)["error"])
