"""Packages of functions: the same bytes anywhere, with everything in them that the function needs, and nothing else."""

import ast
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import pytest

from infra import lambda_package
from infra.lambda_package import SOURCES, build
from infra.problems import SynthesisError

ROOT = Path(__file__).parents[3]
LIBRARIES = {"pg8000", "scramp", "asn1crypto", "python-dateutil", "six"}
HASH = (
    "import hashlib; from infra.lambda_package import build; "
    "print(hashlib.sha256(build('rotation', ('pg8000',), {'authorities.pem': b'x'})).hexdigest())"
)


def names(package: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(package)).namelist()


@pytest.fixture(scope="module")
def rotation() -> bytes:
    return build("rotation", ("pg8000",))


@pytest.mark.clause("G.7.3", proof="test")
def test_the_bytes_depend_on_nothing_but_the_files(tmp_path: Path) -> None:
    """Another process, another order of hashes, another folder, other times of the files, another mask."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "infra", copy / "infra", ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted((copy / "infra").rglob("*.py"), reverse=True):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o600)
    found = set()
    for folder, seed in ((ROOT, "0"), (ROOT, "1"), (copy, "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}", "PYTHONPATH": str(folder)}
        result = subprocess.run(
            [sys.executable, "-c", HASH], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        found.add(result.stdout.strip())

    assert found == {hashlib.sha256(build("rotation", ("pg8000",), {"authorities.pem": b"x"})).hexdigest()}


@pytest.mark.clause("G.7.3", proof="test")
def test_entries_are_sorted_plain_and_readable_by_everybody(rotation: bytes) -> None:
    entries = zipfile.ZipFile(io.BytesIO(rotation)).infolist()

    assert [entry.filename for entry in entries] == sorted({entry.filename for entry in entries})
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {entry.create_system for entry in entries} == {3}


@pytest.mark.clause("G.7.3", proof="test")
def test_the_sources_are_those_of_the_function(rotation: bytes) -> None:
    own = {name for name in names(rotation) if name.startswith("rotation/")}
    sources = {path.relative_to(SOURCES).as_posix() for path in (SOURCES / "rotation").rglob("*.py")}

    assert own == sources
    assert names(build("redeploy")) == sorted(
        path.relative_to(SOURCES).as_posix() for path in (SOURCES / "redeploy").rglob("*.py")
    )


@pytest.mark.clause("G.7.3", proof="test")
def test_the_libraries_are_whole_and_bring_what_they_need(rotation: bytes) -> None:
    expected = {
        file.as_posix()
        for library in LIBRARIES
        for file in distribution(library).files or ()
        if file.suffix == ".py" or file.name == "METADATA"
    }

    assert {name for name in names(rotation) if not name.startswith("rotation/")} == expected
    assert all(name.endswith((".py", ".dist-info/METADATA")) for name in names(rotation))
    assert not [name for name in names(rotation) if "__pycache__" in name or name.startswith(("boto", "/", ".."))]
    assert len(rotation) < 3_000_000


@pytest.mark.clause("G.7.3", proof="test")
def test_the_function_and_its_libraries_run_from_the_package_alone(rotation: bytes, tmp_path: Path) -> None:
    """Without site-packages; only botocore's error class is put beside it, which Lambda brings."""
    package, runtime = tmp_path / "package", tmp_path / "runtime"
    zipfile.ZipFile(io.BytesIO(rotation)).extractall(package)
    (runtime / "botocore").mkdir(parents=True)
    (runtime / "botocore" / "__init__.py").touch()
    (runtime / "botocore" / "exceptions.py").write_text("class ClientError(Exception): pass\n")
    program = f"""
import sys
sys.path[:0] = [{str(package)!r}, {str(runtime)!r}]
import pg8000.native, rotation.handler
try:
    rotation.handler.handle({{}}, None)
except Exception as error:
    print(type(error).__module__, error)
print({{name.partition('.')[0] for name, module in sys.modules.items()
       if str(getattr(module, '__file__', '')).startswith({str(package)!r})}})
"""
    result = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)

    first, second = result.stdout.splitlines()
    assert first.startswith("rotation.problem the function is not configured; found no SECRET_ARN")
    assert ast.literal_eval(second) == {"rotation", "pg8000", "scramp", "asn1crypto", "dateutil", "six"}


def test_further_files_lie_where_they_are_put() -> None:
    package = build("redeploy", extra_files={"authorities.pem": b"PEM", "a/b.txt": b"B"})
    archive = zipfile.ZipFile(io.BytesIO(package))

    assert archive.read("authorities.pem") == b"PEM"
    assert archive.read("a/b.txt") == b"B"


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("name", ["nothing", "", "__pycache__", "../lambdas/missing"])
def test_a_function_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(
        SynthesisError, match=r"holds no function\n  found:   no handler.py\n  allowed: redeploy, rotation"
    ):
        build(name)


@pytest.mark.clause("G.9.8", proof="test")
def test_a_library_that_is_not_installed_is_told() -> None:
    with pytest.raises(SynthesisError, match=r"^no-such-library: a library of a function is not installed"):
        build("redeploy", ("no-such-library",))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_file_may_not_take_the_place_of_another() -> None:
    with pytest.raises(SynthesisError, match=r"two files have one path\n  found:   redeploy/handler.py"):
        build("redeploy", extra_files={"redeploy/handler.py": b""})


@pytest.mark.clause("G.9.8", proof="test")
def test_a_library_with_compiled_parts_is_refused() -> None:
    with pytest.raises(SynthesisError, match=r"PyYAML: a library of a function is not pure Python\n  found:   .*\.so"):
        build("redeploy", ("PyYAML",))


def installed(
    folder: Path, requires: str = "", files: dict[str, str] | None = None, record: str = ""
) -> PathDistribution:
    """A library as pip would have installed it in this folder."""
    info = folder / "lib-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: lib\nVersion: 1.0\n{requires}")
    for name, text in (files or {}).items():
        (folder / name).write_text(text)
    (info / "RECORD").write_text(record)
    return PathDistribution(info)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"requires": 'Requires-Dist: more>1; os_name > "a"\n'}, "requires something under a condition\n.*more>1"),
        ({"record": "lib-1.0.dist-info/METADATA,,\n"}, "not pure Python\n  found:   no Python file"),
        ({"files": {"lib.py": "x\n"}, "record": "lib.py,sha256=AAAA,2\n"}, "not the one that was installed\n.*lib.py"),
        ({"files": {"lib.py": "x\n"}, "record": "lib.py,,\n"}, "not the one that was installed\n.*lib.py"),
    ],
    ids=["under-a-condition", "empty", "changed", "without-a-hash"],
)  # fmt: skip
def test_a_library_that_is_not_as_it_was_published_is_refused(
    parts: dict[str, str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = installed(tmp_path, **parts)  # type: ignore[arg-type]
    monkeypatch.setattr(lambda_package, "distribution", {"lib": library}.__getitem__)

    with pytest.raises(SynthesisError, match=re.compile(problem, re.DOTALL)):
        build("redeploy", ("lib",))


def test_what_belongs_to_an_extra_is_not_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = "LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564"  # of "foo"
    library = installed(
        tmp_path, 'Requires-Dist: more; extra == "x"\n', {"lib.py": "foo"}, f"lib.py,sha256={digest},3\n"
    )
    monkeypatch.setattr(lambda_package, "distribution", {"lib": library}.__getitem__)

    assert "lib.py" in names(build("redeploy", ("lib",)))
