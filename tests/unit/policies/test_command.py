"""`paygate gate` from the shell: reports on stdout, exit codes, and nothing heavy imported."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.policies.standins import STACK

Written = Callable[..., Path]
BASELINE = {"resource": {"aws_ecs_cluster": STACK["resource"]["aws_ecs_cluster"]}}
OFF = {
    "resource": {"aws_ecs_cluster": {"c": {"name": "c", "setting": {"name": "containerInsights", "value": "disabled"}}}}
}


def paygate(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from delivery.cli.main import main; main()", "gate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def test_a_stack_that_obeys_passes(written: Written) -> None:
    done = paygate(written(BASELINE), "--spec", "baseline")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS")


def test_a_finding_is_exit_code_1(written: Written) -> None:
    done = paygate(written(OFF), "--spec", "baseline", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["verdict"] == "fail"
    assert [item["address"] for item in report["findings"]] == ["aws_ecs_cluster.c"]


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "text"])
def test_bad_input_is_exit_code_2_in_every_form(tmp_path: Path, form: str) -> None:
    done = paygate(tmp_path / "nothing", "--format", form)
    assert done.returncode == 2
    assert "nothing" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_real_stack_passes(payments_path: Path) -> None:
    done = paygate(payments_path.parent, "--format", "json")
    report = json.loads(done.stdout)
    assert (report["errors"], [item for item in report["findings"] if not item["waived"]]) == ([], [])
    assert (done.returncode, report["verdict"], report["spec"]) == (0, "pass", "payments")


def test_one_rule_is_partial(payments_path: Path) -> None:
    done = paygate(payments_path, "--only", "container-insights", "--format", "json")
    assert json.loads(done.stdout)["rules"] == ["container-insights"]
    assert json.loads(done.stdout)["verdict"] == "partial"
    assert done.returncode == 2


def test_nothing_heavy_is_imported(written: Written) -> None:
    heavy = (
        "cdktf",
        "cdktf_cdktf_provider_aws",
        "constructs",
        "jsii",
        "moto",
        "boto3",
        "botocore",
        "checkov",
        "rich",
        "infra",
    )
    program = (
        "import sys; from delivery.cli.main import exit_code_of; "
        f"code = exit_code_of(['gate', {str(written(BASELINE))!r}, '--spec', 'baseline']); "
        f"print(code, [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_it_takes_at_most_a_second_from_shell_to_exit(payments_path: Path) -> None:
    """In processor time: one process on one core, so that what else the machine does does not matter."""

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        paygate(payments_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)

    assert min(seconds() for _ in range(3)) < 1.0


def test_a_terminal_that_knows_only_ascii_still_gets_a_report(written: Written) -> None:
    named = {"resource": {"aws_ecs_cluster": {"c": {**OFF["resource"]["aws_ecs_cluster"]["c"], "name": "é\ud800"}}}}
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    done = paygate(written(named), "--spec", "baseline", env=environment)
    assert (done.returncode, done.stderr) == (1, "")
