"""`paygate completion`: the script that makes a shell complete commands, options and their values."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

ROOT = Path(__file__).parents[2]
VARIABLE = "_PAYGATE_COMPLETE"  # click's own name for it
SHELLS = ("bash", "zsh", "fish")
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    bash: eval "$(paygate completion bash)" in ~/.bashrc, with paygate on PATH. zsh: the same with zsh in ~/.zshrc.
    fish: paygate completion fish > ~/.config/fish/completions/paygate.fish
    """
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - click has each of SHELLS
    click.echo(found(_cli(), {}, "paygate", VARIABLE).source())


def _cli() -> click.Command:
    from delivery.cli.main import cli

    return cli


def _from(values: Callable[[], Iterable[str]]) -> Complete:
    """A completion from names that are read only when somebody presses the tabulator, and never fails."""

    def complete(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        try:
            return [CompletionItem(value) for value in sorted(set(values())) if value.startswith(begun)]
        except OSError:
            return []

    return complete


def _platforms() -> Iterable[str]:
    return (file.name.split(".")[0] for file in (ROOT / "environments").glob("*.*.yaml"))


def _specs() -> Iterable[str]:
    return (file.stem for file in (ROOT / "policies" / "specs").glob("*.yaml"))


def _rules() -> Iterable[str]:
    """A rule's id is the name of its file with hyphens (a test of the rules holds that), so none is imported."""
    files = (ROOT / "policies" / "rules").rglob("*.py")
    return (file.stem.replace("_", "-") for file in files if not file.stem.startswith("_"))


platforms, specs, rules = _from(_platforms), _from(_specs), _from(_rules)
