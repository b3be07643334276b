"""Which findings stop a deployment."""

import pytest

from delivery.scan.severity import RANKED, SEVERITIES, stops

pytestmark = pytest.mark.clause("G.2.4", proof="test")


@pytest.mark.parametrize(
    ("block_severity", "stopping"),
    [
        ("CRITICAL", {"CRITICAL"}),
        ("HIGH", {"CRITICAL", "HIGH"}),
        ("MEDIUM", {"CRITICAL", "HIGH", "MEDIUM"}),
        ("LOW", {"CRITICAL", "HIGH", "MEDIUM", "LOW"}),
        ("INFORMATIONAL", set(RANKED)),
        ("UNDEFINED", set(RANKED)),
    ],
)
def test_a_finding_of_the_severity_or_graver_stops(block_severity: str, stopping: set[str]) -> None:
    assert {severity for severity in RANKED if stops(severity, block_severity)} == stopping


@pytest.mark.parametrize("severity", ["UNDEFINED", "UNTRIAGED", "", "high", "HIGH "])
@pytest.mark.parametrize("block_severity", SEVERITIES)
def test_a_severity_that_says_nothing_always_stops(severity: str, block_severity: str) -> None:
    assert stops(severity, block_severity)
