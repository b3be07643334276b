"""What GitHub would give a job: contexts for expressions, variables for programs, an account once it has signed in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delivery.ci.dry_run.github import TOKEN
from delivery.ci.dry_run.workflow import Workflow

REPOSITORY = "example/paygate"
REGION = "us-east-1"
RUN_NUMBER = "12"
# What the owners of a repository set; --var replaces one. The roles are taken on by a step that is simulated.
VARIABLES = {
    "AWS_REGION": REGION,
    "PAYGATE_SUFFIX": "dry",
    "PAYGATE_ROLE_ARN": "arn:aws:iam::123456789012:role/paygate-ci",
    "PAYGATE_PLAN_ROLE_ARN": "arn:aws:iam::123456789012:role/paygate-plan",
    "PAYGATE_NIGHTLY_PLATFORMS": '["payments", "gateway"]',
}
_NOT_PASSED_ON = ("AWS_", "GITHUB_", "ENVIRONMENT_SUFFIX", "PAYGATE_TARGET", "PAYGATE_SETTINGS", "TOX_", "PYTEST_")


@dataclass(frozen=True)
class Account:
    """Where simulated jobs work: the address of a stand-in for GitHub, and what a step that has signed in sees of AWS.

    folder: for the files that GitHub and a job exchange.
    """

    github_url: str
    signed_in: Mapping[str, str]
    folder: Path


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would make a step believe in another account, run or deployment."""
    return {name: value for name, value in environment.items() if not name.startswith(_NOT_PASSED_ON)}


def contexts(workflow: Workflow, inputs: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, Any]:
    """The contexts that all jobs of a run share."""
    event = {"pull_request": {"number": 1, "head": {"repo": {"full_name": REPOSITORY}}}}
    chosen = {name: _default(choice) for name, choice in workflow.inputs.items()}
    return {
        "github": {"repository": REPOSITORY, "event": event, "event_name": workflow.events[0], "token": TOKEN},
        "inputs": {**chosen, **inputs},
        "vars": {**VARIABLES, **variables},
    }


def variables_of(workflow: Workflow, account: Account) -> dict[str, str]:
    """The variables that every step has."""
    event_file = account.folder / "event.json"
    event_file.write_text(json.dumps(contexts(workflow, {}, {})["github"]["event"]), encoding="utf-8")
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": account.github_url,
        "GITHUB_EVENT_NAME": workflow.events[0],
        "GITHUB_EVENT_PATH": str(event_file),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "1",
        "GITHUB_RUN_NUMBER": RUN_NUMBER,
        "GITHUB_SERVER_URL": "https://github.com",
    }


def _default(choice: Mapping[str, Any]) -> str:
    options = choice.get("options") or [""]
    return str(choice.get("default", options[0]))
