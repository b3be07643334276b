"""From a settings file to a deployment that terraform can work on: a stack, its target, its state, its providers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from delivery.lifecycle.deployment import Deployment, Outcome
from delivery.lifecycle.pipeline import Surroundings
from delivery.lifecycle.target import Target
from delivery.state.bucket import StateObject
from delivery.synthesis import Synthesized, synthesize
from delivery.terraform.mirrors import choose, requirements, search_folders
from delivery.terraform.program import Program, find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import Workspace, read_config


@dataclass(frozen=True)
class Tools:
    """The terraform to run, the folders its providers may come from, and the seconds each plan and apply may take."""

    program: Program
    mirrors: Sequence[Path]
    step_seconds: float


@dataclass(frozen=True)
class Source:
    """A platform and its synthesized stack."""

    platform: str
    settings_file: Path
    suffix: str
    synthesized: Synthesized

    @property
    def region(self) -> str:
        return region_of(read_config(self.synthesized.file))


def find_tools(plugin_folder: Path | None, step_seconds: float, around: Surroundings) -> Tools:
    """UserError where terraform is missing or too old, or the mirror folder that was asked for does not exist."""
    program = find_terraform(around.environment)
    return Tools(program, search_folders(plugin_folder, around.environment), step_seconds)


def synthesized(file: Path, suffix: str, out: Path, around: Surroundings) -> Outcome:
    """Synthesize a settings file below `out`; the data of the outcome is its Source."""
    made = synthesize(file, suffix, out=out, environment=around.environment, cancellation=around.cancellation)
    return Outcome(made.stack, data=Source(platform_of(file), file, suffix, made))


def platform_of(settings_file: Path) -> str:
    """The platform that a settings file names; infra has accepted the file before this reads it."""
    import yaml

    return str(yaml.safe_load(settings_file.read_text(encoding="utf-8"))["platform"])


def open_deployment(
    source: Source, folder: Path, target: Target, state: StateObject, tools: Tools, around: Surroundings
) -> Deployment:
    """A deployment whose terraform works in `folder`, which must not exist. Nothing is run yet.

    Only an emulator may be served by a provider version that the stack does not admit.
    """
    deployment = Deployment(
        platform=source.platform,
        settings_file=source.settings_file,
        suffix=source.suffix,
        stack=source.synthesized.stack,
        stack_file=source.synthesized.file,
        region=target.region,
        environment=target.environment,
        terraform=terraform_for(source.platform, folder, target, tools.program, tools.step_seconds, around),
        state=state,
    )
    wanted = requirements(read_config(source.synthesized.file))
    chosen = choose(wanted, tools.mirrors, tools.program.platform, newest_if_none_admitted=deployment.emulated)
    return replace(deployment, choices=tuple(chosen))


def terraform_for(
    platform: str, workspace: Path, target: Target, program: Program, step_seconds: float, around: Surroundings
) -> Terraform:
    """Terraform in a platform's workspace, reporting to whoever watches."""
    return Terraform(
        program,
        Workspace(workspace),
        target.environment,
        step_seconds,
        target.grace_seconds,
        target.parallelism,
        cancellation=around.cancellation,
        on_event=partial(around.observer.event, platform),
    )


def region_of(config: Mapping[str, Any], otherwise: str = "us-east-1") -> str:
    """The region of the stack's AWS provider; a stack without one is nowhere, and `otherwise` serves as well as any."""
    providers = (config.get("provider") or {}).get("aws") or []
    blocks = providers if isinstance(providers, list) else [providers]
    return next((str(block["region"]) for block in blocks if block.get("region")), otherwise)
