"""Settings files: read, checked by schema and by meaning, and handed on as frozen dataclasses."""

from pathlib import Path

from infra.settings.errors import SettingsError, SettingsErrors
from infra.settings.model import Settings

__all__ = ["Settings", "SettingsError", "SettingsErrors", "load"]


def load(path: Path, suffix: str | None) -> Settings:
    """The settings in a file, deployed under a suffix. Raises SettingsErrors with every mistake at once."""
    from infra.settings.loading import load_settings  # late: YAML and JSON Schema are only needed here

    return load_settings(path, suffix)
