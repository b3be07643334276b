"""The `paygate` command: one click group whose commands are imported only when they are asked for."""

import importlib
import os
import signal
import sys
import traceback
from typing import NoReturn

import click

from delivery.errors import EXIT_UNUSABLE, UserError
from delivery.processes.interrupts import Interrupted

TRACEBACK_VARIABLE = "PAYGATE_TRACEBACK"

# name -> (module:attribute, help line); a command's module is imported when it runs, so `paygate gate` never pays for
# the sandbox, and `paygate --help` pays for none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "synth": ("delivery.cli.synth:command", "Write the Terraform JSON of a platform from its settings file."),
    "gate": ("delivery.cli.gate:command", "Judge Terraform JSON, a plan or a state against the rules of its spec."),
    "scan": ("delivery.cli.scan:command", "Read the scans of the images that a plan is about to run."),
    "deploy": ("delivery.cli.deploy:command", "Judge, plan, judge the plan, apply exactly that plan, and verify."),
    "verify": ("delivery.cli.verify:command", "Hold what AWS has of a stack now against its rules."),
    "destroy": ("delivery.cli.destroy:command", "Destroy a deployed stack."),
    "emulator": ("delivery.cli.emulator:command", "Run an emulated AWS until it is interrupted."),
    "sandbox": ("delivery.cli.sandbox:command", "Synthesize, apply, check and destroy a platform on an emulated AWS."),
}


class LazyGroup(click.Group):
    """A group that knows the names of its commands and imports each on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        loaded: click.Command = getattr(importlib.import_module(module), attribute)
        return loaded

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paygate")
def cli() -> None:
    """Build, judge and deliver payment platforms on ECS Fargate."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; the exit code is 0 for success, 1 for findings, 2 for bad input or a broken gate."""
    sys.exit(exit_code_of(arguments))


def exit_code_of(arguments: list[str] | None = None) -> int:
    """Run one command line. What goes wrong becomes one message on stderr and an exit code, never a traceback."""
    try:
        returned = cli.main(args=arguments, prog_name="paygate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("paygate: interrupted", err=True)
        return Interrupted(signal.SIGINT).exit_code
    except Interrupted as interrupted:
        click.echo(f"paygate: {interrupted}; everything that was started is stopped", err=True)
        return interrupted.exit_code
    except UserError as error:
        click.echo(f"paygate: {error}", err=True)
        return error.exit_code
    except Exception as error:
        return _fault(error)
    return returned if isinstance(returned, int) else 0


def _fault(error: Exception) -> int:
    """An error that nobody foresaw: one line, and the traceback for whoever asks for it."""
    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(error)
    reason = " ".join(str(error).split()) or "no reason given"
    click.echo(
        f"paygate: internal error: {type(error).__name__}: {reason} (set {TRACEBACK_VARIABLE}=1 for the traceback)",
        err=True,
    )
    return EXIT_UNUSABLE
