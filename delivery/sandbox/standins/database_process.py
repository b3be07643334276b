"""`python -m delivery.sandbox.standins.database_process`: a PostgreSQL that ends with whoever holds our stdin.

First line on stdin: JSON with `certificate`, `key` (PEM) and the `password` of the superuser. The answer is one line of
JSON: `{"port": ...}` when the server takes connections, or `{"error": ...}`. Afterwards a line `stop` or `start` does
that and is answered alike. At the end of stdin, which comes however the other side ends, the server is stopped and its
folder removed.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from delivery.sandbox.standins.postgresql import UNPRIVILEGED, DatabaseError, Server

FOLDERS = ("/tmp", "/var/tmp")  # noqa: S108  (mkdtemp makes one of its own there)


def _new_folder() -> Path:
    """For root one that its unprivileged user can enter too: TMPDIR may be closed to others."""
    is_root = os.geteuid() == 0
    bases = [Path(base).resolve() for base in (tempfile.gettempdir(), *FOLDERS)]
    base = next((base for base in bases if not is_root or _open_to_all(base)), None)
    if base is None:
        raise DatabaseError(f"no folder for temporary files that the user {UNPRIVILEGED} can enter")
    folder = Path(tempfile.mkdtemp(prefix="paygate-database-", dir=base))
    if is_root:
        shutil.chown(folder, UNPRIVILEGED)
    return folder


def _open_to_all(folder: Path) -> bool:
    return folder.is_dir() and all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _serve(folder: Path) -> None:
    """Run the server until the end of stdin."""
    wishes = json.loads(sys.stdin.readline())
    server = Server(folder)
    server.create(wishes["password"], wishes["certificate"], wishes["key"])
    try:
        _say({"port": server.start()})
        for line in sys.stdin:
            _say(_obey(server, line.strip()))
    finally:
        server.stop()


def _obey(server: Server, command: str) -> dict[str, Any]:
    if command == "stop":
        server.stop()
        return {}
    if command == "start":
        return {"port": server.start()}
    return {"error": f"{command!r} is no command"}


def main() -> int:
    """Exit code 2 when the server could not be run."""
    try:
        folder = _new_folder()
        try:
            _serve(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except (DatabaseError, OSError) as error:
        _say({"error": str(error)})
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
