"""Container definitions and policies, decoded from every form they are written in."""

import json
from typing import Any

import pytest

from policies.graph import Graph, MalformedError, ReadError, UnresolvedError
from policies.graph.containers import containers, task_definition_of
from policies.graph.decode import decode
from policies.graph.iam import IDENTITY_POLICIES, RESOURCE_POLICIES, TRUST_POLICIES, Principal, policies_of, statements
from policies.graph.terraform_json import load_document

CONTAINER = {
    "name": "api",
    "image": "${data.aws_ecr_repository.r.repository_url}@sha256:1",
    "privileged": False,
    "cpu": 10,
}
HCL = (
    '${jsonencode([{"name" = "api", "image" = "${data.aws_ecr_repository.r.repository_url}@sha256:1", '
    '"privileged" = false, cpu = 10}])}'
)


def stack(definitions: Any, **others: Any) -> Graph:
    return load_document(
        {
            "resource": {"aws_ecs_task_definition": {"t": {"container_definitions": definitions}}},
            "data": {"aws_ecr_repository": {"r": {}}},
            **others,
        }
    )


ENCODED: dict[str, tuple[Any, dict[str, Any]]] = {
    "plain string": (json.dumps([CONTAINER]), {}),
    "string with line breaks": (json.dumps([CONTAINER], indent=2), {}),
    "jsonencode": (HCL, {}),
    "jsonencode over lines": (HCL.replace(", ", ",\n  "), {}),
    "a local that holds the string": ("${local.c}", {"locals": {"c": json.dumps([CONTAINER])}}),
    "jsonencode of a local": ("${jsonencode(local.c)}", {"locals": {"c": [CONTAINER]}}),
}


@pytest.mark.parametrize(("definitions", "others"), ENCODED.values(), ids=ENCODED.keys())
def test_containers_are_decoded_in_every_form(definitions: Any, others: dict[str, Any]) -> None:
    graph = stack(definitions, **others)
    (container,) = containers(graph.resources["aws_ecs_task_definition.t"])
    assert dict(container.values) == CONTAINER
    assert container.where("privileged") == "container_definitions[0].privileged"
    assert graph.follow(container.get("image"))[0].address == "data.aws_ecr_repository.r"


def test_expressions_with_quotes_inside_json_are_kept_whole() -> None:
    graph = stack(
        '[{"image": "${join("/", [data.aws_ecr_repository.r.repository_url, "x"])}", "text": "$${literal} {}"}]'
    )
    (container,) = containers(graph.resources["aws_ecs_task_definition.t"])
    assert container.get("image") == '${join("/", [data.aws_ecr_repository.r.repository_url, "x"])}'
    assert container.text("text") == "${literal} {}"


UNREADABLE: dict[str, tuple[Any, type[ReadError]]] = {
    "absent": (None, MalformedError),
    "empty text": ("", MalformedError),
    "no container": ("[]", MalformedError),
    "an object": ("{}", MalformedError),
    "a list of texts": ('["x"]', MalformedError),
    "no JSON": ("[{", MalformedError),
    "a list, not a text": ([{"name": "api"}], MalformedError),
    "a number": (5, MalformedError),
    "a key twice": ('[{"privileged": true, "privileged": false}]', MalformedError),
    "too deep": ("[" * 100_000 + "]" * 100_000, MalformedError),
    "expression outside of texts": ('[{"cpu": ${var.cpu}}]', MalformedError),
    "broken template": ('[{"name": "${x"}]', MalformedError),
    "broken jsonencode": ("${jsonencode([{)}", MalformedError),
    "key twice in jsonencode": ("${jsonencode([{a = 1, a = 2}])}", MalformedError),
    "the mark of the decoder": ('[{"name": "\ue0000\ue001"}]', MalformedError),
    "the mark, escaped": (r'[{"name": "\uE0000\ue001", "x": "${a_b.c.d}"}]', MalformedError),
    "another function": ('${file("containers.json")}', UnresolvedError),
    "a reference": ("${aws_x.y.containers}", UnresolvedError),
    "jsonencode of a reference": ("${jsonencode(aws_x.y.containers)}", UnresolvedError),
    "jsonencode of a loop": ("${jsonencode([for c in local.x : c])}", UnresolvedError),
    "an undeclared variable": ("${var.containers}", UnresolvedError),
}


@pytest.mark.parametrize(("definitions", "error"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_decoded_raises_at_its_place(definitions: Any, error: type[ReadError]) -> None:
    with pytest.raises(error) as raised:
        containers(stack(definitions).resources["aws_ecs_task_definition.t"])
    assert raised.value.address == "aws_ecs_task_definition.t"
    assert raised.value.attribute.startswith("container_definitions")


def test_decode_of_an_absent_attribute_is_none() -> None:
    assert decode(stack("[]").resources["aws_ecs_task_definition.t"], "nothing") is None


def test_a_service_leads_to_its_task_definition() -> None:
    services = {"aws_ecs_service": {"s": {"task_definition": "${aws_ecs_task_definition.t.arn}"}, "u": {}}}
    graph = load_document({"resource": {"aws_ecs_task_definition": {"t": {}}, **services}})
    assert task_definition_of(graph.resources["aws_ecs_service.s"], graph).name == "t"
    with pytest.raises(UnresolvedError):
        task_definition_of(graph.resources["aws_ecs_service.u"], graph)


POLICY = {
    "Statement": {
        "Sid": "one",
        "Effect": "Allow",
        "Action": "logs:PutLogEvents",
        "Resource": ["${aws_cloudwatch_log_group.g.arn}:*"],
        "Principal": {"Service": ["ecs.amazonaws.com"]},
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    }
}
DOCUMENT = {
    "statement": [
        {
            "sid": "one",
            "actions": ["logs:PutLogEvents"],
            "resources": ["${aws_cloudwatch_log_group.g.arn}:*"],
            "principals": [{"type": "Service", "identifiers": ["ecs.amazonaws.com"]}],
            "condition": {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]},
        }
    ]
}
HCL_POLICY = (
    '${jsonencode({"Statement" = {"Sid" = "one", "Effect" = "Allow", "Action" = "logs:PutLogEvents", '
    '"Resource" = ["${aws_cloudwatch_log_group.g.arn}:*"], "Principal" = {"Service" = ["ecs.amazonaws.com"]}, '
    '"Condition" = {"StringEquals" = {"aws:SourceAccount" = "123456789012"}}}})}'
)


def with_policy(policy: Any, **documents: Any) -> Graph:
    return load_document(
        {
            "resource": {"aws_iam_role_policy": {"p": {"policy": policy}}, "aws_cloudwatch_log_group": {"g": {}}},
            "data": {"aws_iam_policy_document": documents},
        }
    )


FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "string": (json.dumps(POLICY), {}),
    "list of one statement": (json.dumps({"Statement": [POLICY["Statement"]]}), {}),
    "jsonencode": (HCL_POLICY, {}),
    "document": ("${data.aws_iam_policy_document.d.json}", {"d": DOCUMENT}),
    "source of a document": (
        "${data.aws_iam_policy_document.d.json}",
        {"d": {"source_policy_documents": ["${data.aws_iam_policy_document.e.json}"]}, "e": DOCUMENT},
    ),
}


@pytest.mark.parametrize(("policy", "documents"), FORMS.values(), ids=FORMS.keys())
def test_policies_are_statements_in_every_form(policy: str, documents: dict[str, Any]) -> None:
    graph = with_policy(policy, **documents)
    ((place, path),) = policies_of(graph, IDENTITY_POLICIES)
    (statement,) = statements(place, path, graph)
    assert statement.allows
    assert statement.sid == "one"
    assert statement.actions == ("logs:PutLogEvents",)
    assert graph.follow(statement.resources, "aws_cloudwatch_log_group")[0].name == "g"
    assert statement.principals == (Principal("Service", "ecs.amazonaws.com"),)
    assert statement.condition_values("AWS:sourceaccount") == ("123456789012",)
    assert statement.place.resource.address == "aws_iam_role_policy.p"
    assert statement.place.where("Action").lower().startswith("policy.statement[0].")


BROKEN_POLICIES = [
    "[]",
    "x",
    "{}",
    '{"Statement": "x"}',
    '{"Statement": ["x"]}',
    '{"Statement": {"Effect": "allow"}}',
    '{"Statement": {"Effect": "Allow", "Action": 5}}',
    '{"Statement": {"Effect": "Allow", "Action": ["x", []]}}',
    '{"Statement": {"Effect": "Allow", "Principal": 5}}',
    '{"Statement": {"Effect": "Allow", "Principal": {"AWS": 5}}}',
    '{"Statement": {"Effect": "Allow", "Condition": {"StringEquals": "x"}}}',
    '{"Statement": {"Effect": "Allow", "Condition": {"StringEquals": {"k": {}}}}}',
    "${data.aws_iam_policy_document.gone.json}",
    "${data.aws_iam_policy_document.loop.json}",
    "${data.aws_iam_policy_document.override.json}",
    "${data.aws_iam_policy_document.effect.json}",
    "${data.aws_iam_policy_document.text.json}",
    "${aws_iam_policy.x.policy}",
]
BROKEN_DOCUMENTS = {
    "loop": {"source_policy_documents": ["${data.aws_iam_policy_document.loop.json}"]},
    "override": {"override_policy_documents": ["${data.aws_iam_policy_document.effect.json}"]},
    "effect": {"statement": {"effect": "allow"}},
    "text": {"statement": "x"},
}


@pytest.mark.parametrize("policy", BROKEN_POLICIES)
def test_a_policy_that_cannot_be_read_raises(policy: str) -> None:
    graph = with_policy(policy, **BROKEN_DOCUMENTS)
    with pytest.raises(ReadError):
        statements(graph.resources["aws_iam_role_policy.p"], "policy", graph)


def test_every_place_of_a_policy_is_found() -> None:
    role = {"assume_role_policy": json.dumps(POLICY), "inline_policy": [{"policy": json.dumps(POLICY)}, {"policy": ""}]}
    graph = load_document(
        {"resource": {"aws_iam_role": {"r": role}, "aws_s3_bucket_policy": {"b": {"policy": json.dumps(POLICY)}}}}
    )
    assert [(place.where(path)) for place, path in policies_of(graph, TRUST_POLICIES)] == ["assume_role_policy"]
    assert [place.where(path) for place, path in policies_of(graph, IDENTITY_POLICIES)] == ["inline_policy[0].policy"]
    assert [place.resource.address for place, _ in policies_of(graph, RESOURCE_POLICIES)] == ["aws_s3_bucket_policy.b"]
