"""Provider schemas, kept on disk: asking terraform costs seconds and 13 MB, and the answer only depends on versions."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def load_schemas(
    selections: Mapping[str, str], cache_folder: Path, ask_terraform: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """The schema of each provider (HOST/NAMESPACE/TYPE -> version in use), from the cache or else from terraform.

    `ask_terraform` returns the `provider_schemas` of `terraform providers schema -json`; it is called at most once,
    and not at all when the cache holds every version. A cache file that cannot be read is written anew.
    """
    files = {source: cache_folder / source / f"{version}.json" for source, version in selections.items()}
    cached = {source: _read(file) for source, file in files.items()}
    if all(schema is not None for schema in cached.values()):
        return cached
    answer = ask_terraform()
    for source, file in files.items():
        _write(file, answer[source])
    return {source: answer[source] for source in files}


def _read(file: Path) -> dict[str, Any] | None:
    try:
        schema = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return schema if isinstance(schema, dict) else None


def _write(file: Path, schema: Mapping[str, Any]) -> None:
    """Atomic, because two platforms may prepare side by side."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(schema, stream)
    Path(name).replace(file)
