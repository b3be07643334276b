"""A project so small that a sandbox run takes seconds: a fake infra, one stack of resources that need no provider."""

import contextlib
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import psutil

INFRA = """
import json, sys
from pathlib import Path
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
name = Path(options["--settings"]).stem + "-" + options["--suffix"]
file = Path(options["--out"]) / "stacks" / name / "cdk.tf.json"
file.parent.mkdir(parents=True)
file.write_text((Path(options["--settings"]).parent / "stack.json").read_text())
print(name, file)
"""

# The command line as it is, without the steps that need a platform's spec.
COMMAND = """
import sys
import delivery.lifecycle.pipeline as pipeline
every_step = pipeline.run_steps
pipeline.run_steps = lambda deployment, steps, around: every_step(
    deployment, [step for step in steps if not step.name.startswith(("gate", "verify", "leftovers"))], around)
from delivery.cli.main import main
main(sys.argv[1:])
"""


@dataclass(frozen=True)
class TinyProject:
    """A folder to run `paygate` in. Every process of its runs carries the project's mark."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    made: ClassVar[list["TinyProject"]] = []

    @classmethod
    def make(cls, folder: Path, resources: Mapping[str, Any]) -> "TinyProject":
        (folder / "infra").mkdir(parents=True)
        (folder / "infra" / "__init__.py").touch()
        (folder / "infra" / "__main__.py").write_text(INFRA)
        project = cls(folder)
        cls.made.append(project)
        project.write_stack(resources)
        project.settings("tiny")
        return project

    def write_stack(self, resources: Mapping[str, Any]) -> None:
        (self.folder / "stack.json").write_text(json.dumps({"resource": {"terraform_data": resources}}))

    def settings(self, platform: str) -> str:
        (self.folder / f"{platform}.yaml").write_text(f"platform: {platform}\n")
        return f"{platform}.yaml"

    def command(self, *arguments: str) -> list[str]:
        """What runs `paygate ARGUMENTS` in this project."""
        return [sys.executable, "-c", COMMAND, *arguments]

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Of such a command."""
        return {**base, "PYTHONPATH": str(self.folder), "PYTHONUNBUFFERED": "1", "TINY_MARK": self.mark}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `paygate sandbox ARGUMENTS`; stdout and stderr come in one stream."""
        return subprocess.Popen(
            self.command("sandbox", *arguments),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run it to its end; exit code and output."""
        with self.start(*arguments) as process:
            output, _ = process.communicate(timeout=60)
            return process.returncode, output

    def processes(self, wait_seconds: float = 0.0) -> list[str]:
        """What still runs with the project's mark, after waiting for it to go."""
        deadline = time.monotonic() + wait_seconds
        while self._running() and time.monotonic() < deadline:
            time.sleep(0.1)
        return [str(process) for process in self._running()]

    def kill(self, words: str) -> None:
        """SIGKILL what runs and has these words in its command line; there has to be something."""
        found = [process for process in self._running() if words in " ".join(process.cmdline())]
        assert found, words
        for process in found:
            process.kill()

    def end(self) -> None:
        """SIGKILL everything of this project that still runs; one may end by itself when another is gone."""
        for process in self._running():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def run_folders(self) -> list[str]:
        return sorted(path.name for path in (self.folder / ".paygate" / "sandbox").glob("*"))

    def _running(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("TINY_MARK") == self.mark:
                    found.append(process)
        return found


def sleeping(seconds: int) -> dict[str, Any]:
    """A resource whose creation takes that long, in a shell that terraform starts."""
    return {"provisioner": [{"local-exec": {"command": f"sleep {seconds}"}}]}
