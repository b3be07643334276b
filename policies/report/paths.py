"""File names in reports that other programs resolve."""

from pathlib import Path
from urllib.parse import quote


def uri(file: str) -> str:
    """A path as a relative URI reference where it lies below the working directory, as a file URI otherwise."""
    path = Path(file)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_uri()
    return quote(path.as_posix())
