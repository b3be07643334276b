"""What the checks of meaning look at: the settings as far as they are sound in form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from infra.settings.model import Settings
from infra.settings.problem import Problem


@dataclass(frozen=True)
class Subject:
    """Settings whose damaged parts are None: whole sections, or single fields of a service."""

    settings: Settings
    service_names: frozenset[str]  # all that are written, those left out of `settings` too
    damaged_sections: frozenset[str]  # "suffix" among them
    damaged_fields: Mapping[str, frozenset[str]]  # service name -> its fields that are None

    def without_damage_in(self, fields: frozenset[str]) -> "Subject":
        """The same with only those services whose `fields` are sound."""
        services = (service for service in self.settings.services if not self.damaged_fields[service.name] & fields)
        return replace(self, settings=replace(self.settings, services=tuple(services)))


def is_elsewhere(arn: str | None, region: str) -> TypeGuard[str]:
    """Whether an ARN is given, and of another region."""
    return bool(arn) and str(arn).split(":")[3] != region


@dataclass(frozen=True)
class Check:
    """One question about the settings. What it reads decides when it can be asked.

    `sections` must be sound. Services of which one of the `fields` is damaged are left out; with `every_service` the
    question is not asked then.
    """

    find: Callable[[Subject], Iterator[Problem]]
    sections: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    every_service: bool = False

    def ask(self, subject: Subject) -> Iterator[Problem]:
        """Problems found in what is sound."""
        if subject.damaged_sections & self.sections:
            return
        sound = subject.without_damage_in(self.fields)
        if self.every_service and not 0 < len(sound.settings.services) == len(subject.service_names):
            return
        yield from self.find(sound)


def check(
    find: Callable[[Subject], Iterator[Problem]], sections: str = "", fields: str = "", every_service: bool = False
) -> Check:
    """A Check from names separated by spaces."""
    return Check(find, frozenset(sections.split()), frozenset(fields.split()), every_service)
