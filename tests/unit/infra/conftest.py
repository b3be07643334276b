"""The payments stack as these tests read it, and stacks of edited settings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.settings.model import Settings
from tests.conftest import PAYMENTS, SUFFIX
from tests.unit.infra.stack import Stack


@pytest.fixture
def stack(payments: dict[str, Any]) -> Stack:
    return Stack(payments)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of payments in production."""
    from infra.settings import load

    return load(PAYMENTS, SUFFIX)


@pytest.fixture
def synthesized(tmp_path: Path) -> Callable[[Settings], Stack]:
    """Synthesize other settings, in this process."""
    import json

    from infra.app import synthesize

    return lambda settings: Stack(json.loads(synthesize(settings, tmp_path).read_text()))
