"""Whatever goes wrong in a command ends in one message on stderr and an exit code, never in a traceback."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import click
import pytest

from delivery.cli import main as cli_main
from delivery.errors import UserError
from delivery.processes.interrupts import Interrupted

Run = Callable[[Callable[[], object]], tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command whose body is given; its exit code and what it wrote to stderr."""

    def run_body(body: Callable[[], object]) -> tuple[int, str]:
        module = SimpleNamespace(command=click.Command("broken", callback=body))
        monkeypatch.setitem(sys.modules, "broken_command", module)
        monkeypatch.setattr(cli_main, "COMMANDS", {"broken": ("broken_command:command", "")})
        return cli_main.exit_code_of(["broken"]), capsys.readouterr().err

    return run_body


def raising(error: BaseException) -> Callable[[], object]:
    def body() -> None:
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "exit_code", "message"),
    [
        (UserError("no suffix", mend="Give --suffix"), 2, "paygate: no suffix. Give --suffix\n"),
        (UserError("a step failed", exit_code=1), 1, "paygate: a step failed\n"),
        (Interrupted(signal.SIGTERM), 143, "paygate: interrupted by SIGTERM; everything that was started is stopped\n"),
        (KeyboardInterrupt(), 130, "\npaygate: interrupted\n"),
        (
            ZeroDivisionError("by\nzero"),
            2,
            "paygate: internal error: ZeroDivisionError: by zero (set PAYGATE_TRACEBACK=1 for the traceback)\n",
        ),
    ],
)
def test_an_exception_is_one_message_and_its_exit_code(
    run: Run, error: BaseException, exit_code: int, message: str
) -> None:
    assert run(raising(error)) == (exit_code, message)


def test_the_traceback_is_there_for_whoever_asks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYGATE_TRACEBACK", "1")
    exit_code, stderr = run(raising(ZeroDivisionError("why")))
    assert exit_code == 2
    assert "Traceback (most recent call last)" in stderr
    assert stderr.endswith("ZeroDivisionError: why (set PAYGATE_TRACEBACK=1 for the traceback)\n")


@pytest.mark.parametrize(("returned", "exit_code"), [(None, 0), (0, 0), (1, 1), ("text", 0)])
def test_an_integer_that_a_command_returns_is_its_exit_code(run: Run, returned: object, exit_code: int) -> None:
    assert run(lambda: returned) == (exit_code, "")


def test_a_mistyped_option_is_clicks_own_message_and_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli_main.exit_code_of(["--no-such-option"]) == 2
    assert "No such option" in capsys.readouterr().err


def test_help_names_every_command_and_imports_none() -> None:
    script = (
        "import sys; from delivery.cli.main import exit_code_of; code = exit_code_of(['--help']);"
        "print(*(name for name in sys.modules if name.startswith('delivery.')), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    for name in cli_main.COMMANDS:
        assert name in done.stdout
    assert set(done.stderr.split()) == {
        "delivery.cli",
        "delivery.cli.main",
        "delivery.errors",
        "delivery.processes",
        "delivery.processes.interrupts",
    }
