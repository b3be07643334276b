"""Where the integration tests deploy: the sandbox on this machine, or a real AWS account."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from delivery.checks.live import Live
from delivery.cli.display import show_progress
from delivery.lifecycle.delivering import Delivery, DeliveryRequest, delivery
from delivery.lifecycle.deployment import Deployment, Step, StepResult
from delivery.lifecycle.kept import destroy_kept, reopen
from delivery.lifecycle.pipeline import Surroundings
from delivery.lifecycle.sandbox import SandboxRequest, run_sandbox
from delivery.lifecycle.sequences import APPLYING, DESTROYING, preparing
from delivery.lifecycle.steps import plan_again
from delivery.processes.interrupts import Cancellation
from delivery.synthesis import suffix_of
from delivery.terraform.program import find_terraform
from policies.spec import load_spec
from tests.conftest import GATEWAY, PAYMENTS

SETTINGS_VARIABLE = "PAYGATE_SETTINGS"
GIVEN = dict(os.environ)  # as the run was started: tests/conftest.py takes the suffix away from every other test
STEP_SECONDS = 1200.0
SANDBOX, AWS = "sandbox", "aws"


@dataclass
class Deployed:
    """Deployed platforms by name. `take_down` destroys them and returns what was left behind or failed."""

    target: str
    deployments: Mapping[str, Deployment]
    take_down: Callable[[], list[str]]
    _left: list[str] | None = field(default=None)

    def of(self, platform: str) -> Deployment:
        """The deployment of a platform; where it is none, as in a run on AWS for the other one, a test is skipped."""
        if platform not in self.deployments:
            pytest.skip(f"{platform} is not deployed in this run")
        return self.deployments[platform]

    def live(self, platform: str, suffix: str | None = None) -> Live:
        """AWS as it answers for one of these deployments, or for another suffix in the same place."""
        deployment = self.of(platform)
        return Live(deployment.environment, deployment.region, suffix or deployment.suffix, load_spec(platform))

    def destroy(self) -> list[str]:
        """Take the deployments down, once."""
        if self._left is None:
            self._left = self.take_down()
        return self._left


def deploy(target: str) -> Deployed:
    """Deploy the platforms; AssertionError with the failed steps when one does not come up."""
    targets = {SANDBOX: _deploy_to_sandbox, AWS: _deploy_to_aws}
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

    return _up(Deployed(SANDBOX, deployments, take_down), _failures(report.results))


def _deploy_to_aws() -> Deployed:
    """What `paygate deploy` does, into the account of the environment's credentials.

    Images of repositories that a stack makes have to be pushed by then: the scan of the images stops at those missing.
    """
    stack = contextlib.ExitStack()
    around = Surroundings(os.environ, stack.enter_context(show_progress()), Cancellation())
    named = os.environ.get(SETTINGS_VARIABLE)
    files = [Path(name) for name in named.split(os.pathsep)] if named else [PAYMENTS, GATEWAY]
    suffix = suffix_of(None, GIVEN)
    requests = [DeliveryRequest(file, suffix, step_seconds=STEP_SECONDS) for file in files]
    runs = [stack.enter_context(delivery(request, around)) for request in requests]

    def carry_out(steps_of: Callable[[Delivery], Sequence[Step]]) -> list[str]:
        with ThreadPoolExecutor(len(runs)) as pool:
            list(pool.map(lambda run: run.carry_out(steps_of(run)), runs))
        return [failure for run in runs for failure in _failures(run.report.results)]

    def take_down() -> list[str]:
        with stack:
            return carry_out(lambda _run: DESTROYING)

    deployed = Deployed(AWS, {run.deployment.platform: run.deployment for run in runs}, take_down)
    second = Step("second plan", plan_again)
    return _up(deployed, carry_out(lambda run: (*preparing(requests[0], run.deployment), *APPLYING, second)))


def _up(deployed: Deployed, failures: list[str]) -> Deployed:
    if failures:
        deployed.destroy()
        raise AssertionError("\n".join(["the deployment did not come up:", *failures]))
    return deployed


def _failures(results: tuple[StepResult, ...] | list[StepResult]) -> list[str]:
    return [f"{result.name}: {result.error}" for result in results if result.error]
