"""The bootstrap of an account: its state starts in a file of this machine and moves into the bucket that it makes.

Interrupted anywhere, the next run goes on: it finds the bucket or not, a state in it or not, and a file of this machine
or not (`Found`). The file is removed only when what it holds is in the bucket.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from delivery.aws import clients
from delivery.errors import UserError
from delivery.lifecycle.delivering import Delivery
from delivery.lifecycle.deployment import Deployment, Outcome, Step, StepFailedError
from delivery.lifecycle.holding import break_any_lock, settle_state
from delivery.lifecycle.judging import gate, gate_plan
from delivery.lifecycle.opening import Source, find_tools, open_deployment
from delivery.lifecycle.pipeline import Surroundings, passed
from delivery.lifecycle.runs import CACHE_FOLDER, DELIVERIES_FOLDER, new_run_folder
from delivery.lifecycle.steps import apply, initialize, plan
from delivery.lifecycle.target import Target, find_target
from delivery.state import objects
from delivery.state.bucket import StateObject, bucket_exists, state_of
from delivery.state.run_record import record_run
from delivery.state.unwritten import push_unwritten
from delivery.synthesis import synthesize_bootstrap
from delivery.terraform.mirrors import requirements
from delivery.terraform.restored import lost_arguments, restore_in_state
from delivery.terraform.workspace import STATE_FILE, Backend, read_config

STACK = "bootstrap"
HOME = Path(".paygate/bootstrap")  # one folder per bucket, with the state until it has moved
ACCOUNT_REFERENCE = "${data.aws_caller_identity.current.account_id}"
SHOW = "terraform state pull, with the backend of paygate bootstrap"


@dataclass(frozen=True)
class BootstrapRequest:
    """step_seconds bounds each plan and apply."""

    settings_file: Path
    plugin_folder: Path | None = None
    step_seconds: float = 1200.0


@dataclass(frozen=True)
class LocalState(StateObject):
    """A state in a file of this machine, on its way to where bucket and key say."""

    file: Path = Path(STATE_FILE)

    @property
    def backend(self) -> Backend:
        return {"local": {"path": str(self.file)}}

    @property
    def moved(self) -> StateObject:
        return StateObject(self.bucket, self.key, self.region)


@dataclass(frozen=True)
class Found:
    """What an earlier run, finished or not, has left."""

    name: str
    bucket: bool  # there is one of that name, and we may use it
    remote: bool  # a state in the bucket
    local: bool  # a state in a file of this machine

    @property
    def state_is_remote(self) -> bool:
        """Where to go on: in the bucket as soon as there is a state in it.

        UserError when there is a bucket, and nobody's state knows it.
        """
        if self.bucket and not self.remote and not self.local:
            raise UserError(
                "the state bucket exists, and no state says that bootstrap made it",
                self.name,
                "a bucket without bootstrap/terraform.tfstate, and no such file here either",
                mend=f"Run it where it was begun (it keeps {HOME}), bring back a version of the object, or delete the "
                "bucket if it is empty and nobody's",
            )
        return self.remote


@contextmanager
def bootstrapping(request: BootstrapRequest, around: Surroundings) -> Iterator[Delivery]:
    """An opened bootstrap; its steps are `PREPARING`, then `FINISHING`. UserError before anything is touched."""
    tools = find_tools(request.plugin_folder, request.step_seconds, around)
    folder = new_run_folder(STACK, DELIVERIES_FOLDER)
    keep = False
    try:
        made = passed("", "synth", partial(_synthesized, request, folder / "synth", around), around.observer)
        source: Source = made.outcome.data
        target = find_target(around.environment, source.region)
        found = passed("", "account", partial(_account, source, target), around.observer)
        state: StateObject = found.outcome.data
        deployment = open_deployment(source, folder / STACK, target, state, tools, around)
        opened = Delivery(deployment, target, folder, around)
        opened.results += [made, found]
        record_run(folder, STACK)
        keep = True  # interrupted, terraform may have left a state there that it could not write
        yield opened
        keep = opened.failed
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _synthesized(request: BootstrapRequest, out: Path, around: Surroundings) -> Outcome:
    made = synthesize_bootstrap(
        request.settings_file, out=out, environment=around.environment, cancellation=around.cancellation
    )
    return Outcome(made.stack, data=Source(STACK, request.settings_file, "", made))


def _account(source: Source, target: Target) -> Outcome:
    """Whose account it is, and where the state is now."""
    remote = state_of(STACK, bucket_of(read_config(source.synthesized.file), target.account_id), target.region)
    file = _file_of(remote.bucket)
    if look(target, remote, file).state_is_remote:
        where: StateObject = remote
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        where = LocalState(remote.bucket, remote.key, remote.region, file)
    place = where.file if isinstance(where, LocalState) else where.bucket
    return Outcome(f"{target.account_id} in {target.region}, state in {place}", data=where)


def bucket_of(config: Mapping[str, Any], account_id: str) -> str:
    """The name of the one bucket of the stack, with the account filled in."""
    (bucket,) = config["resource"]["aws_s3_bucket"].values()
    return str(bucket["bucket"]).replace(ACCOUNT_REFERENCE, account_id)


def look(target: Target, remote: StateObject, file: Path) -> Found:
    """UserError when S3 does not let us look."""
    from botocore.exceptions import ClientError

    s3 = clients(target.environment, target.region)("s3")
    try:
        exists = bucket_exists(s3, remote.bucket)
    except ClientError as error:
        found = f"HTTP {error.response['ResponseMetadata']['HTTPStatusCode']} for {target.caller}"
        mend = "The name may be taken in another account: choose another names_prefix"
        raise UserError("the state bucket cannot be reached", remote.bucket, found, mend=mend) from error
    stored = objects.read(s3, remote.bucket, remote.key) if exists else None
    return Found(remote.bucket, exists, stored is not None, file.is_file())


def go_on(deployment: Deployment) -> Outcome:
    """With the state in the bucket: what runs left in files, stopped while it moved or was written, goes there, too.

    A lock that a dead run of this machine has left is broken; any other is not waited for: one person does this once.
    """
    if isinstance(deployment.state, LocalState) or deployment.state is None:
        return Outcome("; ".join(_keep_what_was_begun(deployment)) or "the state is still in a file")
    settled = settle_state(deployment, wait_seconds=0.0, push=True)
    file = _file_of(deployment.state.bucket)
    terraform = deployment.terraform
    moved = [push_unwritten(file, terraform.pull_state, terraform.push_state, SHOW)] if file.is_file() else []
    shutil.rmtree(file.parent, ignore_errors=True)
    return Outcome("; ".join((settled.note, *moved, *_keep_what_was_begun(deployment))), settled.lines)


def _keep_what_was_begun(deployment: Deployment) -> list[str]:
    """A key or bucket whose creation was broken off is kept: Terraform would replace it, which prevent_destroy refuses.

    What is not yet as the stack wants it, the plan that follows mends.
    """
    terraform = deployment.terraform
    stack = terraform.workspace.config()["resource"]
    begun = [
        (entry["type"], entry["name"])
        for entry in terraform.pull_state().get("resources", [])
        if any(instance.get("status") == "tainted" for instance in entry["instances"])
    ]
    kept = [f"{kind}.{name}" for kind, name in begun if (stack.get(kind, {}).get(name) or {}).get("lifecycle")]
    for address in kept:
        terraform.untaint(address)
    return [f"{address} was begun and is kept" for address in kept]


def gate_account(deployment: Deployment) -> Outcome:
    """What AWS has now of the stack, read anew, is held against the same rules."""
    from policies.gate import judge
    from policies.report import render

    lost = lost_arguments(read_config(deployment.stack_file), deployment.terraform.workspace.config())
    shown = restore_in_state(deployment.terraform.refreshed()["prior_state"], lost)
    file = deployment.terraform.workspace.folder / "state.json"
    file.write_text(json.dumps(shown), encoding="utf-8")
    verdict = judge(file, today=date.today(), spec_name=STACK)
    if verdict.exit_code:
        raise StepFailedError(render(verdict, "text").strip(), verdict.exit_code)
    return Outcome(f"{len(verdict.rules)} rules, {verdict.resources} resources")


def move(deployment: Deployment) -> Outcome:
    """The state into the bucket that it describes; the file is removed when the bucket holds all of it."""
    state = deployment.state
    if not isinstance(state, LocalState):
        return Outcome("is there already")
    before = deployment.terraform.resource_addresses()
    deployment.terraform.workspace.use_backend(deployment.choices, state.moved.backend)
    deployment.terraform.init(_folders(deployment), move_state=True)
    after = deployment.terraform.resource_addresses()
    if not before or sorted(before) != sorted(after):
        raise StepFailedError(f"the state did not move: {len(before)} resources before, {len(after)} in the bucket")
    shutil.rmtree(state.file.parent)
    return Outcome(f"s3://{state.bucket}/{state.key}")


def _file_of(bucket: str) -> Path:
    """Bucket names hold account and region, so no two accounts share a file."""
    return (HOME / bucket / STATE_FILE).absolute()


def _folders(deployment: Deployment) -> Sequence[Path]:
    """The mirror folders, where they hold every provider: terraform looks nowhere else then."""
    wanted = requirements(deployment.terraform.workspace.config())
    served = {choice.requirement for choice in deployment.choices}
    return list(dict.fromkeys(choice.folder for choice in deployment.choices)) if served >= set(wanted) else []


PREPARING = (
    Step("gate", gate),
    Step("init", partial(initialize, cache_folder=CACHE_FOLDER)),
    Step("go on", go_on),
    Step("plan", plan),
    Step("gate of the plan", gate_plan),
)
BREAKING = (Step("lock", break_any_lock),)
FINISHING = (Step("apply", apply), Step("gate of the account", gate_account), Step("move the state", move))
