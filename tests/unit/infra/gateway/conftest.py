"""The tests of this folder read the gateway stack."""

from typing import Any

import pytest

from tests.unit.infra.stack import Stack


@pytest.fixture
def stack(gateway: dict[str, Any]) -> Stack:
    return Stack(gateway)
