"""Values written as expressions, as `jsonencode(...)` holds them."""

from typing import Any

import pytest

from policies.graph.expressions import ExpressionError, call_argument, evaluate_expression

VALUES: list[tuple[str, Any]] = [
    ('"a"', "a"),
    ("1", 1),
    ("-1.5", -1.5),
    ("1e3", 1000.0),
    ("true", True),
    ("null", None),
    ("[]", []),
    ("{}", {}),
    ('[1, "a", true,]', [1, "a", True]),
    ('{"a" = 1, b = 2, "c": 3}', {"a": 1, "b": 2, "c": 3}),
    ("{\n  a = 1\n  b = [2,\n 3]\n}", {"a": 1, "b": [2, 3]}),
    ("{ a = 1 # why\n // and\n b = /* x */ 2 }", {"a": 1, "b": 2}),
    (r'"a\n\"b\"\\ é"', 'a\n"b"\\ é'),
    ('"${aws_a_b.x.id}/y"', "${aws_a_b.x.id}/y"),
    ('"${join(",", [aws_a_b.x.id])}"', '${join(",", [aws_a_b.x.id])}'),
    ('"$${literal}"', "$${literal}"),
    ("aws_a_b.x.id", "${aws_a_b.x.id}"),
    ("[aws_a_b.x.id, 1 + 2, f(x, y)]", ["${aws_a_b.x.id}", "${1 + 2}", "${f(x, y)}"]),
    ('{a = x ? "y" : "z", b = 1}', {"a": '${x ? "y" : "z"}', "b": 1}),
    ('{a = "x" == y, b = 1}', {"a": '${"x" == y}', "b": 1}),
    ("[for s in x : s.id]", "${[for s in x : s.id]}"),
    ("{a = jsonencode({b = 1})}", {"a": "${jsonencode({b = 1})}"}),
    ("[true, truely]", [True, "${truely}"]),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_literals_are_values_and_all_else_stays_an_expression(text: str, value: Any) -> None:
    assert evaluate_expression(text) == value


BROKEN = [
    "",
    "[1",
    "{a = 1",
    "{a 1}",
    "{= 1}",
    "[1 2",
    '"abc',
    r'"\q"',
    r'"\uZZZZ"',
    "{a = }",
    "{a = 1, a = 2}",
    "[,]",
    "[[" * 300,
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_expression_is_an_error(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate_expression(text)


def test_a_call_is_taken_apart_only_when_it_is_the_whole_expression() -> None:
    assert call_argument("jsonencode([1, (2)])", "jsonencode") == "[1, (2)]"
    assert call_argument("jsonencode([1]) ", "jsonencode") == "[1]"
    assert call_argument("upper(jsonencode([1]))", "jsonencode") is None
    assert call_argument("jsonencode([1]) + 1", "jsonencode") is None
