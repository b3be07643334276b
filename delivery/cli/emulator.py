"""`paygate emulator`: an emulated AWS for as long as the command runs."""

import shlex
import sys
import time
from typing import TYPE_CHECKING

import click

from delivery.lifecycle.emulated import check_alive, start_emulator
from delivery.processes.interrupts import cancel_on_signals

if TYPE_CHECKING:
    from delivery.sandbox.emulator import Emulator

POLL_SECONDS = 0.5


@click.command("emulator")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Loopback port (default: a free one).")
@click.option("--region", default="us-east-1", show_default=True, help="Region that the printed variables name.")
def command(port: int, region: str) -> None:
    """Run an empty emulated AWS on this machine until it is interrupted; everything in it ends with it.

    Prints the variables that make any program, `paygate deploy` included, take it for AWS.
    """
    with cancel_on_signals():
        started: Emulator = start_emulator(port, detachable=False).data
        with started as emulator:
            _serve(emulator, region)


def _serve(emulator: "Emulator", region: str) -> None:
    for name, value in emulator.environment({}, region).items():
        click.echo(f"export {name}={shlex.quote(value)}")
    sys.stdout.flush()
    while True:
        check_alive(emulator)
        time.sleep(POLL_SECONDS)
