"""The steps that judge: the synthesized JSON before anything is deployed, and the deployed stack by asking AWS."""

from datetime import date

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError


def gate(deployment: Deployment) -> Outcome:
    """Hold the synthesized JSON against the rules of its spec; only what passes is deployed."""
    from policies.gate import judge
    from policies.report import render

    verdict = judge(deployment.stack_file, today=date.today())
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
