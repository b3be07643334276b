"""The file that `--markdown` names: what a command has to tell, for a pull request or an issue."""

from pathlib import Path

import click

from delivery.errors import UserError
from delivery.files import write_whole
from delivery.lifecycle.delivering import Delivery

markdown_option = click.option(
    "--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Also write it here, for a comment."
)


def write_markdown(file: Path, text: str) -> None:
    """Whole or not at all. UserError when it cannot be written."""
    try:
        write_whole(file, text)
    except OSError as error:
        raise UserError("cannot be written", "--markdown", f"{file}: {error.strerror}") from error


def failures_markdown(run: Delivery, kind: str, title: str) -> str:
    """Under the marker of what could not be told, the steps that failed."""
    from delivery.reporting.markdown import LIMIT_CHARACTERS, Table, code, marker, page

    opening = [marker(kind, run.deployment.stack), f"## {title} of {code(run.deployment.stack)}", "❌ **It failed.**"]
    tables = [
        Table(result.name, ("",), [(code(line.strip()),) for line in result.error.splitlines() if line.strip()])
        for result in run.results
        if result.error
    ]
    return page(opening, tables, LIMIT_CHARACTERS)
