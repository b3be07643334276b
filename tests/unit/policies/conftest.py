"""Fixtures of the gate's tests: stand-in rules, and stacks written to files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policies import gate
from policies.registry import LoadedRule
from tests.unit.policies.standins import INSIGHTS, STACK


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the gate know only these rules, and the one that its self-proof needs."""

    def only_these(*loaded: LoadedRule) -> None:
        monkeypatch.setattr(gate, "all_rules", lambda: (INSIGHTS, *loaded))

    return only_these


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a stack (a document, or text) as cdk.tf.json and gives its folder."""

    def write(document: Any = STACK, name: str = "cdk.tf.json") -> Path:
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        (tmp_path / name).write_text(text)
        return tmp_path

    return write
