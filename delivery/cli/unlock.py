"""`paygate unlock`: break the lock of a state whose holder is gone for good."""

import sys

import click

from delivery.aws import clients
from delivery.cli.options import delivery_options, observed
from delivery.errors import EXIT_FAILED, UserError
from delivery.lifecycle.delivering import Delivery, DeliveryRequest, delivery
from delivery.lifecycle.holding import state_of
from delivery.processes.interrupts import cancel_on_signals
from delivery.state.lock import Lock, break_lock, read_lock


@click.command("unlock")
@delivery_options
@click.option("--yes", is_flag=True, help="Break it without asking.")
def command(request: DeliveryRequest, yes: bool) -> int:
    """Show who holds the lock of a stack's state since when, and break it.

    A lock that a run of this machine has left is broken by the next run; this is for those of other machines. Make
    sure that nobody works there any more. Exit code: 0 the state is free, 1 it is not, 2 it could not be tried.
    """
    if not yes and not sys.stdin.isatty():
        raise UserError("nobody is there to be asked", "paygate unlock", mend="Say --yes to break it without asking")
    with cancel_on_signals() as cancellation:
        with observed(cancellation) as around, delivery(request, around) as run:
            state = state_of(run.deployment)
            s3 = clients(run.deployment.environment, state.region)("s3")
            lock = read_lock(s3, state.bucket, state.key)
        if lock is None:
            click.echo(f"the state of {run.deployment.stack} is free")
            return 0
        click.echo(str(lock))
        if not yes and not click.confirm("Break it?"):
            return EXIT_FAILED
        return _told(run, lock, broken=break_lock(s3, state.bucket, state.key, lock))


def _told(run: Delivery, lock: Lock, *, broken: bool) -> int:
    stack = run.deployment.stack
    given_back = f"{lock.who} has given it back meanwhile, and {stack} may be in use again"
    click.echo(f"the lock of {stack} is broken" if broken else given_back)
    return 0 if broken else EXIT_FAILED
