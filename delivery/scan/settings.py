"""What the settings file says about scans."""

from dataclasses import dataclass
from pathlib import Path

from delivery.errors import UserError
from delivery.scan.severity import SEVERITIES

LONGEST_WAIT_MINUTES = 60

# The whole file has a schema of its own, which the synthesis checks; this is the part that the gate depends on.
_SCHEMA = {
    "type": "object",
    "properties": {
        "image_scan": {
            "type": "object",
            "additionalProperties": False,
            "required": ["block_severity", "wait_minutes"],
            "properties": {
                "block_severity": {"enum": list(SEVERITIES)},
                "wait_minutes": {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT_MINUTES},
            },
        }
    },
}


@dataclass(frozen=True)
class ScanSettings:
    """block_severity: findings of this severity and graver stop a deployment; wait_minutes: longest wait for scans."""

    block_severity: str
    wait_minutes: int


def scan_settings_of(settings_file: Path) -> ScanSettings | None:
    """The `image_scan` block of a settings file; None without one. UserError when it cannot be read."""
    from policies.errors import GateError
    from policies.yaml_file import read_checked_yaml

    try:
        block = read_checked_yaml(settings_file, _SCHEMA).get("image_scan")
    except GateError as error:
        raise UserError(str(error)) from error
    return ScanSettings(**block) if block else None
