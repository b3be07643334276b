"""The image_scan block of a settings file."""

import json
from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.scan.settings import LONGEST_WAIT_MINUTES, ScanSettings, scan_settings_of
from delivery.scan.severity import SEVERITIES
from tests.conftest import GATEWAY, PAYMENTS

pytestmark = pytest.mark.clause("G.2.4", proof="test")


def file(folder: Path, content: str) -> Path:
    path = folder / "settings.yaml"
    path.write_text(content)
    return path


def test_the_block_is_read_and_the_rest_is_not(tmp_path: Path) -> None:
    content = "platform: gateway\nimage_scan: {block_severity: LOW, wait_minutes: 3}\n"
    assert scan_settings_of(file(tmp_path, content)) == ScanSettings("LOW", 3)


def test_settings_without_the_block_ask_for_nothing(tmp_path: Path) -> None:
    assert scan_settings_of(file(tmp_path, "platform: gateway\n")) is None


def test_gateway_asks_for_it() -> None:
    assert scan_settings_of(GATEWAY) == ScanSettings("HIGH", 10)
    assert scan_settings_of(PAYMENTS) is None


def test_the_schema_of_the_settings_allows_the_same() -> None:
    schema = json.loads(GATEWAY.with_name("settings.schema.json").read_text())
    properties = schema["properties"]["image_scan"]["properties"]
    assert properties["block_severity"]["enum"] == list(SEVERITIES)
    assert properties["wait_minutes"]["maximum"] == LONGEST_WAIT_MINUTES


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    "content",
    [
        "image_scan:\n",
        "image_scan: {}\n",
        "image_scan: HIGH\n",
        "image_scan: {block_severity: HIGH}\n",
        "image_scan: {wait_minutes: 1}\n",
        "image_scan: {block_severity: high, wait_minutes: 1}\n",
        "image_scan: {block_severity: HIGH, wait_minutes: -1}\n",
        "image_scan: {block_severity: HIGH, wait_minutes: 61}\n",
        "image_scan: {block_severity: HIGH, wait_minutes: .inf}\n",
        "image_scan: {block_severity: HIGH, wait_minutes: true}\n",
        "image_scan: {block_severity: HIGH, wait_minutes: 1, ignore: all}\n",
        "image_scan: {block_severity: HIGH, wait_minutes: 1}\nimage_scan: {block_severity: LOW, wait_minutes: 1}\n",
        "[]\n",
        "{",
    ],
)
def test_a_block_that_says_anything_else_is_one_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match=r"settings\.yaml"):
        scan_settings_of(file(tmp_path, content))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_file_that_is_missing_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        scan_settings_of(tmp_path / "settings.yaml")
