"""How the JSON is written: the same bytes from every process and place; all of it or nothing."""

import dataclasses
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from infra.app import synthesize
from infra.naming import NameRefusedError
from infra.settings import load
from tests.conftest import PAYMENTS, ROOT, SUFFIX

STACK_FILE = Path("stacks", f"payments-production-{SUFFIX}", "cdk.tf.json")
PURE_MODULES = (
    "infra.naming",
    "infra.planned_names",
    "infra.subnets",
    "infra.edges",
    "infra.capacity",
    "infra.container",
    "infra.policy",
    "infra.settings.loading",
    "infra.app",
    "infra.__main__",
)
TIMEOUT_SECONDS = 300


def run_infra(*options: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m infra OPTIONS` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "infra", *options],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def written(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_another_process_hash_seed_home_and_folder_write_the_same_bytes(payments_path: Path, tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    settings = shutil.copy(PAYMENTS, elsewhere / "settings of another name.yaml")
    completed = run_infra("--settings", str(settings), "--suffix", SUFFIX, "--out", "here", cwd=elsewhere,
                          PYTHONHASHSEED="1", HOME=str(home), TZ="Asia/Tokyo", LC_ALL="C")  # fmt: skip
    assert completed.returncode == 0, completed.stderr
    assert completed.stdout == f"payments-production-{SUFFIX} {Path('here') / STACK_FILE}\n"
    assert (elsewhere / "here" / STACK_FILE).read_bytes() == payments_path.read_bytes()


def test_a_second_synthesis_in_one_process_writes_the_same_bytes(payments_path: Path, tmp_path: Path) -> None:
    assert synthesize(load(PAYMENTS, SUFFIX), tmp_path).read_bytes() == payments_path.read_bytes()


def test_no_path_or_name_of_the_machine_stands_in_the_json(payments_path: Path) -> None:
    text = payments_path.read_text()
    places = (ROOT, Path.cwd(), Path.home(), Path(sys.prefix), Path(tempfile.gettempdir()), payments_path.parents[2])
    assert [str(place) for place in places if str(place) in text] == []
    assert not re.search(rf"\b{re.escape(platform.node())}\b", text)


@pytest.mark.parametrize("module", PURE_MODULES)
def test_what_needs_no_construct_loads_no_toolkit(module: str) -> None:
    program = (
        f"import sys, {module}\n"
        "heavy = {'cdktf', 'jsii', 'constructs', 'cdktf_cdktf_provider_aws', 'boto3', 'moto', 'checkov'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    completed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stderr) == (0, "")


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@pytest.mark.parametrize(
    ("text", "suffix", "said"),
    [
        pytest.param("platform: payments\n", SUFFIX, "services", id="most keys missing"),
        pytest.param("a: [1\n", SUFFIX, "settings.yaml:", id="broken YAML"),
        pytest.param("", SUFFIX, "settings.yaml", id="empty file"),
        pytest.param(None, SUFFIX, "settings.yaml", id="no such file"),
        pytest.param(PAYMENTS.read_text().replace("max_tasks: 10", "max_tasks: 2"), SUFFIX, "max_tasks", id="meaning"),
        pytest.param(PAYMENTS.read_text(), "", "ENVIRONMENT_SUFFIX", id="no suffix"),
        pytest.param(PAYMENTS.read_text(), "PR_42", "PR_42", id="bad suffix"),
        pytest.param(PAYMENTS.read_text(), "x" * 40, "x" * 40, id="suffix too long"),
    ],
)
def test_refused_settings_end_with_exit_code_2_one_message_and_no_file(
    text: str | None, suffix: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "settings.yaml"
    if text is not None:
        file.write_text(text)
    completed = run_infra("--settings", str(file), "--suffix", suffix, "--out", str(tmp_path / "out"))
    assert completed.returncode == 2
    assert completed.stdout == ""
    assert said in completed.stderr
    assert "Traceback" not in completed.stderr
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_made_is_told_without_a_traceback(tmp_path: Path) -> None:
    in_the_way = tmp_path / "out"
    in_the_way.write_text("a file")
    completed = run_infra("--settings", str(PAYMENTS), "--suffix", SUFFIX, "--out", str(in_the_way))
    assert completed.returncode == 2
    assert str(in_the_way) in completed.stderr
    assert "Traceback" not in completed.stderr
    assert in_the_way.read_text() == "a file"


def test_a_synthesis_that_breaks_leaves_the_former_files_and_nothing_else(tmp_path: Path) -> None:
    settings = load(PAYMENTS, SUFFIX)
    former = synthesize(settings, tmp_path).read_bytes()
    beside = tmp_path / STACK_FILE.parent / "terraform.tfstate"
    beside.write_text("state")
    files = written(tmp_path)

    too_long = dataclasses.replace(settings.services[0], name="x" * 80)
    broken = dataclasses.replace(settings, services=(*settings.services, too_long))
    with pytest.raises(NameRefusedError):
        synthesize(broken, tmp_path)

    assert written(tmp_path) == files
    assert (tmp_path / STACK_FILE).read_bytes() == former
    assert beside.read_text() == "state"
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_cdktf_synth_finds_what_it_looks_for(payments_path: Path, tmp_path: Path) -> None:
    """Runs the app of cdktf.json as the cdktf command does: from the project, told where to write by CDKTF_OUTDIR."""
    configuration: dict[str, Any] = json.loads((ROOT / "cdktf.json").read_text())
    python, *arguments = shlex.split(configuration["app"])
    assert python == ".venv/bin/python", "what `make setup` leaves"
    assert arguments == ["-m", "infra"]
    context = json.dumps({"cdktfRelativeModules": [], **configuration["context"]})
    completed = run_infra(
        CDKTF_OUTDIR=str(tmp_path), CDKTF_CONTEXT_JSON=context, ENVIRONMENT_SUFFIX=SUFFIX, PYTHONHASHSEED="3"
    )
    assert completed.returncode == 0, completed.stderr
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (stack,) = manifest["stacks"].values()
    assert (stack["name"], stack["synthesizedStackPath"]) == (f"payments-production-{SUFFIX}", str(STACK_FILE))
    assert (tmp_path / stack["workingDirectory"] / "cdk.tf.json").read_bytes() == payments_path.read_bytes()


def test_a_missing_node_is_told_in_one_message(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "node")
    completed = run_infra("--suffix", SUFFIX, "--out", str(tmp_path / "out"), JSII_NODE=nowhere)
    assert completed.returncode == 2
    assert completed.stderr.startswith("JSII_NODE: names no program\n  found:   " + nowhere)
    assert "Traceback" not in completed.stderr
    assert not (tmp_path / "out").exists()
