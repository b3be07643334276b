"""Guards infra/lazy.py, which leans on internals of the pinned bindings.

Loading the bindings as their authors ship them takes about 20 s of CPU, so this runs while the deployment waits.
"""

import os
import subprocess
import sys
from pathlib import Path

from infra.lazy import PLAIN_PATH_VARIABLE
from tests.conftest import PAYMENTS, ROOT, SUFFIX


def test_the_bindings_as_shipped_write_the_same_bytes_as_the_lazy_ones(payments_path: Path, tmp_path: Path) -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "infra", "--settings", str(PAYMENTS), "--suffix", SUFFIX, "--out", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, PLAIN_PATH_VARIABLE: "1", "NODE_OPTIONS": "", "PYTHONHASHSEED": "2"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    written = tmp_path / "stacks" / f"payments-production-{SUFFIX}" / "cdk.tf.json"
    assert written.read_bytes() == payments_path.read_bytes()
