"""Whether a terraform of this machine may be the one that holds a lock."""

import json
from pathlib import Path
from typing import Any

from delivery.state.lock import Lock

DATA_FOLDER, DATA_FOLDER_VARIABLE = ".terraform", "TF_DATA_DIR"
BACKEND_FILE = "terraform.tfstate"  # in the data folder, written by `terraform init`: where the state is kept
CLOCK_SKEW_SECONDS = 2.0


def terraform_holds(lock: Lock) -> bool:
    """A terraform that began before the lock was made, and works on this state or does not let us see on which."""
    import psutil

    for process in psutil.process_iter():
        try:
            if process.name() != "terraform" or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.create_time() <= lock.created_seconds + CLOCK_SKEW_SECONDS and _may_hold(process, lock):
                return True
        except psutil.NoSuchProcess:
            continue
        except (psutil.AccessDenied, OSError):
            return True
    return False


def _may_hold(process: Any, lock: Lock) -> bool:
    """Without a backend file terraform was initialized for no backend that has locks of this kind."""
    data = process.environ().get(DATA_FOLDER_VARIABLE, DATA_FOLDER)
    return state_path_of(Path(process.cwd()), data) == lock.path


def state_path_of(workspace: Path, data_folder: str = DATA_FOLDER) -> str | None:
    """`bucket/key` of the state in S3 that a workspace was initialized for, None when it was for none.

    OSError when its backend file is there and cannot be read.
    """
    try:
        config = json.loads((workspace / data_folder / BACKEND_FILE).read_text(encoding="utf-8"))["backend"]["config"]
        return f"{config['bucket']}/{config['key']}"
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
