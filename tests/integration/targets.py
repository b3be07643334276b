"""Where the integration tests deploy: the sandbox on this machine, or a real AWS account."""

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from delivery.checks.live import Live
from delivery.cli.display import show_progress
from delivery.lifecycle.deployment import Deployment, StepResult
from delivery.lifecycle.emulated import terraform_for
from delivery.lifecycle.judging import gate, gate_plan, gate_state
from delivery.lifecycle.kept import destroy_kept, reopen
from delivery.lifecycle.pipeline import Surroundings, run_side_by_side
from delivery.lifecycle.repositories import create_repositories
from delivery.lifecycle.runs import CACHE_FOLDER, new_run_folder
from delivery.lifecycle.sandbox import SandboxRequest, platform_of, run_sandbox
from delivery.lifecycle.scanning import scan_images
from delivery.lifecycle.steps import DESTROY, Step, apply, initialize, plan, plan_again, region_of
from delivery.processes.interrupts import Cancellation
from delivery.synthesis import suffix_of, synthesize
from delivery.terraform.program import find_terraform
from delivery.terraform.workspace import read_config
from policies.spec import load_spec
from tests.conftest import GATEWAY, PAYMENTS

SETTINGS_VARIABLE = "PAYGATE_SETTINGS"
STEP_SECONDS = 1200.0
AWS_GRACE_SECONDS = 600.0  # an interrupted terraform finishes what is in flight and writes its state
AWS_PARALLELISM = 10  # terraform's own default; AWS throttles more


@dataclass
class Deployed:
    """Deployed platforms by name. `take_down` destroys them and returns what was left behind or failed."""

    deployments: Mapping[str, Deployment]
    take_down: Callable[[], list[str]]
    _left: list[str] | None = field(default=None)

    def live(self, platform: str, suffix: str | None = None) -> Live:
        """AWS as it answers for one of these deployments, or for another suffix in the same place."""
        deployment = self.deployments[platform]
        return Live(deployment.environment, deployment.region, suffix or deployment.suffix, load_spec(platform))

    def destroy(self) -> list[str]:
        """Take the deployments down, once."""
        if self._left is None:
            self._left = self.take_down()
        return self._left


def deploy(target: str) -> Deployed:
    """Deploy the platforms; AssertionError with the failed steps when one does not come up."""
    targets = {"sandbox": _deploy_to_sandbox, "aws": _deploy_to_aws}
    if target not in targets:
        raise ValueError(f"PAYGATE_TARGET is {target!r}; allowed: {', '.join(targets)}")
    return targets[target]()


def _deploy_to_sandbox() -> Deployed:
    stack = contextlib.ExitStack()
    around = Surroundings(os.environ, stack.enter_context(show_progress()), Cancellation())
    report = run_sandbox(SandboxRequest((PAYMENTS, GATEWAY), "itest", keep=True, step_seconds=STEP_SECONDS), around)
    kept = report.kept
    assert kept is not None
    program = find_terraform(os.environ)
    deployments = {each.platform: reopen(each, program, around, STEP_SECONDS) for each in kept.stacks}

    def take_down() -> list[str]:
        with stack:
            return _failures(destroy_kept(kept, around, STEP_SECONDS).results)

    return _up(Deployed(deployments, take_down), _failures(report.results))


def _deploy_to_aws() -> Deployed:
    """The same steps with the account's own credentials and providers from a registry or mirror that has them.

    Images of repositories that a stack makes have to be pushed by then: the scan of the images stops at those missing.
    """
    stack = contextlib.ExitStack()
    around = Surroundings(os.environ, stack.enter_context(show_progress()), Cancellation())
    named = os.environ.get(SETTINGS_VARIABLE)
    files = [Path(name) for name in named.split(os.pathsep)] if named else [PAYMENTS, GATEWAY]
    folder = new_run_folder("aws")
    deployments = [_on_aws(file, folder, around) for file in files]

    def run(*steps: Step) -> list[str]:
        return _failures(run_side_by_side(deployments, steps, around))

    def take_down() -> list[str]:
        with stack:
            failures = run(DESTROY)
            if not failures:  # a state that still holds something is the only way back to it
                shutil.rmtree(folder)
            return failures

    steps = (
        Step("gate", gate),
        Step("init", partial(initialize, cache_folder=CACHE_FOLDER)),
        Step("repositories", partial(create_repositories, fill=lambda _stack_file: [])),
        Step("plan", plan),
        Step("gate of the plan", gate_plan),
        Step("image scan", scan_images),
        Step("apply", apply),
        Step("gate of the state", gate_state),
        Step("second plan", plan_again),
    )
    return _up(Deployed({each.platform: each for each in deployments}, take_down), run(*steps))


def _on_aws(settings: Path, folder: Path, around: Surroundings) -> Deployment:
    suffix, platform = suffix_of(None, os.environ), platform_of(settings)
    made = synthesize(settings, suffix, out=folder / f"synth-{platform}", environment=os.environ)
    program = find_terraform(os.environ)
    terraform = replace(
        terraform_for(platform, folder / platform, program, os.environ, STEP_SECONDS, around, AWS_GRACE_SECONDS),
        parallelism=AWS_PARALLELISM,
    )
    region = region_of(read_config(made.file))
    return Deployment(platform, settings, suffix, made.stack, made.file, region, os.environ, terraform)


def _up(deployed: Deployed, failures: list[str]) -> Deployed:
    if failures:
        deployed.destroy()
        raise AssertionError("\n".join(["the deployment did not come up:", *failures]))
    return deployed


def _failures(results: tuple[StepResult, ...] | list[StepResult]) -> list[str]:
    return [f"{result.name}: {result.error}" for result in results if result.error]
