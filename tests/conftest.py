"""Shared by all tests: the clause recorder, and one synthesized stack per platform and process."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.clauses import ClauseRecorder

ROOT = Path(__file__).parent.parent
PAYMENTS = ROOT / "environments" / "payments.production.yaml"
GATEWAY = ROOT / "environments" / "gateway.production.yaml"
BOOTSTRAP = ROOT / "environments" / "bootstrap.yaml"
PLATFORMS = ("payments", "gateway")  # and the names of the fixtures that hold their stacks
STACKS = (*PLATFORMS, "bootstrap")  # likewise
SUFFIX = "pr42"

# How long an example takes is asked by no test: machines are shared and noisy. Figures live in `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ClauseRecorder())


@pytest.fixture(scope="session", autouse=True)
def _no_suffix_from_outside() -> Iterator[None]:
    """A developer's ENVIRONMENT_SUFFIX must not reach the tests."""
    before = os.environ.pop("ENVIRONMENT_SUFFIX", None)
    yield
    if before is not None:
        os.environ["ENVIRONMENT_SUFFIX"] = before


@pytest.fixture(scope="session")
def payments_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The payments stack, synthesized once per process (one jsii kernel); the path of its cdk.tf.json."""
    return _synthesized(PAYMENTS, tmp_path_factory)


@pytest.fixture(scope="session")
def gateway_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the gateway stack."""
    return _synthesized(GATEWAY, tmp_path_factory)


@pytest.fixture(scope="session")
def bootstrap_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the bootstrap stack."""
    from infra.bootstrap.app import synthesize
    from infra.bootstrap.settings import load

    return synthesize(load(BOOTSTRAP), tmp_path_factory.mktemp("cdktf.out"))


def _synthesized(settings_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from infra.app import synthesize
    from infra.settings import load

    return synthesize(load(settings_file, SUFFIX), tmp_path_factory.mktemp("cdktf.out"))


@pytest.fixture(scope="session")
def payments(payments_path: Path) -> dict[str, Any]:
    """The payments stack as decoded JSON. Tests that change it take a copy."""
    decoded: dict[str, Any] = json.loads(payments_path.read_text())
    return decoded


@pytest.fixture(scope="session")
def gateway(gateway_path: Path) -> dict[str, Any]:
    """The gateway stack as decoded JSON."""
    decoded: dict[str, Any] = json.loads(gateway_path.read_text())
    return decoded


@pytest.fixture(scope="session")
def bootstrap(bootstrap_path: Path) -> dict[str, Any]:
    """The bootstrap stack as decoded JSON."""
    decoded: dict[str, Any] = json.loads(bootstrap_path.read_text())
    return decoded
