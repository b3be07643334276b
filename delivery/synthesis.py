"""Settings file in, synthesized stack out: runs `python -m infra` as a program and never imports it."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from delivery.errors import UserError
from delivery.processes.interrupts import Cancellation
from delivery.processes.supervised import TimedOutError, run_supervised

SUFFIX_VARIABLE = "ENVIRONMENT_SUFFIX"
SETTINGS_FOLDER = Path(__file__).parent.parent / "environments"
REFUSED = 2  # infra's exit code for what its user can mend; its stderr is the message
TIMEOUT_SECONDS = 300.0
_ANSWER = re.compile(r"(\S+) (.+)")  # the line `python -m infra` prints: stack name and path


@dataclass(frozen=True)
class Synthesized:
    """The stack's name and its cdk.tf.json."""

    stack: str
    file: Path


def settings_of(platform: str, environment: str, folder: Path = SETTINGS_FOLDER) -> Path:
    """`environments/<platform>.<environment>.yaml`. Raises UserError, naming those there are, when there is none."""
    file = folder / f"{platform}.{environment}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.*.yaml"))) or "none"
        raise UserError(
            "no settings for this platform",
            folder.name,
            f"{platform}.{environment}",
            known,
            "Or name a --settings file",
        )
    return file


def suffix_of(option: str | None, environment: Mapping[str, str], default: str | None = None) -> str:
    """The environment suffix from --suffix, else ENVIRONMENT_SUFFIX, else the default; UserError if there is none."""
    suffix = option or environment.get(SUFFIX_VARIABLE) or default
    if not suffix:
        raise UserError(
            "no environment suffix",
            allowed="a short DNS label such as pr42",
            mend=f"Give --suffix or set {SUFFIX_VARIABLE}",
        )
    return suffix


def synthesize(
    settings_file: Path,
    suffix: str,
    *,
    out: Path | None,
    environment: Mapping[str, str],
    cancellation: Cancellation | None = None,
) -> Synthesized:
    """Write the stack below `out` (None: where infra writes by itself).

    Raises UserError with infra's own message when it refuses the settings, and with its last line when it breaks.
    """
    return _run("infra", settings_file, ["--suffix", suffix], out, environment, cancellation)


def synthesize_bootstrap(
    settings_file: Path,
    *,
    out: Path,
    environment: Mapping[str, str],
    cancellation: Cancellation | None = None,
) -> Synthesized:
    """The same for the bootstrap stack, which has no suffix."""
    return _run("infra.bootstrap", settings_file, [], out, environment, cancellation)


def _run(
    module: str,
    settings_file: Path,
    options: Sequence[str],
    out: Path | None,
    environment: Mapping[str, str],
    cancellation: Cancellation | None,
) -> Synthesized:
    lines: list[str] = []
    command = ["-m", module, "--settings", str(settings_file), *options]
    try:
        completed = run_supervised(
            [sys.executable, "-P", *command, *([] if out is None else ["--out", str(out)])],
            cwd=Path.cwd(),
            environment=environment,
            timeout_seconds=TIMEOUT_SECONDS,
            cancellation=cancellation,
            on_line=lines.append,
        )
    except TimedOutError as error:
        raise UserError(f"synthesis was {error}", str(settings_file)) from error
    message = completed.stderr.strip()
    if completed.exit_code == REFUSED and message:
        raise UserError(message)
    answer = _ANSWER.fullmatch(lines[-1].strip()) if lines else None
    if completed.exit_code != 0 or answer is None:
        reason = message.splitlines()[-1] if message else f"exit code {completed.exit_code}, no message"
        mend = f"To see all of it: python {' '.join(command)}"
        raise UserError("synthesis broke", str(settings_file), reason, mend=mend)
    return Synthesized(answer.group(1), Path(answer.group(2)))
