"""The `paygate` command: one click group whose commands are imported only when they are asked for."""

import importlib
import sys
from typing import Any

import click

# name -> (module:attribute, help line); a command's module is imported when it runs, so `paygate gate` never pays for
# the sandbox, and `paygate --help` pays for none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "synth": ("delivery.cli.synth:command", "Write the Terraform JSON of a platform from its settings file."),
    "gate": ("delivery.cli.gate:command", "Judge Terraform JSON, a plan or a state against the rules of its spec."),
    "sandbox": ("delivery.cli.sandbox:command", "Synthesize, apply, check and destroy a platform on an emulated AWS."),
}


class LazyGroup(click.Group):
    """A group that knows the names of its commands and imports each on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        loaded: click.Command = getattr(importlib.import_module(module), attribute)
        return loaded

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paygate")
def cli() -> None:
    """Build, judge and deliver payment platforms on ECS Fargate."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; the exit code is 0 for success, 1 for findings, 2 for bad input or a broken gate."""
    sys.exit(cli.main(args=arguments, prog_name="paygate"))
