"""The settings of the bootstrap stack: one file, read and checked like those of the platforms."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.settings.errors import SettingsErrors, make_error

SCHEMA_PATH = Path(__file__).parents[2] / "environments" / "bootstrap.schema.json"
STACK_NAME = "bootstrap"


@dataclass(frozen=True)
class State:
    """keep_versions_days: how long a state that was written over can be brought back."""

    keep_versions_days: int


@dataclass(frozen=True)
class GitHub:
    """Whose workflows may take on the CI role: repository is owner/name, or owner@ID/name@ID."""

    repository: str
    create_provider: bool
    branches: tuple[str, ...]
    environments: tuple[str, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The `sub` claims of these workflows, each whole.

        GitHub names a repository that was created, renamed or transferred after 2026-07-15 together with the numbers of
        owner and repository, so that nobody can take over a name that was given up.

        Source: https://docs.github.com/en/actions/reference/security/oidc (example subject claims; 2026-11-26)
        """
        branches = [f"repo:{self.repository}:ref:refs/heads/{branch}" for branch in self.branches]
        return (*branches, *(f"repo:{self.repository}:environment:{name}" for name in self.environments))


@dataclass(frozen=True)
class Deploys:
    """What CI may deploy. suffixes: `prod`, `nightly-*`; repositories: names or beginnings with /*, to read only."""

    suffixes: tuple[str, ...]
    tags: Mapping[str, str]
    hosted_zones: tuple[str, ...]
    repositories: tuple[str, ...]


@dataclass(frozen=True)
class BootstrapSettings:
    """Everything in environments/bootstrap.yaml; environments/bootstrap.schema.json says what each key means."""

    region: str
    names_prefix: str
    tags: Mapping[str, str]
    state: State
    github: GitHub
    deploys: Deploys


def load(path: Path) -> BootstrapSettings:
    """Raises SettingsErrors with every mistake at once. YAML and JSON Schema are imported here and not before."""
    from infra.settings.building import build
    from infra.settings.document import read_document
    from infra.settings.schema import schema_problems

    document = read_document(path)
    problems = schema_problems(document.data, SCHEMA_PATH)
    if problems:
        raise SettingsErrors(
            make_error(
                document.file,
                each.path,
                document.position(each.path),
                each.problem,
                each.found,
                each.allowed,
                each.remedy,
            )
            for each in problems
        )
    return build(BootstrapSettings, document.data)
