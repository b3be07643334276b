"""A function sees its package, the runtime of Lambda and the stand-ins, and nothing else of this machine."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.sandbox.function_runner import REDIRECTS_VARIABLE

ROOT = Path(__file__).parents[4]


def _run(package: Path, source: str, redirects: dict[str, int] | None = None) -> object:
    """What the handler in `source` answers."""
    (package / "m.py").write_text(source)
    result = package / "result.json"
    subprocess.run(
        [sys.executable, "-m", "delivery.sandbox.function_runner", "m.handle", str(os.getpid()), str(result)],
        input="{}",
        text=True,
        cwd=package,
        timeout=60,
        check=False,
        capture_output=True,
        env={
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",  # the module changes within a second
            REDIRECTS_VARIABLE: json.dumps(redirects or {}),
            "AWS_LAMBDA_FUNCTION_NAME": "f",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_REQUEST_ID": "r",
        },
    )
    answer: object = json.loads(result.read_text())
    return answer


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(("module", "found"), [("json", True), ("botocore", True), ("pg8000", False), ("infra", False)])
def test_a_library_counts_only_if_it_is_packed_or_part_of_the_runtime(tmp_path: Path, module: str, found: bool) -> None:
    answer = _run(tmp_path, f"def handle(event, context):\n    import {module}\n    return {module}.__name__\n")
    if found:
        assert answer == module
    else:
        assert isinstance(answer, dict)
        assert answer["errorMessage"] == f"No module named '{module}' in the package or the Lambda runtime"
        (tmp_path / module).mkdir()
        (tmp_path / module / "__init__.py").touch()
        assert _run(
            tmp_path, f"def handle(event, context):\n    import {module}\n    return {module}.__file__\n"
        ) == str(tmp_path / module / "__init__.py")


@pytest.mark.clause("G.7.3", proof="test")
def test_exactly_the_named_targets_lead_to_loopback(tmp_path: Path) -> None:
    source = (
        "import os, socket\n"
        "def reach(host, port):\n"
        "    try:\n"
        "        return socket.create_connection((host, port), timeout=5).getpeername()[1]\n"
        "    except OSError as error:\n"
        "        return type(error).__name__\n"
        "def handle(event, context):\n"
        "    seen = [name for name in os.environ if name.startswith('PAYGATE')]\n"
        "    return [reach('db.invalid', 5432), reach('db.invalid', 5433), reach('other.invalid', 5432), seen]\n"
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert _run(tmp_path, source, {"db.invalid:5432": port}) == [port, "gaierror", "gaierror", []]
