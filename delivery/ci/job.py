"""The job that a command runs in, as GitHub describes it in variables and in the file of the event.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from delivery.ci.github import GitHub
from delivery.errors import UserError

ALLOWED_ADDRESSES = ("https://", "http://127.0.0.1:")


def github_of(environment: Mapping[str, str]) -> GitHub:
    """The repository of the job, with the job's token. UserError when a variable is missing."""
    api_url = _variable(environment, "GITHUB_API_URL")
    if not api_url.startswith(ALLOWED_ADDRESSES):
        raise UserError("a token is not sent there", "GITHUB_API_URL", api_url, " or ".join(ALLOWED_ADDRESSES))
    return GitHub(api_url, _variable(environment, "GITHUB_REPOSITORY"), _variable(environment, "GITHUB_TOKEN"))


def pull_request_number(environment: Mapping[str, str]) -> int:
    """The number of the pull request that the job is about. UserError where it is about none."""
    file = Path(_variable(environment, "GITHUB_EVENT_PATH"))
    try:
        return int(json.loads(file.read_text(encoding="utf-8"))["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise UserError("the event is about no pull request", str(file), reason, "an event pull_request") from error


def run_number(environment: Mapping[str, str]) -> int:
    """How many runs the workflow has had; the same when a run is tried again, so that it finds its deployment."""
    text = _variable(environment, "GITHUB_RUN_NUMBER")
    if not (text.isascii() and text.isdigit()):
        raise UserError("not the number of a run", "GITHUB_RUN_NUMBER", text, "digits")
    return int(text)


def run_address(environment: Mapping[str, str]) -> str:
    """Where people see the run."""
    server, repository = _variable(environment, "GITHUB_SERVER_URL"), _variable(environment, "GITHUB_REPOSITORY")
    return f"{server}/{repository}/actions/runs/{_variable(environment, 'GITHUB_RUN_ID')}"


def hand_on(environment: Mapping[str, str], name: str, value: str) -> None:
    """Set a variable for the steps that follow in the job; outside of a job nothing follows."""
    file = environment.get("GITHUB_ENV")
    if not file:
        return
    if "\n" in value:
        raise UserError("a variable for the next steps has one line", name, repr(value))
    with Path(file).open("a", encoding="utf-8") as variables:
        variables.write(f"{name}={value}\n")


def _variable(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise UserError("the variable is not set", name, mend="The command is for a job of GitHub Actions")
    return value
