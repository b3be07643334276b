"""What the functions may import: themselves, the standard library, what Lambda brings, and what is packed with them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.lambda_package import SOURCES

PACKAGES = ("redeploy", "rotation")
OF_THE_RUNTIME = {"boto3", "botocore"}
PACKED = {"rotation": {"pg8000"}, "redeploy": set[str]()}


def imported(source: Path) -> Iterator[str]:
    """The first part of every absolute import; "." and more for relative ones."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level or str(node.module).partition(".")[0]


def test_every_package_is_known() -> None:
    assert tuple(sorted(path.parent.name for path in SOURCES.glob("*/handler.py"))) == PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_a_function_imports_what_it_has_where_it_runs(package: str) -> None:
    allowed = sys.stdlib_module_names | OF_THE_RUNTIME | PACKED[package] | {"."}
    sources = sorted((SOURCES / package).rglob("*.py"))

    assert len(sources) > 3
    for source in sources:
        assert set(imported(source)) <= allowed, source
