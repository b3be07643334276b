"""`python -m delivery.ci.dry_run [WORKFLOW ...]`: every step of the workflows here, with the emulator as the account.

Exit code 0 when no step failed, 1 when one did, 2 when the workflows could not be read or the emulator did not start.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from delivery.ci.dry_run.github import fake_github
from delivery.ci.dry_run.running import Ending, Plan, StepRun, run_workflow
from delivery.ci.dry_run.surroundings import REGION, Account, clean, contexts, variables_of
from delivery.ci.dry_run.workflow import FOLDER, Workflow, workflows
from delivery.errors import EXIT_FAILED, EXIT_UNUSABLE, UserError

ROOT = FOLDER.parents[1]
BOOTSTRAP = ".venv/bin/paygate bootstrap --yes"  # what an administrator has done before any workflow runs


def main(arguments: list[str] | None = None) -> int:
    """Run the workflows and print how each step ended."""
    options = _parse(arguments)
    try:
        known = workflows()
        if unknown := set(options.workflows) - set(known):
            raise UserError("no such workflow", found=", ".join(sorted(unknown)), allowed=", ".join(known))
        chosen = [known[name] for name in options.workflows or known]
        failed = sum([_run(workflow, options) for workflow in chosen])
    except UserError as error:
        print(f"dry run: {error}", file=sys.stderr)
        return EXIT_UNUSABLE
    print(f"\n{failed} steps failed" if failed else "\nno step failed")
    return EXIT_FAILED if failed else 0


def _run(workflow: Workflow, options: argparse.Namespace) -> int:
    """Run one workflow in an account of its own; how many of its steps failed."""
    from delivery.sandbox.emulator import Emulator, EmulatorError

    print(f"\n{workflow.name}", flush=True)
    base = clean(os.environ)
    try:
        with tempfile.TemporaryDirectory() as folder, fake_github() as github, Emulator.start() as emulator:
            account = Account(github.url, emulator.environment({}, REGION), Path(folder))
            plan = Plan(
                folder=ROOT,
                base={**base, **variables_of(workflow, account)},
                contexts=contexts(workflow, dict(options.inputs), dict(options.variables)),
                account=account,
                left_out=tuple(options.without),
                before=(BOOTSTRAP,),
                on_start=lambda job, title: print(f"  start      {job}: {title}", flush=True),
            )
            failed = [done for done in _told(run_workflow(workflow, plan)) if done.ending is Ending.FAILED]
            for method, path, _ in github.asked:
                print(f"  GitHub was asked: {method} {path}")
    except EmulatorError as error:
        raise UserError(str(error)) from error
    return len(failed)


def _told(runs: Iterable[StepRun]) -> Iterable[StepRun]:
    for done in runs:
        took = f"{done.seconds:7.1f} s" if done.seconds else " " * 9
        print(f"  {done.ending:<9} {took}  {done.job}: {done.title}", flush=True)
        for line in done.lines:
            print(f"      {line}")
        yield done


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/dry-run-workflows",
        description="Run every step of the workflows with the emulator as the account.",
    )
    parser.add_argument("workflows", nargs="*", metavar="WORKFLOW", help="file name without .yml (default: all)")
    parser.add_argument("--without", action="append", default=[], metavar="COMMAND", help="leave this command out")
    parser.add_argument("--input", dest="inputs", action="append", type=_pair, default=[], metavar="NAME=VALUE")
    parser.add_argument("--var", dest="variables", action="append", type=_pair, default=[], metavar="NAME=VALUE")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
