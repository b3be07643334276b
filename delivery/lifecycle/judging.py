"""The steps that judge: JSON and plan before anything is deployed, and after it what AWS has."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.terraform.restored import Lost, lost_arguments, restore_in_plan, restore_in_state
from delivery.terraform.workspace import read_config

if TYPE_CHECKING:
    from policies.verdict import Verdict

STATE_SHOWN = "state.json"


def gate(deployment: Deployment) -> Outcome:
    """Hold the synthesized JSON against the rules of its spec, directly and through Checkov with its built-ins."""
    from policies.checkov_gate import judge_with_checkov

    return _concluded(judge_with_checkov(deployment.stack_file, today=date.today()))


def gate_plan(deployment: Deployment) -> Outcome:
    """Hold the plan against the same rules, provider defaults included; exactly this plan is applied."""
    from delivery.terraform.repeats import without_repeats

    shown = without_repeats(restore_in_plan(deployment.terraform.planned_state(), lost(deployment)))
    return _judge_shown(deployment, "plan.json", shown)


def gate_account(deployment: Deployment) -> Outcome:
    """Hold what AWS has now of the stack, read anew, against the same rules."""
    return _judge_shown(deployment, STATE_SHOWN, _shown_by_aws(deployment))


def verify(deployment: Deployment) -> Outcome:
    """Hold what AWS has now, also what Terraform does not know of the stack, against the same rules, and ask AWS itself
    about everything that the spec states.
    """
    from delivery.verify.judged import judge_deployed

    shown, file = _shown_by_aws(deployment), deployment.terraform.workspace.folder / STATE_SHOWN
    verdict, unmanaged = judge_deployed(shown, deployment.environment, deployment.region, deployment.platform, file)
    judged, asked = _concluded(verdict), check_live(deployment)
    beside = f"{len(unmanaged)} things not in the state" if unmanaged else "nothing beside the state"
    return Outcome(f"{judged.note}, {beside}, {asked.note}", tuple(map(str, unmanaged)))


def lost(deployment: Deployment) -> list[Lost]:
    """What the provider at hand does not know of the stack: judged as the JSON says it."""
    return lost_arguments(read_config(deployment.stack_file), deployment.terraform.workspace.config())


def _shown_by_aws(deployment: Deployment) -> dict[str, Any]:
    return restore_in_state(deployment.terraform.refreshed()["prior_state"], lost(deployment))


def _judge_shown(deployment: Deployment, name: str, shown: dict[str, Any]) -> Outcome:
    """Judge what `terraform show -json` said; it names no stack, so the spec is the platform's."""
    from policies.gate import judge

    file = deployment.terraform.workspace.folder / name
    file.write_text(json.dumps(shown), encoding="utf-8")
    return _concluded(judge(file, today=date.today(), spec_name=deployment.platform))


def _concluded(verdict: "Verdict") -> Outcome:
    from policies.report import render

    if verdict.exit_code:
        raise StepFailedError(render(verdict, "text").strip(), verdict.exit_code)
    return Outcome(f"{len(verdict.rules)} rules, {verdict.resources} resources")


def check_live(deployment: Deployment) -> Outcome:
    """Ask AWS, never Terraform, about everything that the platform's spec states."""
    from delivery.checks.check import run_checks
    from delivery.checks.live import Live
    from policies.errors import GateError
    from policies.spec import load_spec

    try:
        spec = load_spec(deployment.platform)
    except GateError as error:
        raise UserError(str(error)) from error
    results = run_checks(Live(deployment.environment, deployment.region, deployment.suffix, spec))
    failed = [result for result in results if result.problems]
    if failed:
        listed = [f"  {result.check.name}: {problem}" for result in failed for problem in result.problems]
        raise StepFailedError("\n".join([f"{len(failed)} of {len(results)} checks failed:", *listed]))
    return Outcome(f"{len(results)} checks")
