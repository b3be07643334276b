"""No account id, ARN, address range, region or name of a deployment is typed into infra/; all of them are settings."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "infra").rglob("*.py"))
DEPLOYMENTS = sorted((ROOT / "environments").glob("*.*.yaml"))

TYPED_VALUES = {
    "account id": re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])"),
    "ARN": re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:\S"),
    "address range": re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}"),
    "region": re.compile(r"[a-z]{2}(-gov)?-(north|south|east|west|central)[a-z]*-[0-9]"),
    "domain": re.compile(r"example\.com|\.internal\b"),
    "hosted zone": re.compile(r"\bZ[0-9A-Z]{10,}\b"),
    "image digest": re.compile(r"sha256:[0-9a-f]{8,}"),
}
# Constants of standards, not of a deployment.
ALLOWED = {
    ("network.py", "0.0.0.0/0"): "the default route",
    ("meaning/network.py", "10.0.0.0/8"): "RFC 1918",
    ("meaning/network.py", "172.16.0.0/12"): "RFC 1918",
    ("meaning/network.py", "192.168.0.0/16"): "RFC 1918",
    ("meaning/network.py", "100.64.0.0/10"): "RFC 6598",
    ("infra/__main__.py", "environments/payments.production.yaml"): "what is built when no file is named",
    ("naming.py", "0" * 12): "stands for an account id when names are measured",
}


def literals(source: Path) -> Iterator[tuple[int, str]]:
    """String constants that are not docstrings, with their lines; those inside f-strings too."""
    tree = ast.parse(source.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


@cache
def deployment_names() -> set[str]:
    """What the settings files call their platforms, services, teams and domains."""
    names: set[str] = set()
    for file in DEPLOYMENTS:
        data = yaml.safe_load(file.read_text())
        names |= {data["platform"], *data["services"], *data["tags"].values()}
        names |= {service["image"].get("repository") for service in data["services"].values()} - {None}
    return names


def test_there_is_something_to_search() -> None:
    assert len(SOURCES) > 30
    assert {"payments", "payment-api", "fraud-detection", "engineering"} <= deployment_names()


@pytest.mark.clause("G.9.7", proof="test")
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.relative_to(ROOT)))
def test_no_value_of_a_deployment_is_typed_into_the_source(source: Path) -> None:
    found = []
    for line, text in literals(source):
        allowed = any(str(source).endswith(f"/{file}") and text == value for file, value in ALLOWED)
        kinds = [kind for kind, pattern in TYPED_VALUES.items() if pattern.search(text)]
        names = [name for name in deployment_names() if re.search(rf"(?<![a-z-]){re.escape(name)}(?![a-z-])", text)]
        found += [(line, text, what) for what in (*kinds, *names) if not allowed]

    assert found == []


@pytest.mark.parametrize("kind", TYPED_VALUES)
def test_the_search_finds_each_kind_of_value(kind: str) -> None:
    example = {
        "account id": "role of 123456789012",
        "ARN": "arn:aws:s3:::bucket",
        "address range": "10.20.0.0/16",
        "region": "us-east-1a",
        "domain": "payments.example.com",
        "hosted zone": "Z0EXAMPLE0PAYMENTS01",
        "image digest": "sha256:3f9a1c5be7d2",
    }[kind]

    assert TYPED_VALUES[kind].search(example)
