"""The end of the deployment."""

import pytest

from tests.integration.targets import Deployed


@pytest.mark.clause("P.12.1", "G.9.5", proof="live")
def test_a_destroy_leaves_nothing_behind(deployed: Deployed) -> None:
    assert deployed.destroy() == []
