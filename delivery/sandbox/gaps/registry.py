"""All patches, in the order in which they are applied, and the one moto version they were written for."""

import importlib
from importlib import metadata

from delivery.sandbox.gaps.patch import Patch

MOTO_VERSION = "5.2.5"

# Later modules build on earlier ones: the scheduler reads the service fields that ecs_service keeps.
MODULES = (
    "acm",
    "application_autoscaling",
    "ec2",
    "ecr",
    "ecs_service",
    "iam",
    "s3",
    "ecs_task",
    "service_discovery",
    "ecs_scheduler",
    "awslambda",
    "secrets_manager",
    "secret_rotation",
    "events",
    "cloudwatch",
    "logs",
)


class UnsupportedMotoError(Exception):
    """The installed moto is not the one the patches were written for."""


def all_patches() -> tuple[Patch, ...]:
    """Every patch of every module, in order; imports moto."""
    modules = (importlib.import_module(f"delivery.sandbox.gaps.{name}") for name in MODULES)
    return tuple(patch for module in modules for patch in module.PATCHES)


def apply_all() -> None:
    """Patch the moto of this process; UnsupportedMotoError, with nothing changed, when it is another version."""
    installed = metadata.version("moto")
    if installed != MOTO_VERSION:
        raise UnsupportedMotoError(
            f"moto {installed} is installed, but the gap patches are written for moto {MOTO_VERSION} and change its "
            "internals; run `make setup` to install the pinned version"
        )
    for patch in all_patches():
        patch.apply()
