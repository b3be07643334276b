"""The documents are held to the repository: links lead somewhere, commands exist, decisions are what they say."""

import re
from pathlib import Path

import click
import pytest
import yaml

from delivery.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if not path.name.startswith(".")
)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]+)[^)]*\)")
PAYGATE = re.compile(rf"\bpaygate ({'|'.join(COMMANDS)})\b((?: +[^\s`|&;]+)*)")
MAKE = re.compile(r"\bmake ([a-z]+)\b(?= |`|$)", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.clause("P.12.3", "G.9.10", proof="doc")
def test_every_option_the_readme_names_exists() -> None:
    context = click.Context(cli)
    for name, rest in PAYGATE.findall(text("README.md")):
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            command = command.get_command(context, rest.split()[0])
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest.split() if word.startswith("--")} <= known, f"paygate {name}{rest}"
    assert {name for name, _ in PAYGATE.findall(text("README.md"))} == set(COMMANDS)


@pytest.mark.clause("P.12.3", "G.9.10", proof="doc")
def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`", text("README.md")))
    assert named <= targets
    assert {"sandbox", "test", "setup"} <= named


@pytest.mark.clause("P.12.3", "G.9.10", proof="doc")
@pytest.mark.parametrize(
    "heading", ["Two commands", "Add a service", "Add a platform", "Deploy to AWS", "What is not proven here"]
)
def test_the_readme_tells_how_to_deploy_and_configure(heading: str) -> None:
    section = text("README.md").split(f"## {heading}\n")[1].split("\n## ")[0]
    assert len(section.split()) > 40


@pytest.mark.clause("P.11.1", proof="doc")
def test_the_toolkit_and_the_way_out_of_it_are_recorded() -> None:
    record = text("docs/decisions/0001-pinned-toolchain.md")
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)", text("requirements/requirements.txt"), re.MULTILINE))
    for package in ("cdktf", "cdktf-cdktf-provider-aws", "jsii"):
        assert f"`{package}` {pins[package]}" in record
    assert "cdktn" in record


def test_the_service_the_readme_adds_is_valid(tmp_path: Path) -> None:
    from infra.settings import load

    example = text("README.md").split("```yaml\nservices:\n")[1].split("```")[0]
    settings = text("environments/payments.production.yaml")
    file = tmp_path / "payments.production.yaml"
    file.write_text(f"{settings}\n{example}", encoding="utf-8")
    added = set(yaml.safe_load(f"services:\n{example}")["services"])
    assert added <= {service.name for service in load(file, "pr42").services}


def test_every_decision_is_a_decision() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        body = record.read_text(encoding="utf-8")
        assert body.startswith(f"# {int(record.name[:4])}. ")
        assert "**Decision.**" in body
        assert "**Why.**" in body
