"""Surroundings for the tests of gaps in ECS."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.sandbox.surroundings import Surroundings


@pytest.fixture
def surround() -> Callable[[Any], Surroundings]:
    return Surroundings
