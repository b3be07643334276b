"""One deployment per session, on the target of PAYGATE_TARGET: `sandbox` (default) or `aws`.

On AWS the account's own settings files are named by PAYGATE_SETTINGS (one per platform, separated as in PATH) and the
suffix by ENVIRONMENT_SUFFIX; credentials come from the environment as for any AWS tool.
"""

import os
from collections.abc import Iterator

import pytest

from tests.integration.targets import AWS, SANDBOX, Deployed, deploy

TARGET = os.environ.get("PAYGATE_TARGET", SANDBOX)
DESTROY = "test_destroy"
# Chains of minutes, started first so that none of them is what everybody waits for at the end. pytest is told to keep
# this order (`--no-loadscope-reorder`).
LONGEST = ("integration/runbooks/", "faults/test_kills", "state/test_bootstrap", "faults/test_concurrency", "faults/")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks: else every process makes a deployment of its own
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs the deployment comes first and in one process, so that the other tests run while it waits.

    What destroys it comes last of those, whatever the files are called. The other long chains come next. On AWS nothing
    else is run: it would say there what it says anywhere, while the deployment costs money.
    """
    needs_it = [item for item in items if "deployed" in getattr(item, "fixturenames", ())]
    others = [item for item in items if item not in needs_it]
    others.sort(key=lambda item: next((rank for rank, part in enumerate(LONGEST) if part in item.nodeid), len(LONGEST)))
    for item in needs_it:
        item.add_marker(pytest.mark.xdist_group("deployed"))
    needs_it.sort(key=lambda item: DESTROY in item.nodeid)
    if TARGET == AWS:
        config.hook.pytest_deselected(items=others)
        others = []
    items[:] = [*needs_it, *others]


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """Both platforms, deployed side by side. Taken down at the end, also when a test has failed."""
    deployment = deploy(TARGET)
    yield deployment
    deployment.destroy()
