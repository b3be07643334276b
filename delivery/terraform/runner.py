"""One terraform workspace, driven to its end: every call bounded in time, its events passed on, its errors readable."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delivery.aws import is_emulated
from delivery.processes.interrupts import Cancellation
from delivery.processes.supervised import TimedOutError, run_supervised
from delivery.terraform.events import Diagnostic, Event, Planned, parse_event
from delivery.terraform.program import Program, terraform_environment
from delivery.terraform.workspace import PLAN_FILE, REFRESH_FILE, Workspace

QUICK_SECONDS = 120.0  # init from a mirror, schema, show
INIT_SECONDS = 600.0  # init may have to download a provider of some 700 MB
CHANGES_PRESENT = 2  # `plan -detailed-exitcode`


class TerraformError(Exception):
    """A terraform command failed. `str()` shows its diagnostics, one paragraph each, not the JSON they came in."""

    def __init__(self, command: str, diagnostics: Sequence[Diagnostic], reason: str) -> None:
        self.command = command
        self.diagnostics = tuple(diagnostics)
        self.reason = reason
        paragraphs = [str(entry).replace("\n", "\n    ") for entry in self.diagnostics]
        super().__init__("\n  ".join([f"terraform {command} {reason}", *paragraphs]))


@dataclass(frozen=True)
class Plan:
    """What a plan would do. `has_changes` is terraform's own verdict; it is true for changed outputs, too."""

    has_changes: bool
    planned: tuple[Planned, ...]

    @property
    def changes(self) -> tuple[Planned, ...]:
        """The planned entries that do something to a resource."""
        return tuple(entry for entry in self.planned if entry.operations)


@dataclass(frozen=True)
class Terraform:
    """Runs terraform in one workspace.

    environment: the whole environment of the provider (endpoint and credentials included). apply_seconds bounds each of
    plan, apply and destroy. on_event sees every event as it happens, in the thread that made the call. _shown: what
    `show` said of the last plan, once it was asked.
    """

    program: Program
    workspace: Workspace
    environment: Mapping[str, str]
    apply_seconds: float
    grace_seconds: float = 5.0
    parallelism: int = 100
    cancellation: Cancellation | None = None
    on_event: Callable[[Event], None] = field(default=lambda _event: None)
    _shown: list[dict[str, Any]] = field(default_factory=list, init=False, repr=False, compare=False)

    def init(self, plugin_folders: Sequence[Path] = (), *, move_state: bool = False) -> None:
        """Install providers, from these mirror folders only if any are given.

        move_state: the backend is another one than at the last init; what the last one holds is copied to it. Without
        it terraform refuses such a workspace.
        On AWS every later command finds the provider as it was at the init, by its hash; an emulator has no need.
        """
        folders = [f"-plugin-dir={folder.resolve()}" for folder in plugin_folders]
        if move_state:  # terraform has no events for this one
            options = ["-migrate-state", "-force-copy", "-no-color", *folders]
            self._run("init", options, INIT_SECONDS, (0,), lambda _line: None, [])
        else:
            self._stream("init", ["-json", *folders], INIT_SECONDS)
        if is_emulated(self.environment):
            self.workspace.forget_provider_hashes()

    def provider_selections(self) -> dict[str, str]:
        """HOST/NAMESPACE/TYPE -> version, of the initialized workspace."""
        selections: dict[str, str] = self._answer("version", ["-json"])["provider_selections"]
        return selections

    def provider_schemas(self) -> dict[str, Any]:
        """The `provider_schemas` of the initialized workspace: large and slow, see `schemas.load_schemas`."""
        schemas: dict[str, Any] = self._answer("providers", ["schema", "-json"])["provider_schemas"]
        return schemas

    def plan(self, only: Sequence[str] = ()) -> Plan:
        """Plan into the workspace's plan file, which `apply` then carries out as it is. It validates the configuration.

        only: addresses to which the plan is limited, with what they need; none means everything
        """
        self._shown.clear()
        planned: list[Planned] = []
        code = self._stream(
            "plan",
            [
                "-json",
                "-detailed-exitcode",
                f"-out={PLAN_FILE}",
                f"-parallelism={self.parallelism}",
                *(f"-target={address}" for address in only),
            ],
            self.apply_seconds,
            accept=(0, CHANGES_PRESENT),
            also=lambda event: planned.append(event) if isinstance(event, Planned) else None,
        )
        return Plan(code == CHANGES_PRESENT, tuple(planned))

    def apply(self) -> None:
        """Apply exactly the plan file that `plan` wrote."""
        self._stream("apply", ["-json", f"-parallelism={self.parallelism}", PLAN_FILE], self.apply_seconds)

    def destroy(self, *, refresh: bool = False) -> None:
        """Destroy everything in the state; refresh: read it anew first, which a run that was cut short needs."""
        options = ["-json", "-auto-approve", f"-refresh={str(refresh).lower()}", f"-parallelism={self.parallelism}"]
        self._stream("destroy", options, self.apply_seconds)

    def state(self) -> dict[str, Any]:
        """`terraform show -json` of the state: `values.root_module.resources`, `values.outputs`."""
        return self._answer("show", ["-json"])

    def planned_state(self) -> dict[str, Any]:
        """`terraform show -json` of the plan file, for reading only: each show starts the provider, so several readers
        of one plan get the same object.
        """
        if not self._shown:
            self._shown.append(self._answer("show", ["-json", PLAN_FILE]))
        return self._shown[0]

    def outputs(self) -> dict[str, Any]:
        """Output name -> value."""
        return {name: entry["value"] for name, entry in self._answer("output", ["-json"]).items()}

    def refreshed(self) -> dict[str, Any]:
        """`terraform show -json` of a plan that only reads: `prior_state` is what AWS has of the stack now, and
        `resource_drift` where that differs from the state, which stays as it is.
        """
        self.refresh()
        return self._answer("show", ["-json", REFRESH_FILE])

    def refresh(self) -> None:
        """Read what AWS has of the stack into the workspace's refresh file; the state stays as it is."""
        options = ["-json", "-refresh-only", f"-out={REFRESH_FILE}", f"-parallelism={self.parallelism}"]
        self._stream("plan", options, self.apply_seconds)

    def pull_state(self) -> dict[str, Any]:
        """The state as it is kept (`version`, `serial`, `lineage`, `resources`), read without the provider.

        Where there is none it is {} of the local backend, and one without lineage and resources of the S3 backend.
        """
        lines: list[str] = []
        self._run("state", ["pull"], QUICK_SECONDS, (0,), lines.append, [])
        state: dict[str, Any] = json.loads("".join(lines) or "{}")
        return state

    def push_state(self, file: Path) -> None:
        """Make a file the state. Whether it fits is for the caller to know: the local backend takes older ones, too."""
        self._run("state", ["push", str(file.resolve())], QUICK_SECONDS, (0,), lambda _line: None, [])

    def untaint(self, address: str) -> None:
        """Keep a resource whose creation was broken off, instead of replacing it; the next plan mends what differs."""
        self._run("untaint", [address], QUICK_SECONDS, (0,), lambda _line: None, [])

    def resource_addresses(self) -> list[str]:
        """The managed resources in the state, read without the provider: at once, and also after a failed apply."""
        resources = self.pull_state().get("resources", [])
        return [f"{r['type']}.{r['name']}" for r in resources if r["mode"] == "managed" for _ in r["instances"]]

    def _stream(
        self,
        command: str,
        options: Sequence[str],
        timeout_seconds: float,
        accept: tuple[int, ...] = (0,),
        also: Callable[[Event], None] = lambda _event: None,
    ) -> int:
        """Run a command that speaks in events; its exit code is one of `accept`."""
        diagnostics: list[Diagnostic] = []

        def pass_on(line: str) -> None:
            event = parse_event(line)
            if event is None:
                return
            if isinstance(event, Diagnostic):
                diagnostics.append(event)
            also(event)
            self.on_event(event)

        return self._run(command, options, timeout_seconds, accept, pass_on, diagnostics)

    def _answer(self, command: str, options: Sequence[str]) -> dict[str, Any]:
        """Run a command that answers with one JSON object."""
        lines: list[str] = []
        self._run(command, options, QUICK_SECONDS, (0,), lines.append, [])
        answer: dict[str, Any] = json.loads("".join(lines))
        return answer

    def _run(
        self,
        command: str,
        options: Sequence[str],
        timeout_seconds: float,
        accept: tuple[int, ...],
        on_line: Callable[[str], None],
        diagnostics: list[Diagnostic],
    ) -> int:
        try:
            completed = run_supervised(
                [str(self.program.path), command, *options],
                cwd=self.workspace.folder,
                environment=terraform_environment(self.environment),
                timeout_seconds=timeout_seconds,
                grace_seconds=self.grace_seconds,
                cancellation=self.cancellation,
                on_line=on_line,
            )
        except TimedOutError as error:
            raise TerraformError(command, _errors(diagnostics), f"was {error}") from error
        if completed.exit_code not in accept:
            errors = _errors(diagnostics) or [Diagnostic("error", completed.stderr.strip() or "it gave no reason")]
            raise TerraformError(command, errors, f"failed (exit code {completed.exit_code})")
        return completed.exit_code


def _errors(diagnostics: Any) -> list[Diagnostic]:
    """Errors only, each once, in order."""
    return list(dict.fromkeys(entry for entry in diagnostics if entry.severity == "error"))
