"""The gate of image scans as a whole: a plan, ECR, and the list of accepted findings, to one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from delivery.aws import clients
from delivery.errors import UserError
from delivery.processes.interrupts import Cancellation
from delivery.scan.images import Image, images_of_plan
from delivery.scan.registry import Registry
from delivery.scan.settings import ScanSettings
from delivery.scan.verdict import ScanVerdict, conclude
from delivery.scan.waiting import POLL_SECONDS, pausing, wait_for_scans
from policies.errors import GateError
from policies.image_findings import ACCEPTED, Acceptance, load_acceptances

SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True)
class ScanRequest:
    """What to judge, and by what.

    shown: `terraform show -json` of the plan that will be applied; source: where it stands, for messages.
    environment: of a program that reaches the right AWS; region: "" takes that of the images.
    acceptances: the list of accepted findings.
    """

    shown: Any
    source: Path
    settings: ScanSettings
    environment: Mapping[str, str]
    region: str = ""
    cancellation: Cancellation | None = None
    acceptances: Path = ACCEPTED
    poll_seconds: float = POLL_SECONDS


def judge_images(request: ScanRequest, today: date) -> ScanVerdict:
    """The verdict about every image that the plan is about to run.

    Waits up to the minutes of the settings for scans that are under way. UserError when plan or list cannot be read, or
    AWS cannot be asked; Interrupted when the run is cancelled.
    """
    accepted = _acceptances(request.acceptances)
    images = images_of_plan(request.shown, request.source)
    region = request.region or region_of_images(images)
    registry = Registry(clients(request.environment, region), region)
    scans = wait_for_scans(
        registry.scan_of,
        images,
        request.settings.wait_minutes * SECONDS_PER_MINUTE,
        pausing(request.cancellation),
        poll_seconds=request.poll_seconds,
    )
    return conclude(scans, request.settings.block_severity, accepted, today)


def region_of_images(images: tuple[Image, ...]) -> str:
    """The one region that the images lie in. UserError when they lie in none, or in several."""
    regions = sorted({image.place.region for image in images if image.place})
    if len(regions) != 1:
        raise UserError(
            "the images do not tell one region to ask in",
            found=", ".join(regions) or ", ".join(image.text for image in images),
            allowed="images of one private registry of ECR",
        )
    return regions[0]


def _acceptances(path: Path) -> tuple[Acceptance, ...]:
    try:
        return load_acceptances(path)
    except GateError as error:
        raise UserError(str(error)) from error
