"""A mistake before it has a place: what a check finds, by key path; the loader adds file, line and column."""

from dataclasses import dataclass

from infra.settings.errors import KeyPath


@dataclass(frozen=True)
class Problem:
    """One mistake at one key path. The words are those of SettingsError."""

    path: KeyPath
    problem: str
    found: str
    allowed: str
    remedy: str
