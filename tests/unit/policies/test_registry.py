"""Finding the rules: every file is one, and a file that is none breaks the gate."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import policies.rules
from policies.errors import GateError
from policies.registry import all_rules

GOOD = (Path(policies.rules.__file__).parent / "cluster" / "container_insights.py").read_text()


@pytest.fixture
def area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of rules of its own instead of the real ones."""
    folder = tmp_path / "tested_area"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "container_insights.py").write_text(GOOD)
    monkeypatch.setattr(policies.rules, "__path__", [str(tmp_path)])
    all_rules.cache_clear()
    yield folder
    all_rules.cache_clear()
    for name in [name for name in sys.modules if name.startswith("policies.rules.tested_area")]:
        del sys.modules[name]


def test_every_file_of_the_folders_is_a_rule(area: Path) -> None:
    (area / "_shared.py").write_text("1 / 0")
    assert [loaded.id for loaded in all_rules()] == ["container-insights"]
    assert all_rules()[0].check_each is not None


BROKEN = {
    "cannot be parsed": "def",
    "crashes": "1 / 0",
    "imports what is not there": "import nothing_of_that_name",
    "exits": "raise SystemExit(0)",
    "has no rule": "MUTANTS = ()",
    "has no mutants": GOOD.replace("MUTANTS", "OTHERS"),
    "has no check": GOOD.replace("check_each", "checks"),
    "has two checks": GOOD + "\n\ncheck = check_each\n",
    "bears another name": GOOD,
    "rule is no rule": "RULE, MUTANTS, check = 1, (), 2",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_no_rule_breaks_the_gate(area: Path, text: str) -> None:
    (area / "size.py").write_text(text.replace('id="container-insights"', 'id="size"') if text != GOOD else text)
    with pytest.raises(GateError, match=r"tested_area\.size"):
        all_rules()


def test_an_id_twice_breaks_the_gate(area: Path, tmp_path: Path) -> None:
    other = tmp_path / "tested_area" / "inner"
    other.mkdir()
    (other / "__init__.py").write_text("")
    (other / "container_insights.py").write_text(GOOD)
    with pytest.raises(GateError, match="twice"):
        all_rules()


def test_no_rules_at_all_break_the_gate(area: Path) -> None:
    (area / "container_insights.py").unlink()
    with pytest.raises(GateError, match="no rules"):
        all_rules()


def test_a_folder_that_does_not_load_breaks_the_gate(area: Path) -> None:
    (area / "__init__.py").write_text("1 / 0")
    with pytest.raises(GateError, match="tested_area"):
        all_rules()


def test_a_folder_without_its_init_file_breaks_the_gate(area: Path) -> None:
    (area / "__init__.py").unlink()
    with pytest.raises(GateError, match="tested_area"):
        all_rules()
