"""Inside the server: put things into moto whose ids and digests are given, which its API cannot do."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.acm.models import CertBundle, acm_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ecr.models import ecr_backends
from moto.route53.models import route53_backends
from moto.s3.models import s3_backends

from delivery.sandbox.prerequisites import common_domain
from delivery.sandbox.seeding_targets import seed_rotation_target

PARTITION = "aws"
MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


class SeedError(Exception):
    """A thing cannot be seeded; the message says why."""


def seed(things: list[dict[str, Any]]) -> int:
    """Seed each thing, `{"kind": ..., and the fields of its kind}`; what is there already stays. Returns how many."""
    for thing in things:
        if thing.get("kind") not in KINDS:
            raise SeedError(f"kind {thing.get('kind')!r} is unknown, allowed are {', '.join(KINDS)}")
    for thing in things:
        KINDS[thing["kind"]](**{name: value for name, value in thing.items() if name != "kind"})
    return len(things)


def _repository(region: str, name: str, images: list[str], tags: dict[str, str]) -> None:
    """A repository that scans on push and keeps its tags, with one scanned image per `@DIGEST` or `:TAG`."""
    backend = ecr_backends[DEFAULT_ACCOUNT_ID][region]
    if name not in backend.repositories:
        backend.create_repository(
            repository_name=name,
            registry_id=None,
            encryption_config={"encryptionType": "AES256"},
            image_scan_config={"scanOnPush": True},
            image_tag_mutability="IMMUTABLE",
            tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
    for reference in images:
        _image(backend, name, reference)


def _created_image(region: str, repository: str, image: str, scan: list[dict[str, Any]] | None) -> None:
    """An image in a repository that exists already; scan: what ECR says of it, one answer after the other.

    Each answer has a `status`, a `description` where it says one, and the fields of `imageScanFindings` where there is
    a result; the last one stays. None means a scan without findings, [] none at all.
    """
    backend = ecr_backends[DEFAULT_ACCOUNT_ID][region]
    if repository not in backend.repositories:
        raise SeedError(f"there is no repository {repository} in {region} to put {image} into")
    found = _image(backend, repository, image)
    if scan is None:
        return
    found.last_scan = datetime.now() if scan else None
    found.scan_finding_results.clear()
    about = {
        "registryId": DEFAULT_ACCOUNT_ID,
        "repositoryName": repository,
        "imageId": {"imageDigest": found.image_digest},
    }
    found.scan_finding_results_queue = [{**about, **_scan_answer(dict(answer))} for answer in scan]


def _scan_answer(said: dict[str, Any]) -> dict[str, Any]:
    status = {name: said.pop(name) for name in ("status", "description") if name in said}
    return {"imageScanStatus": status, **({"imageScanFindings": said} if said else {})}


def _image(backend: Any, repository: str, reference: str) -> Any:
    """The image, scanned and clean where it is new."""
    digest = reference[1:] if reference.startswith("@") else None
    tag = reference[1:] if reference.startswith(":") else None
    for image in backend.repositories[repository].images:
        if image.image_digest == digest or (tag and tag in image.image_tags):
            return image
    # One layer that is named after the image: moto takes images with equal manifests for one image.
    layer = "sha256:" + hashlib.sha256(reference.encode()).hexdigest()
    manifest = json.dumps({"mediaType": MANIFEST_TYPE, "layers": [{"digest": layer}]})
    image = backend.put_image(repository, manifest, tag, MANIFEST_TYPE, digest)
    image.last_scan = datetime.now()
    return image


def _hosted_zone(zone_id: str, name: str) -> None:
    """A public zone with this id. A second stack may know it by another name: it then gets what both end with."""
    backend = route53_backends[DEFAULT_ACCOUNT_ID][PARTITION]
    if zone_id not in backend.zones:
        zone = backend.create_hosted_zone(f"{name}.", private_zone=False)
        backend.zones[zone_id] = backend.zones.pop(zone.resource_id)
        zone.resource_id = zone_id
        return
    zone = backend.zones[zone_id]
    shared = common_domain([zone.name.rstrip("."), name])
    if not shared:
        raise SeedError(f"hosted zone {zone_id} cannot hold both {zone.name} and {name}")
    for record in zone.rrsets:
        if record.name.rstrip(".") == zone.name.rstrip("."):
            record.name = f"{shared}."
    zone.name = f"{shared}."


def _certificate(arn: str, domain_name: str) -> None:
    _, _, _, region, account_id, _ = arn.split(":", 5)
    certificates = acm_backends[account_id][region]._certificates
    if arn not in certificates:
        bundle = CertBundle.generate_cert(domain_name, account_id=account_id, region=region)
        bundle.arn, bundle.status = arn, "ISSUED"
        certificates[arn] = bundle


def _state_bucket(name: str, region: str) -> None:
    backend = s3_backends[DEFAULT_ACCOUNT_ID][PARTITION]
    if name not in backend.buckets:
        backend.create_bucket(name, region)
        backend.put_bucket_versioning(name, "Enabled")


KINDS: dict[str, Callable[..., None]] = {
    "ecr-repository": _repository,
    "ecr-image": _created_image,
    "hosted-zone": _hosted_zone,
    "certificate": _certificate,
    "rotation-target": seed_rotation_target,
    "state-bucket": _state_bucket,
}
