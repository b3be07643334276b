"""The payments stack as these tests read it, and stacks of edited settings."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.app import synthesize
from infra.settings import load
from tests.conftest import PAYMENTS, SUFFIX
from tests.unit.infra.stack import Stack

Document = dict[str, Any]
Edit = Callable[[Document], object]


@pytest.fixture
def stack(payments: dict[str, Any]) -> Stack:
    return Stack(payments)


@pytest.fixture(scope="session")
def settings_document() -> Document:
    """The settings file of payments in production, as plain data."""
    document: Document = yaml.safe_load(PAYMENTS.read_text())
    return document


@pytest.fixture
def edited(settings_document: Document, tmp_path: Path) -> Callable[[Edit], Stack]:
    """Edit the settings of payments, and synthesize them in this process."""

    def synthesize_edited(edit: Edit) -> Stack:
        document = copy.deepcopy(settings_document)
        edit(document)
        file = tmp_path / "edited.yaml"
        file.write_text(json.dumps(document))  # JSON is YAML with every text in quotes
        return Stack(json.loads(synthesize(load(file, SUFFIX), tmp_path / "out").read_text()))

    return synthesize_edited
