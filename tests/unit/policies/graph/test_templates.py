"""Templates: where expressions begin and end, and what they refer to."""

import pytest

from policies.graph.templates import (
    Expression,
    TemplateError,
    escape,
    has_expression,
    is_expression,
    joined,
    parts,
    references,
    single_reference,
)

REFERENCES = [
    ("plain text", []),
    ("", []),
    ("${aws_subnet.a.id}", ["aws_subnet.a"]),
    ("${aws_subnet.a[0].id}", ["aws_subnet.a"]),
    ("${aws_subnet.a[*].id}", ["aws_subnet.a"]),
    ("${aws_subnet.a.*.id}", ["aws_subnet.a"]),
    ('${aws_subnet.a["x"].id}', ["aws_subnet.a"]),
    ("${ aws_subnet.a.id }", ["aws_subnet.a"]),
    ("${data.aws_region.current.name}", ["data.aws_region.current"]),
    ("arn:aws:s3:::${aws_s3_bucket.logs.bucket}/*", ["aws_s3_bucket.logs"]),
    ("${aws_a_b.x.id}-${aws_c_d.y.id}", ["aws_a_b.x", "aws_c_d.y"]),
    ('${join("-", [aws_a_b.x.id, aws_c_d.y.id])}', ["aws_a_b.x", "aws_c_d.y"]),
    ('${format("%s/x", aws_a_b.x.arn)}', ["aws_a_b.x"]),
    ('${"nested ${aws_a_b.x.id}"}', ["aws_a_b.x"]),
    ('${"no reference: aws_a_b.x.id"}', []),
    ('${concat(["aws_a_b.x.id"])}', []),
    ("${[for s in aws_subnet.a : s.id]}", ["aws_subnet.a"]),
    ("${[for my_key, my_s in aws_subnet.a : my_s.id]}", ["aws_subnet.a"]),
    ("${local.zones[0]}", ["local.zones"]),
    ("${var.region}", ["var.region"]),
    ("${each.value}", []),
    ("${self.arn}", []),
    ("${count.index}", []),
    ("$${aws_a_b.x.id}", []),
    ("%%{if}", []),
    ("%{ if aws_a_b.x.id == 1 }a%{ endif }", ["aws_a_b.x"]),
    ("${aws_a_b.x.id == 1 ? aws_c_d.y.id : 2.5}", ["aws_a_b.x", "aws_c_d.y"]),
    ("${one(aws_a_b.x).name_of.it}", ["aws_a_b.x"]),
    ("${module.net.aws_subnet.a.id}", ["module.net.aws_subnet.a"]),
    ("${module.net.module.deep.data.aws_subnet.a.id}", ["module.net.module.deep.data.aws_subnet.a"]),
    ("${module.net.vpc_id}", ["module.net.vpc_id"]),
    (
        "${ephemeral.aws_secretsmanager_random_password.p.random_password}",
        ["ephemeral.aws_secretsmanager_random_password.p"],
    ),
]


@pytest.mark.parametrize(("text", "addresses"), REFERENCES, ids=[text for text, _ in REFERENCES])
def test_references_are_found_wherever_they_stand(text: str, addresses: list[str]) -> None:
    assert [item.address for item in references(text)] == addresses


@pytest.mark.parametrize("text", ["${aws_a_b.x.id", '${"abc}', "a ${ { } ", '${"${"}'])
def test_a_template_that_never_ends_is_an_error(text: str) -> None:
    with pytest.raises(TemplateError):
        parts(text)


def test_escapes_are_literal_text() -> None:
    assert parts("a $${b} %%{c} $d 5%") == ("a ${b} %{c} $d 5%",)
    assert not has_expression("$${b}")


def test_escape_makes_any_text_a_template_of_itself() -> None:
    for text in ("${x}", "$${x}", "%{if}", "plain", "${"):
        assert "".join(str(part) for part in parts(escape(text))) == text


def test_expressions_are_split_from_literals() -> None:
    assert parts("a ${b} c") == ("a ", Expression("b"), " c")
    assert parts("${~ b ~}") == (Expression("b"),)


def test_only_a_whole_traversal_is_a_single_reference() -> None:
    reference = single_reference("${aws_subnet.a[0].id}")
    assert reference is not None
    assert (reference.address, reference.steps) == ("aws_subnet.a", ("0", "id"))
    assert single_reference("x${aws_subnet.a.id}") is None
    assert single_reference("${upper(aws_subnet.a.id)}") is None


def test_only_a_lone_expression_may_be_of_any_type() -> None:
    assert is_expression("${concat(a, b)}")
    assert not is_expression("${a}${b}")
    assert not is_expression("${a")
    assert not is_expression("x")


PARTS_OF_NAMES = {
    "${aws_s3_bucket.a.id}": False,
    "${aws_s3_bucket.a.arn}/*": False,
    "${aws_cloudwatch_log_group.a.arn}:*": False,
    "${aws_ecr_repository.a.repository_url}@sha256:0": False,
    "arn:aws:s3:::${aws_s3_bucket.a.id}/*": False,
    "service/${aws_ecs_cluster.a.name}/${aws_ecs_service.a.name}": False,
    "x-${local.a}": False,
    "${aws_s3_bucket.a.id}-old": True,
    "old-${aws_s3_bucket.a.id}": True,
    "${aws_s3_bucket.a.id}2": True,
}


@pytest.mark.parametrize(("text", "is_part"), PARTS_OF_NAMES.items())
def test_a_reference_inside_a_longer_name_is_another_name(text: str, is_part: bool) -> None:
    assert bool(joined(text)) is is_part
