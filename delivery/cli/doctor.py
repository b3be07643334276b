"""`paygate doctor`: what is missing on this machine or in the account, and how to get it."""

import json
import os
from pathlib import Path

import click

from delivery.doctor import account, local
from delivery.doctor.check import Place, Result, State, examine
from delivery.errors import EXIT_FAILED

DEFAULT_REGION = "us-east-1"


@click.command("doctor")
@click.option("--aws/--no-aws", default=None, help="Examine the account too (default: when there are credentials).")
@click.option("--region", help=f"Region of the account (default: $AWS_REGION, else {DEFAULT_REGION}).")
@click.option("--plugin-dir", type=click.Path(path_type=Path), help="Provider mirror folder (or $PAYGATE_PLUGIN_DIR).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(aws: bool | None, region: str | None, plugin_dir: Path | None, as_json: bool) -> int:
    """Check what the other commands need, and say what is missing and how to get it.

    Changes nothing. Exit code 0 when nothing is missing, 1 when something is.
    """
    place = Place(
        folder=Path.cwd(),
        environment=os.environ,
        region=region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION,
        plugin_folder=plugin_dir,
    )
    with_account = account.credentials_are_there(os.environ) if aws is None else aws
    results = tuple(examine([*local.CHECKS, *(account.CHECKS if with_account else ())], place))
    click.echo(_as_json(results) if as_json else _as_text(results, with_account))
    return EXIT_FAILED if any(result.found.state is State.MISSING for result in results) else 0


def _as_text(results: tuple[Result, ...], with_account: bool) -> str:
    width = max(len(result.name) for result in results)
    lines = []
    for name, found in ((result.name, result.found) for result in results):
        lines.append(f"{found.state:<8} {name:<{width}}  {found.text}")
        if found.mend:
            lines.append(f"{'':<8} {'':<{width}}  {found.mend}")
    if not with_account:
        lines.append("\nNo AWS credentials were found, and the account was not examined. The sandbox needs none.")
    return "\n".join(lines)


def _as_json(results: tuple[Result, ...]) -> str:
    rows = [
        {"check": result.name, "state": result.found.state, "text": result.found.text, "mend": result.found.mend}
        for result in results
    ]
    return json.dumps({"checks": rows}, indent=2)
