"""The summary tells each step's time, what was dropped and left, what failed, and how to reach what was kept."""

from pathlib import Path

from delivery.cli.summary import summary_lines
from delivery.lifecycle.deployment import Outcome, Status, StepResult
from delivery.lifecycle.runs import KeptRun, KeptStack, Report
from delivery.processes.identity import ProcessIdentity

INIT = StepResult("payments", "init", Status.PASSED, 4.25, Outcome("aws 5.100.0", ("arguments dropped: none",)))


def text(report: Report) -> str:
    return "\n".join(summary_lines(report))


def test_a_run_that_passed() -> None:
    apply = StepResult("payments", "apply", Status.PASSED, 92.8, Outcome("115 resources"))
    leftovers = StepResult("", "leftovers", Status.PASSED, 1.0, Outcome("1 allowed", ("each has a reason:", "  x: y")))
    report = Report((INIT, apply, leftovers))
    assert report.exit_code == 0
    assert text(report) == (
        "payments init       4.2 s  passed   aws 5.100.0\n"
        "payments apply     92.8 s  passed   115 resources\n"
        "leftovers           1.0 s  passed   1 allowed\n"
        "\n"
        "payments init: arguments dropped: none\n"
        "\n"
        "leftovers: each has a reason:\n"
        "  x: y\n"
        "\n"
        "passed"
    )


def test_a_run_that_failed_says_what_why_and_where_its_files_are() -> None:
    failed = StepResult("payments", "plan", Status.FAILED, 1.0, error="terraform plan failed\n  denied", exit_code=1)
    skipped = StepResult("payments", "apply", Status.SKIPPED, 0.0)
    report = Report((INIT, failed, skipped), Path("/runs/sbx-1"))
    assert report.exit_code == 1
    assert text(report).endswith(
        "\n\npayments plan failed: terraform plan failed\n  denied"
        "\n\nstate and plan are left for a look in /runs/sbx-1"
        "\n\nFAILED: payments plan"
    )


def test_what_broke_is_graver_than_what_was_refused() -> None:
    results = [StepResult("a", "gate", Status.FAILED, 0, exit_code=code) for code in (1, 2, 1)]
    assert Report(tuple(results)).exit_code == 2


def test_a_kept_run_says_how_to_reach_it_and_how_to_destroy_it() -> None:
    stack = KeptStack("payments", "s.yaml", "sbx", "p", "f", "/runs/sbx-1/pay ments", "us-east-1", {"AWS_X": "a b"})
    kept = KeptRun(
        "sbx-1", Path("/runs/sbx-1"), "http://127.0.0.1:4000", ProcessIdentity(1, 1.0), "e.log", (stack,), ()
    )
    shown = text(Report((INIT,), kept.folder, kept))
    assert "kept: sbx-1, on http://127.0.0.1:4000" in shown
    assert "  export AWS_X='a b'\n" in shown
    assert "  terraform -chdir='/runs/sbx-1/pay ments' state list\n" in shown
    assert "/paygate sandbox --destroy /" in shown.splitlines()[-3]
    assert shown.splitlines()[-3].endswith("sbx-1")
    assert "left for a look" not in shown
