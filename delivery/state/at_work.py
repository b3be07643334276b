"""Whether a terraform of this machine may be the one that holds a lock."""

import json
from pathlib import Path

from delivery.state.lock import Lock

BACKEND_FILE = Path(".terraform", "terraform.tfstate")  # written by `terraform init`: where the state is kept
CLOCK_SKEW_SECONDS = 2.0


def terraform_holds(lock: Lock) -> bool:
    """A terraform that began before the lock was made, and does not provably work on another state."""
    import psutil

    for process in psutil.process_iter():
        try:
            if process.name() != "terraform" or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.create_time() > lock.created_seconds + CLOCK_SKEW_SECONDS:
                continue
            folder: Path | None = Path(process.cwd())
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied:
            folder = None
        if folder is None or state_path_of(folder) in (None, lock.path):
            return True
    return False


def state_path_of(workspace: Path) -> str | None:
    """`bucket/key` of the state that a workspace was initialized for, None when it does not say so."""
    try:
        config = json.loads((workspace / BACKEND_FILE).read_text(encoding="utf-8"))["backend"]["config"]
        return f"{config['bucket']}/{config['key']}"
    except (OSError, ValueError, KeyError, TypeError):
        return None
