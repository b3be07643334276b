"""`paygate scan`: the images of a plan, held against their scans in ECR."""

import os
from datetime import date
from pathlib import Path

import click

from delivery.errors import UserError
from delivery.processes.interrupts import cancel_on_signals
from delivery.scan.gate import ScanRequest, judge_images
from delivery.scan.report import as_json, as_text
from delivery.scan.settings import ScanSettings, scan_settings_of


@click.command("scan")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--settings", type=click.Path(path_type=Path), required=True, help="Settings file, for its image_scan.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON.")
def command(plan: Path, settings: Path, as_data: bool) -> int:
    """Read the scan of every image that PLAN is about to run, with the credentials of the environment.

    PLAN is what `terraform show -json` prints of a plan file. Exit code: 0 every image may run, 1 one may not, 2 they
    could not be judged.
    """
    wanted = _asked_for(settings)
    shown = _read(plan)
    with cancel_on_signals() as cancellation:
        request = ScanRequest(shown, plan, wanted, os.environ, cancellation=cancellation)
        verdict = judge_images(request, date.today())
    click.echo(as_json(verdict) if as_data else as_text(verdict))
    return verdict.exit_code


def _asked_for(settings: Path) -> ScanSettings:
    found = scan_settings_of(settings)
    if found is None:
        raise UserError(
            "the settings ask for no image scan",
            str(settings),
            allowed="image_scan: {block_severity: HIGH, wait_minutes: 10}",
        )
    return found


def _read(plan: Path) -> object:
    from policies.errors import GateError
    from policies.graph.documents import read_json

    try:
        return read_json(plan)
    except GateError as error:
        raise UserError(str(error)) from error
