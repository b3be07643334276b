"""The bytes of a settings file as text, or one clear error: nothing else of the file system is let through."""

from pathlib import Path

from infra.settings.errors import Position, SettingsErrors, make_error

LARGEST_FILE_BYTES = 1_000_000


def read_text(path: Path) -> str:
    """The whole file. Raises SettingsErrors when it is missing, unreadable, too large, no regular file or not UTF-8."""
    try:
        content = _read_bytes(path)
    except OSError as error:
        raise _refused(path, "cannot be read", error.strerror or str(error), "a readable file") from None
    except ValueError as error:  # a NUL in the path
        raise _refused(path, "cannot be read", str(error), "the path of a file") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        position = Position(content[: error.start].count(b"\n") + 1, error.start - content[: error.start].rfind(b"\n"))
        found = f"byte 0x{content[error.start]:02x}"
        raise _refused(path, "is not UTF-8 text", found, "UTF-8", position, "save the file as UTF-8") from None


def _read_bytes(path: Path) -> bytes:
    if not path.exists():
        raise _refused(path, "does not exist", "nothing at this path", "a settings file")
    if not path.is_file():  # a pipe or device could block for ever
        found = "a directory" if path.is_dir() else "a pipe or device"
        raise _refused(path, "is not a file", found, "a settings file")
    with path.open("rb") as stream:
        content = stream.read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:
        raise _refused(path, "is too large", f"more than {LARGEST_FILE_BYTES} bytes", f"{LARGEST_FILE_BYTES} bytes")
    return content


def _refused(
    path: Path,
    problem: str,
    found: str,
    allowed: str,
    position: Position | None = None,
    remedy: str = "check the path; settings files are in environments/",
) -> SettingsErrors:
    return SettingsErrors([make_error(str(path), (), position, problem, found, allowed, remedy)])
