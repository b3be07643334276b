"""A settings file and a suffix to `Settings`, or every mistake in them at once."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from infra.settings.building import build, build_service, merge, missing_keys
from infra.settings.document import Document, read_document
from infra.settings.errors import KeyPath, SettingsError, SettingsErrors, make_error, show_value
from infra.settings.meaning import meaning_problems
from infra.settings.meaning.subject import Subject
from infra.settings.model import Capacity, Discovery, ImageScan, LoadBalancer, Logs, Network, Registry, Settings
from infra.settings.problem import Problem
from infra.settings.schema import LISTED_TWICE, schema_problems

SUFFIX_SOURCE = "--suffix or ENVIRONMENT_SUFFIX"
_SERVICES, _DEFAULTS = "services", "service_defaults"
# One DNS label; "s3alias" and "-s3" at the end are reserved in bucket names.
_SUFFIX = re.compile(r"(?!.*s3alias$)[a-z0-9]([a-z0-9]|-(?=[a-z0-9])){0,62}")
_SECTIONS: dict[str, type[Any]] = {
    "network": Network,
    "capacity": Capacity,
    "logs": Logs,
    "load_balancer": LoadBalancer,
    "registry": Registry,
    "discovery": Discovery,
    "image_scan": ImageScan,
}


def load_settings(path: Path, suffix: str | None) -> Settings:
    """Raises SettingsErrors with every mistake of form and meaning that can be told apart."""
    document = read_document(path)
    problems = [*schema_problems(document.data), *_suffix_problems(suffix)]
    merged = _merged_services(document.data)
    problems += [problem for name, data in merged.items() for problem in _gaps(name, data)]
    subject = _subject(document.data, merged, suffix or "", path.parent, _broken(problems))
    problems += meaning_problems(subject)
    if problems:
        raise SettingsErrors(_located(document, problem) for problem in problems)
    return subject.settings


def _suffix_problems(suffix: str | None) -> list[Problem]:
    if suffix and _SUFFIX.fullmatch(suffix):
        return []
    problem, found = ("is not DNS-safe", show_value(suffix)) if suffix else ("is missing", "nothing")
    allowed = "lowercase letters, digits and single dashes inside, at most 63, not ending in s3alias"
    return [Problem(("suffix",), problem, found, allowed, "pass --suffix pr42, or set ENVIRONMENT_SUFFIX=pr42")]


def _merged_services(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    services, defaults = data.get(_SERVICES), data.get(_DEFAULTS, {})
    if not isinstance(services, dict) or not isinstance(defaults, dict):
        return {}
    return {name: merge(defaults, own) for name, own in services.items() if isinstance(own, dict)}


def _gaps(name: str, merged: dict[str, Any]) -> list[Problem]:
    """Keys that neither the service nor the defaults give."""
    allowed = "a value here or in service_defaults"
    return [
        Problem((_SERVICES, name, *path), "is missing", "nothing", allowed, "add the key to one of the two")
        for path in missing_keys(merged)
    ]


def _broken(problems: list[Problem]) -> list[KeyPath]:
    """Where values cannot be used. What a service lists twice can be: its other entries are worth checking."""
    of_services = (_SERVICES, _DEFAULTS)
    return [each.path for each in problems if each.problem != LISTED_TWICE or each.path[0] not in of_services]


def _subject(
    data: dict[str, Any], merged: dict[str, dict[str, Any]], suffix: str, folder: Path, broken: list[KeyPath]
) -> Subject:
    """What is sound, built. A check never looks at what is None here, because it says what it reads."""
    sections = frozenset(str(path[0]) for path in broken)
    unusable = {path[1] for path in broken if path[0] == _SERVICES and len(path) == 2}
    fields_of = {name: _damaged_fields(name, broken) for name in merged if name not in unusable}
    parts: dict[str, Any] = {field.name: data.get(field.name) for field in fields(Settings)}
    for name, kind in _SECTIONS.items():
        parts[name] = build(kind, data[name]) if name in data and name not in sections else None
    services = tuple(build_service(name, merged[name], damaged) for name, damaged in fields_of.items())
    parts |= {"suffix": suffix, "folder": folder, _SERVICES: services}
    written = data.get(_SERVICES)
    names = frozenset(written) if isinstance(written, dict) else frozenset()
    return Subject(Settings(**parts), names, sections, fields_of)


def _damaged_fields(name: str, broken: list[KeyPath]) -> frozenset[str]:
    own = {str(path[2]) for path in broken if path[:2] == (_SERVICES, name) and len(path) > 2}
    inherited = {str(path[1]) for path in broken if path[0] == _DEFAULTS and len(path) > 1}
    return frozenset(own | inherited)


def _located(document: Document, problem: Problem) -> SettingsError:
    """The error at the key that the value was written under: a default is blamed where it stands, and once."""
    if problem.path == ("suffix",):
        words = (problem.problem, problem.found, problem.allowed, problem.remedy)
        return make_error(SUFFIX_SOURCE, (), None, *words)
    path = problem.path
    in_defaults: KeyPath = (_DEFAULTS, *path[2:])
    if path[0] == _SERVICES and path not in document.values and in_defaults in document.values:
        path = in_defaults
    position = document.position(path)
    return make_error(document.file, path, position, problem.problem, problem.found, problem.allowed, problem.remedy)
