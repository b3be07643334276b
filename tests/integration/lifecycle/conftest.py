"""Whatever a test of the command leaves running ends with the test, also when the test fails."""

from collections.abc import Iterator

import pytest

from tests.integration.lifecycle.tiny import TinyProject


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    TinyProject.made.clear()
    yield
    for project in TinyProject.made:
        project.end()
