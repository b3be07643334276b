"""One emulator per process, and the gateway stack, which has secrets, cut down to what is applied in seconds."""

from collections.abc import Iterator
from typing import Any

import pytest

from delivery.sandbox.emulator import Emulator
from tests.integration.faults.reduced import reduced
from tests.integration.faults.world import KINDS, World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with Emulator.start() as emulator:
        yield World(emulator, tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def stack(gateway: dict[str, Any]) -> dict[str, Any]:
    return reduced(gateway, KINDS)
