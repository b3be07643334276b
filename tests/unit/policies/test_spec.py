"""Specs: found by the stack's name, checked by their schema, and strict about what they do not say."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.errors import GateError
from policies.gate import rules_of
from policies.spec import SPEC_FOLDER, SpecLacksError, load_spec, spec_for_stack, spec_names

PAYMENTS: dict[str, Any] = yaml.safe_load((SPEC_FOLDER / "payments.yaml").read_text())


def folder(root: Path, **specs: Any) -> Path:
    for name, values in specs.items():
        (root / f"{name}.yaml").write_text(values if isinstance(values, str) else yaml.safe_dump(values))
    return root


@pytest.mark.parametrize("name", spec_names())
def test_every_spec_of_the_project_loads(name: str) -> None:
    assert load_spec(name).name == name


def test_the_spec_is_chosen_by_the_first_part_of_the_stacks_name(tmp_path: Path) -> None:
    assert spec_for_stack("payments-production-pr42", "x").name == "payments"
    renamed = folder(tmp_path, shop={**PAYMENTS, "spec": "shop", "platform": "shop"})
    assert spec_for_stack("shop-production-pr42", "x", renamed).name == "shop"


@pytest.mark.parametrize("stack", ["", "-", "paymentsx-production", "baseline-production"])
def test_a_stack_without_a_spec_is_an_error_that_lists_them(stack: str) -> None:
    with pytest.raises(GateError, match="baseline, bootstrap, gateway, payments"):
        spec_for_stack(stack, "cdk.tf.json")


def test_values_are_read_by_path_and_what_is_not_stated_is_an_error() -> None:
    spec = load_spec("payments")
    assert spec.get("services.payment-api.port") == PAYMENTS["services"]["payment-api"]["port"]
    assert spec.get("reachability.edges[0].from") == "payment-api"
    assert spec.states("task.cpu_units")
    for path in ("task.cpu", "nothing", "reachability.edges[99]", "region.x"):
        assert not spec.states(path)
        with pytest.raises(SpecLacksError, match="payments"):
            spec.get(path)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The payments spec with a value at a dotted path, or without it (value ...)."""
    copied: dict[str, Any] = yaml.safe_load(yaml.safe_dump(PAYMENTS))
    *steps, last = path.split(".")
    holder = copied
    for step in steps:
        holder = holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return copied


BROKEN = [
    *((key, ...) for key in PAYMENTS if key != "spec"),
    ("task.cpu_units", "1024"),
    ("task.cpu_units", 1000),
    ("task.extra", 1),
    ("services.payment-api.port", 0),
    ("services", {}),
    ("logs.encryption", "none"),
    ("logs.retention_days", 31),
    ("capacity.minimum_spot_percent", 101),
    ("load_balancer.public_cidrs", ["everyone"]),
    ("reachability.edges", [{"from": "a", "to": "b"}]),
    ("tags", {"Environment": 5}),
    ("naming.pattern", "fixed"),
    ("rules", "none"),
    ("rules", "baseline"),
    ("extra", 1),
]


@pytest.mark.parametrize(("path", "value"), BROKEN)
def test_a_spec_that_breaks_its_schema_is_refused(tmp_path: Path, path: str, value: Any) -> None:
    with pytest.raises(GateError, match=r"payments\.yaml: the file breaks its schema"):
        load_spec("payments", folder(tmp_path, payments=changed(path, value)))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    broken = changed("task.cpu_units", 1)
    broken["desired_count"] = 0
    with pytest.raises(GateError) as raised:
        load_spec("payments", folder(tmp_path, payments=broken))
    assert "task.cpu_units" in str(raised.value)
    assert "desired_count" in str(raised.value)


@pytest.mark.parametrize("text", ["", "spec: [", "spec: a\nspec: b", "? [a]\n: b", "- a", "\x00"])
def test_a_spec_that_is_no_yaml_map_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(GateError, match=r"payments\.yaml"):
        load_spec("payments", folder(tmp_path, payments=text))


def test_a_spec_under_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="name of its file"):
        load_spec("other", folder(tmp_path, other=PAYMENTS))


BOOTSTRAP: dict[str, Any] = yaml.safe_load((SPEC_FOLDER / "bootstrap.yaml").read_text())


def test_a_spec_may_list_its_rules() -> None:
    spec = load_spec("bootstrap")
    assert [loaded.id for loaded in rules_of(spec)] == sorted(BOOTSTRAP["rules"])


def test_a_listed_rule_that_there_is_not_breaks_the_gate(tmp_path: Path) -> None:
    specs = folder(tmp_path, bootstrap={**BOOTSTRAP, "rules": ["bucket-private", "bucket-privat"]})
    with pytest.raises(GateError, match=r"lists rules that there are not.*bucket-privat"):
        rules_of(load_spec("bootstrap", specs))


@pytest.mark.parametrize(
    "values",
    [
        {**BOOTSTRAP, "rules": []},
        {**BOOTSTRAP, "rules": "some"},
        {key: value for key, value in BOOTSTRAP.items() if key != "kinds"},
        {**BOOTSTRAP, "ci": {**BOOTSTRAP["ci"], "subjects": ["repo:example/paygate:*"]}},
        {**PAYMENTS, "ci": BOOTSTRAP["ci"], "spec": "bootstrap"},
    ],
)
def test_a_spec_of_the_bootstrap_stack_that_says_too_little_or_too_much_is_refused(
    values: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(GateError):
        load_spec("bootstrap", folder(tmp_path, bootstrap=values))
