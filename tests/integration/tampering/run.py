"""Runs the table over deployed stacks: one change at a time, each judged while the one before it is taken back."""

import json
import threading
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from delivery.aws import clients
from delivery.lifecycle.deployment import Deployment
from delivery.lifecycle.judging import lost
from delivery.terraform.restored import restore_in_state
from delivery.terraform.workspace import REFRESH_FILE
from delivery.verify import judge_deployed
from policies.verdict import Verdict
from tests.integration.tampering.change import Change, Target, Undo

FILE = "verified.json"
# One at a time: boto sessions are not made for several threads. Terraform, which takes longest, runs side by side.
JUDGING = threading.Lock()


@dataclass(frozen=True)
class Seen:
    """What a verification saw: (rule, address) of each finding, the rules that could not judge something, the notes."""

    findings: frozenset[tuple[str, str]]
    unread: frozenset[str]
    notes: tuple[str, ...]

    @property
    def rules(self) -> frozenset[str]:
        return frozenset(rule for rule, _ in self.findings)


@dataclass(frozen=True)
class Course:
    """A platform's table from its beginning to its end: what was seen before, with each change, and after the last."""

    before: Seen
    changed: Mapping[str, Seen]
    after: Seen


def run_side_by_side(deployments: Mapping[str, Deployment], changes: Iterable[Change]) -> dict[str, Course]:
    """Each platform's changes in a thread of its own; the course of each platform by its name."""
    table = {name: [each for each in changes if each.platform == name] for name in deployments}
    with ThreadPoolExecutor(len(deployments)) as pool:
        running = {name: pool.submit(run, deployment, table[name]) for name, deployment in deployments.items()}
        return {name: future.result() for name, future in running.items()}


def run(deployment: Deployment, changes: Iterable[Change]) -> Course:
    """Make every change, verify, take it back. What is made is taken back, whatever happens."""
    state = _refreshed(deployment)
    target = Target(deployment, clients(deployment.environment, deployment.region), _by_address(state))
    before, changed = _seen(deployment, state), {}
    for change in changes:
        undo: Undo = change.make(target)
        try:
            changed[change.name] = _seen(deployment, _refreshed_quickly(deployment))
        finally:
            undo()
    return Course(before, changed, _seen(deployment, _refreshed(deployment)))


def _refreshed(deployment: Deployment) -> dict[str, Any]:
    """What AWS has of the stack now, as `paygate verify` reads it; the quick way has to say the same."""
    shown: dict[str, Any] = deployment.terraform.refreshed()["prior_state"]
    assert _by_address(_packed(deployment)) == _by_address(shown)
    return _restored(deployment, shown)


def _refreshed_quickly(deployment: Deployment) -> dict[str, Any]:
    """The same without `terraform show`, which costs two seconds of CPU for each change."""
    deployment.terraform.refresh()
    return _restored(deployment, _packed(deployment))


def _packed(deployment: Deployment) -> dict[str, Any]:
    """The refreshed state that terraform (1.11) packs into a plan file, in the form of a shown state."""
    with zipfile.ZipFile(deployment.terraform.workspace.folder / REFRESH_FILE) as packed:
        raw = json.loads(packed.read("tfstate"))
    shown = [_as_shown(block, each) for block in raw["resources"] for each in block["instances"]]
    return {"format_version": "1.0", "values": {"root_module": {"resources": shown}}}


def _as_shown(block: Mapping[str, Any], instance: Mapping[str, Any]) -> dict[str, Any]:
    mode, kind, name = block["mode"], block["type"], block["name"]
    address = f"{kind}.{name}" if mode == "managed" else f"data.{kind}.{name}"
    return {"address": address, "mode": mode, "type": kind, "name": name, "values": instance["attributes"]}


def _restored(deployment: Deployment, shown: Mapping[str, Any]) -> dict[str, Any]:
    return restore_in_state(shown, lost(deployment))


def _by_address(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    resources = state["values"]["root_module"]["resources"]
    return {item["address"]: item["values"] for item in resources if item["mode"] == "managed"}


def _seen(deployment: Deployment, state: Mapping[str, Any]) -> Seen:
    file = deployment.terraform.workspace.folder / FILE
    with JUDGING:
        verdict, _ = judge_deployed(state, deployment.environment, deployment.region, deployment.platform, file)
    return _read(verdict)


def _read(verdict: Verdict) -> Seen:
    return Seen(
        findings=frozenset((item.rule.id, item.finding.address) for item in verdict.unwaived),
        unread=frozenset(item.rule or item.message for item in verdict.errors),
        notes=verdict.notes,
    )
