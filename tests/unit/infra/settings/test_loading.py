"""From file and suffix to settings: defaults, places of mistakes, everything at once, and quickly."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.settings import SettingsError, SettingsErrors, load
from infra.settings.loading import SUFFIX_SOURCE
from infra.settings.model import Discovery, Image, Scaling

ROOT = Path(__file__).parents[4]
PAYMENTS = ROOT / "environments" / "payments.production.yaml"


def edited(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    text = PAYMENTS.read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    return file


def errors_of(file: Path, suffix: str | None = "pr42") -> tuple[SettingsError, ...]:
    with pytest.raises(SettingsErrors) as caught:
        load(file, suffix)
    return caught.value.errors


def test_the_payments_settings_are_valid() -> None:
    settings = load(PAYMENTS, "pr42")

    assert settings.stack_name == "payments-production-pr42"
    assert [service.name for service in settings.services] == ["payment-api", "fraud-detection", "notification-service"]
    assert settings.services[1].image == Image("payments/fraud-detection", digest="sha256:" + "8b2d4f60a1c3e597" * 4)
    assert settings.services[0].scaling == Scaling(3, 10, 70, 80, 60, 300)
    assert settings.discovery == Discovery("payments.internal")
    assert settings.services[2].calls == ()


def test_loading_twice_gives_equal_settings() -> None:
    assert load(PAYMENTS, "pr42") == load(PAYMENTS, "pr42")


def test_a_service_overrides_single_keys_of_a_default_block_and_whole_lists(tmp_path: Path) -> None:
    own = "  payment-api:\n    scaling: {max_tasks: 20}\n    outbound: []\n"
    settings = load(edited(tmp_path, ("  payment-api:\n", own)), "pr42")

    assert settings.services[0].scaling == Scaling(3, 20, 70, 80, 60, 300)
    assert settings.services[0].outbound == ()
    assert settings.services[1].scaling.max_tasks == 10


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
def test_mistakes_of_form_and_meaning_are_told_together_and_in_order(tmp_path: Path) -> None:
    file = edited(
        tmp_path,
        ("retention_days: 30", "retention_days: 31"),
        ("desired_count: 3", "desired_count: three"),
        ("calls: [fraud-detection, ", "calls: [fraud-detektion, "),
        ("port: 8082", "port: 80"),
    )

    found = [(error.line, error.key_path, error.found, error.problem) for error in errors_of(file, "PR42")]

    assert found == [
        (None, "", '"PR42"', "is not DNS-safe"),
        (28, "logs.retention_days", "31", "is not an allowed value"),
        (53, "service_defaults.desired_count", '"three"', "is not a whole number"),
        (84, "services.payment-api.calls[0]", "fraud-detektion", "is not a service of this file"),
        (94, "services.notification-service.port", "80", "is out of range"),
    ]


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@pytest.mark.parametrize(
    ("suffix", "problem"),
    [(None, "is missing"), ("", "is missing"), ("PR42", "is not DNS-safe"), ("pr_42", "is not DNS-safe"),
     ("-pr", "is not DNS-safe"), ("pr-", "is not DNS-safe"), ("a--b", "is not DNS-safe"), ("pr42\n", "is not DNS-safe"),
     ("ä", "is not DNS-safe"), ("x" * 64, "is not DNS-safe"), ("s3alias", "is not DNS-safe"),
     ("x" * 18, "makes a name for its alb that has 33 characters")],
)  # fmt: skip
def test_a_suffix_that_cannot_be_part_of_every_name_is_refused(suffix: str | None, problem: str) -> None:
    error = errors_of(PAYMENTS, suffix)[0]

    assert (error.file, error.line, error.key_path, error.problem) == (SUFFIX_SOURCE, None, "", problem)


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("  cpu_units: 1024\n", ""),
         [("services.payment-api.cpu_units", "is missing", "nothing", "add the key to one of the two"),
          ("services.fraud-detection.cpu_units", "is missing", "nothing", "add the key to one of the two"),
          ("services.notification-service.cpu_units", "is missing", "nothing", "add the key to one of the two")]),
        (("min_tasks: 3\n", "min_task: 3\n"),
         [("service_defaults.scaling.min_task", "is not a known key", "3", "did you mean min_tasks?"),
          ("services.payment-api.scaling.min_tasks", "is missing", "nothing", "add the key to one of the two"),
          ("services.fraud-detection.scaling.min_tasks", "is missing", "nothing", "add the key to one of the two"),
          ("services.notification-service.scaling.min_tasks", "is missing", "nothing",
           "add the key to one of the two")]),
        (("region: us-east-1\n", ""),
         [("region", "is missing", "nothing", "add the key")]),
        (("encryption: aws-managed", "encryption: aws-manage"),
         [("logs.encryption", "is not an allowed value", '"aws-manage"', 'did you mean "aws-managed"?')]),
        (("user: \"10001:10001\"", "user: root"),
         [("service_defaults.user", "is malformed", '"root"', "correct the value")]),
        (("user: \"10001:10001\"", "user: 10001"),
         [("service_defaults.user", "is not text", "10001", "put it in quotes")]),
        (("desired_count: 3", "desired_count: \"3\""),
         [("service_defaults.desired_count", "is not a whole number", '"3"', "remove the quotes")]),
        (("desired_count: 3", "desired_count: 3.0"),
         [("service_defaults.desired_count", "is not a whole number", "3.0", "write a whole number")]),
        (("desired_count: 3", "desired_count:"),
         [("service_defaults.desired_count", "is not a whole number", "nothing (an empty value)",
           "give it a value, or remove the key")]),
        (("create_repositories: false", "create_repositories: 0"),
         [("registry.create_repositories", "is not true or false", "0", "write true or false")]),
        (("environment: production\n", "environment: \"production\\n\"\n"),
         [("environment", "is malformed", '"production "', "correct the value")]),
        (("[us-east-1a, us-east-1b, us-east-1c]", "[us-east-1a, us-east-1b, us-east-1a]"),
         [("network.availability_zones[2]", "is listed twice", '"us-east-1a"', "remove one of the two")]),
        (("[us-east-1a, us-east-1b, us-east-1c]", "[us-east-1a]"),
         [("network.availability_zones", "has too few or too many entries", "1 entries", "add or remove entries")]),
        (("10.20.0.0/16", "10.20.0.1/16"),
         [("network.vpc_cidr", "is malformed", '"10.20.0.1/16"', "correct the value")]),
        (("  fraud-detection:\n", "  Fraud_Detection:\n"),
         [("services.payment-api.calls[0]", "is not a service of this file", "fraud-detection",
           "correct the name or add the service"),
          ("services.Fraud_Detection", "is not a possible key here", '"Fraud_Detection"', "rename the key")]),
        (("    port: 8080\n", "    port: 443\n"),
         [("services.payment-api.port", "is out of range", "443", "correct the value")]),
        (("max_tasks: 10", "max_tasks: 0"),
         [("service_defaults.scaling.max_tasks", "is out of range", "0", "correct the value")]),
        (("maximum_percent: 200", "maximum_percent: 100"),
         [("service_defaults.rollout.maximum_percent", "is out of range", "100", "correct the value")]),
        (("{base: 0, weight: 1}", "{base: 0, weight: 0}"),
         [("capacity.on_demand.weight", "is out of range", "0", "correct the value")]),
        (("AWS APIs and card networks over TLS, through the NAT gateways", "${x}"),
         [("service_defaults.outbound[0].purpose", "is malformed", '"${x}"', "correct the value")]),
        (("service_defaults:\n", "service_defaults: 5\nothers:\n"),
         [("service_defaults", "is not a mapping", "5", "write a mapping"),
          ("others", "is not a known key",
           "a mapping with the keys cpu_units, memory_mib, platform_version, user, stop_t...", "remove the key")]),
    ],
)  # fmt: skip
def test_a_mistake_of_form_is_told_with_key_value_and_remedy(
    edit: tuple[str, str], expected: list[tuple[str, ...]], tmp_path: Path
) -> None:
    errors = errors_of(edited(tmp_path, edit))

    assert [(error.key_path, error.problem, error.found, error.remedy) for error in errors] == expected
    assert all(error.line and error.column and error.allowed for error in errors)


def test_loading_settings_imports_neither_json_schema_nor_yaml_before_it_must() -> None:
    program = (
        "import sys, infra.settings, infra.settings.model, infra.naming, infra.subnets, infra.planned_names;"
        "heavy = {'jsonschema', 'yaml', 'cdktf', 'jsii'} & set(sys.modules); assert not heavy, heavy"
    )

    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_loading_settings_never_imports_the_toolkit() -> None:
    program = (
        "import sys, pathlib; from infra.settings import load;"
        f"load(pathlib.Path({str(PAYMENTS)!r}), 'pr42');"
        "heavy = {'cdktf', 'jsii', 'boto3', 'requests'} & set(sys.modules); assert not heavy, heavy"
    )

    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
