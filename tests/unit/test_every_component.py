"""Every component has unit tests: a module of infra has a test module, by its name or by what it says here."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "unit" / "infra"
MODULES = sorted(path for path in (ROOT / "infra").glob("*.py") if path.stem != "__init__")
# Module -> the test module that is about it, where that is not called `test_<module>`.
TESTED_IN = {
    "__main__": "test_synth",
    "alarms": "test_rollout",
    "app": "test_synth",
    "bake": "test_form",
    "capacity": "test_cluster",
    "certificate": "test_load_balancer",
    "container": "test_tasks",
    "context": "test_tags",
    "edges": "test_traffic",
    "encryption_key": "test_variants",
    "function": "gateway/test_rotation",
    "lazy": "test_form",
    "literal": "test_unusual_settings",
    "policy": "test_identity",
    "problems": "test_synth",
    "redeployment": "gateway/test_rotation",
    "rotation": "gateway/test_rotation",
    "secrets": "gateway/test_secrets",
    "service": "test_services",
    "stack": "test_form",
    "versions": "test_form",
}


@pytest.mark.clause("G.9.9", proof="test")
@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_of_infra_has_a_test_module(module: Path) -> None:
    name = TESTED_IN.get(module.stem, f"test_{module.stem}")
    assert "def test_" in (TESTS / f"{name}.py").read_text()


@pytest.mark.clause("G.9.9", proof="test")
def test_the_table_names_modules_that_are_there() -> None:
    assert set(TESTED_IN) <= {module.stem for module in MODULES}
