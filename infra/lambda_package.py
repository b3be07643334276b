"""Packages of functions: a zip whose bytes depend on nothing but what is in it.

Nothing is compressed: what zlib makes of the same bytes differs between its versions, and with it the hash that tells
Terraform whether a function has changed.
"""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from infra.problems import SynthesisError

SOURCES = Path(__file__).parent / "lambdas"
TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
READABLE_FILE = 0o100644 << 16  # Lambda runs as a user of its own
UNIX = 3
COMPILED = (".so", ".pyd", ".dll", ".dylib")
METADATA = re.compile(r"[^/]+\.dist-info/METADATA")  # read by a library that asks for its own version when imported


def build(name: str, libraries: Sequence[str] = (), extra_files: Mapping[str, bytes] | None = None) -> bytes:
    """The zip of the function in infra/lambdas/<name>, with pure-Python libraries and what those require.

    libraries: names of installed distributions; extra_files: path in the zip -> contents. Raises SynthesisError when
    there is no such function, a library is not installed as it was published, or not pure Python, or two files have
    one path. boto3 comes with the Lambda runtime.
    """
    files: dict[str, bytes] = {}
    for path, contents in _contents(name, libraries, extra_files or {}):
        if path in files:
            raise _refused(f"package of {name}", "two files have one path", path, "each path once", "rename one")
        files[path] = contents
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, TIMESTAMP)
            entry.external_attr, entry.create_system = READABLE_FILE, UNIX
            archive.writestr(entry, files[path])
    return packed.getvalue()


def _contents(name: str, libraries: Sequence[str], extra_files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield from _sources(name)
    for library in _with_their_needs(libraries):
        yield from _files_of(library)
    yield from extra_files.items()


def _sources(name: str) -> Iterator[tuple[str, bytes]]:
    folder = SOURCES / name
    if not (folder / "handler.py").is_file():
        known = ", ".join(sorted(path.parent.name for path in SOURCES.glob("*/handler.py")))
        raise _refused(str(folder), "holds no function", "no handler.py", known, "correct the name")
    for path in folder.rglob("*.py"):
        yield path.relative_to(SOURCES).as_posix(), path.read_bytes()


def _with_their_needs(libraries: Iterable[str]) -> Iterator[Distribution]:
    """The libraries and everything they require, each once."""
    waiting, seen = list(libraries), set[str]()
    while waiting:
        library = _installed(waiting.pop())
        if _name(library) not in seen:
            seen.add(_name(library))
            waiting += _required(library)
            yield library


def _required(library: Distribution) -> Iterator[str]:
    """Names of what a distribution requires; not what belongs to an extra of it."""
    for requirement in library.requires or ():
        demanded, _, marker = requirement.partition(";")
        if not marker:
            yield re.split(r"[^A-Za-z0-9._-]", demanded.strip(), maxsplit=1)[0]
        elif not re.search(r"\bextra\b", marker):
            raise _refused(
                _name(library),
                "a library of a function requires something under a condition",
                requirement,
                "what is required always: the condition would be checked here and not where the function runs",
                "take another version",
            )


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        problem = "a library of a function is not installed"
        pins = "what requirements/requirements.txt pins"
        raise _refused(name, problem, "no such distribution", pins, "run `make setup`") from None


def _files_of(library: Distribution) -> Iterator[tuple[str, bytes]]:
    """The Python files of a distribution, as they were published, and what says its version."""
    files = [file for file in library.files or () if ".." not in file.parts]
    compiled = [file for file in files if file.suffix in COMPILED]
    if compiled or not any(file.suffix == ".py" for file in files):
        found = str(compiled[0]) if compiled else "no Python file"
        problem = "a library of a function is not pure Python"
        raise _refused(_name(library), problem, found, "Python files, which run on every processor", "take another")
    for file in files:
        if file.suffix == ".py" or METADATA.fullmatch(file.as_posix()):
            yield file.as_posix(), _as_published(library, file)


def _as_published(library: Distribution, file: PackagePath) -> bytes:
    contents = file.read_binary()
    digest = base64.urlsafe_b64encode(hashlib.sha256(contents).digest()).decode().rstrip("=")
    if file.hash is None or (file.hash.mode, file.hash.value) != ("sha256", digest):
        problem = "a file of a library is not the one that was installed"
        raise _refused(_name(library), problem, str(file), "what its RECORD says", "remove .venv and run `make setup`")
    return contents


def _name(library: Distribution) -> str:
    return str(library.metadata["Name"])


def _refused(where: str, problem: str, found: str, allowed: str, to_do: str) -> SynthesisError:
    return SynthesisError(f"{where}: {problem}\n  found:   {found}\n  allowed: {allowed}\n  to do:   {to_do}")
