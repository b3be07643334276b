"""docs/faults.md tells of every fault that is tried, and of no loss."""

import re
from pathlib import Path

from tests.integration.faults.catalogue import CATALOGUE

ROW = re.compile(
    r"^\| (?P<fault>[^|]+) \| (?P<struck>\d+) \| (?P<lost>\d+) \| (?P<took>[^|]+) \| (?P<seen>[^|]+) \|$", re.M
)
ROWS = list(ROW.finditer(Path("docs/faults.md").read_text()))


def test_the_table_has_a_row_for_every_fault_with_what_its_user_does() -> None:
    assert {row["fault"]: row["seen"] for row in ROWS} == dict(CATALOGUE)


def test_every_fault_has_struck_and_none_lost_anything() -> None:
    assert [row["fault"] for row in ROWS if int(row["struck"]) == 0 or int(row["lost"]) != 0] == []
