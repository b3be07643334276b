"""`paygate scan` refuses what it cannot judge before it asks AWS."""

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.cli.main import exit_code_of
from tests.unit.delivery.scan.standins import REGISTRY, plan_of

pytestmark = [pytest.mark.clause("G.2.4", proof="test"), pytest.mark.clause("G.9.8", proof="test")]

ASKS = "image_scan: {block_severity: HIGH, wait_minutes: 0}\n"
ELSEWHERE = REGISTRY.replace("us-east-1", "eu-west-1")


@pytest.mark.parametrize(
    ("plan", "settings", "message"),
    [
        (plan_of(a=["nginx"]), "platform: gateway\n", "settings.yaml: the settings ask for no image scan"),
        (plan_of(a=["nginx"]), "image_scan: {}\n", "settings.yaml: the file breaks its schema"),
        ({}, ASKS, "plan.json: not a plan"),
        (plan_of(a=["nginx"]), ASKS, "the images do not tell one region to ask in; found nginx"),
        (
            plan_of(a=[f"{REGISTRY}/a:1", f"{ELSEWHERE}/a:1"]),
            ASKS,
            "the images do not tell one region to ask in; found eu-west-1, us-east-1",
        ),
    ],
)
def test_what_cannot_be_judged_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], plan: dict[str, Any], settings: str, message: str
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "settings.yaml").write_text(settings)
    assert exit_code_of(["scan", str(tmp_path / "plan.json"), "--settings", str(tmp_path / "settings.yaml")]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


@pytest.mark.parametrize(("content", "message"), [(None, "cannot be read"), ("{", "plan.json")])
def test_a_file_that_is_no_json_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "plan.json").write_text(content)
    (tmp_path / "settings.yaml").write_text(ASKS)
    assert exit_code_of(["scan", str(tmp_path / "plan.json"), "--settings", str(tmp_path / "settings.yaml")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "internal error" not in error
