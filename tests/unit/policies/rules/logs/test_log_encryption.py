"""Log encryption under the other mode of the spec, which the payments stack does not use."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from policies.graph.terraform_json import load_document
from policies.rules.logs.log_encryption import GROUP, check_each
from policies.spec import load_spec

KEY = "${aws_kms_key.logs.arn}"


@pytest.fixture
def customer_managed() -> Any:
    spec = load_spec("payments")
    logs = {**spec.get("logs"), "encryption": "customer-managed"}
    return replace(spec, values={**spec.values, "logs": logs})


def found(document: dict[str, Any], spec: Any) -> list[Any]:
    graph = load_document(document)
    return [item.found for group in graph.of_type(GROUP) for item in check_each(group, graph, spec)]


def test_a_group_without_a_key_is_not_customer_managed(payments: dict[str, Any], customer_managed: Any) -> None:
    assert set(found(payments, customer_managed)) == {None}


@pytest.mark.parametrize(("key", "accepted"), [(KEY, True), ("arn:aws:kms:us-east-1:123456789012:key/x", False)])
def test_only_a_key_of_the_stack_is_accepted(
    payments: dict[str, Any], customer_managed: Any, key: str, accepted: bool
) -> None:
    document = copy.deepcopy(payments)
    document["resource"]["aws_kms_key"] = {"logs": {"enable_key_rotation": True}}
    for group in document["resource"][GROUP].values():
        group["kms_key_id"] = key
    assert (found(document, customer_managed) == []) is accepted
