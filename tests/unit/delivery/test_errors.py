"""A user's error is one message that says what, where, found, allowed and what to do."""

import pytest

from delivery.errors import UserError


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (UserError("no such folder"), "no such folder"),
        (UserError("no such folder", "--out", "x", "a folder", "Make it"),
         "--out: no such folder; found x; allowed: a folder. Make it"),
        (UserError("no such folder", mend="Make it"), "no such folder. Make it"),
        (UserError("no such folder", allowed="a folder"), "no such folder; allowed: a folder"),
    ],
)  # fmt: skip
def test_the_message_holds_the_parts_that_are_known(error: UserError, message: str) -> None:
    assert str(error) == message
    assert error.exit_code == 2
