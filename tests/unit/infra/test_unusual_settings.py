"""Settings that are allowed but rarely seen: parts must not collide, and no text may become a Terraform template."""

from collections.abc import Callable
from typing import Any

from tests.unit.infra.rules import EGRESS, outside
from tests.unit.infra.stack import SERVICES, Stack, empties, mentions, statements
from tests.unit.infra.test_variants import create_repositories

Document = dict[str, Any]
Edited = Callable[[Callable[[Document], object]], Stack]

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/payments"
RECEIPTS = "arn:aws:s3:::receipts/*"


def test_s3_actions_pass_the_endpoint_wherever_they_stand_in_a_permission(edited: Edited) -> None:
    """One permission may name actions of several AWS services; the gateway endpoint judges the S3 ones."""
    grant = {"actions": ["dynamodb:GetItem", "s3:GetObject"], "resources": [TABLE, RECEIPTS]}
    stack = edited(lambda document: document["services"]["payment-api"].update(task_permissions=[grant]))
    passing = statements(stack.all("aws_vpc_endpoint")["s3"]["policy"])
    assert [entry for entry in passing if "s3:GetObject" in entry["Action"] and RECEIPTS in entry["Resource"]]


def test_a_service_may_have_several_ways_out_on_one_port(edited: Edited) -> None:
    ranges = ["203.0.113.0/24", "198.51.100.0/24"]
    ways = [{"port": 443, "cidr": cidr, "purpose": "Card networks"} for cidr in ranges]
    stack = edited(lambda document: document["services"]["payment-api"].update(outbound=ways))
    assert {way for way in outside(stack, EGRESS) if way[:1] == ("payment-api",) and way[1] in ranges} == {
        ("payment-api", cidr, 443) for cidr in ranges
    }


def test_a_service_may_be_called_like_a_part_of_the_stack(edited: Edited) -> None:
    parts = ("network", "load-balancer", "cluster", "aws", "current", "identity")

    def add_parts(document: Document) -> None:
        for position, name in enumerate(parts):
            image = {"repository": f"payments/{name}", "digest": f"sha256:{'a' * 64}"}
            document["services"][name] = {"port": 9000 + position, "image": image}

    assert set(edited(add_parts).services()) == {*SERVICES, *parts}


def test_dollars_and_percents_in_settings_reach_the_container_and_are_no_terraform_templates(edited: Edited) -> None:
    """Terraform reads `${` and `%{` in every string of the JSON; doubled, they stand for themselves."""
    command = ["CMD-SHELL", "wget -q http://127.0.0.1:${PORT}/health || exit 1"]
    variables = {"PRICE_FORMAT": "${amount} %{currency}"}

    def use_templates(document: Document) -> None:
        document["service_defaults"]["health_check"]["command"] = command
        document["services"]["payment-api"]["environment"] = variables

    container = edited(use_templates).container("payment-api")
    assert container["healthCheck"]["command"][1] == "wget -q http://127.0.0.1:$${PORT}/health || exit 1"
    assert {"name": "PRICE_FORMAT", "value": "$${amount} %%{currency}"} in container["environment"]


def test_no_variant_leaves_an_empty_block_or_a_dangling_reference(edited: Edited) -> None:
    def all_at_once(document: Document) -> None:
        document["load_balancer"]["certificate"] = {"arn": CERTIFICATE}
        create_repositories(document)
        document["logs"]["encryption"] = "customer-managed"
        document["network"]["vpc_endpoints"] = ["logs"]
        document.pop("discovery")

    stack = edited(all_at_once)
    assert empties(stack.document["resource"]) == []
    declared = {address for address, _ in stack.resources()}
    declared |= {f"data.{kind}.{name}" for kind, named in stack.document["data"].items() for name in named}
    assert mentions(stack.document) - declared == set()


def test_permissions_on_logs_pass_the_logs_endpoint(edited: Edited) -> None:
    """Private DNS sends every call to CloudWatch Logs through the endpoint, whose policy then has to let it pass."""
    audit = "arn:aws:logs:us-east-1:123456789012:log-group:audit:*"
    grant = {"actions": ["logs:FilterLogEvents"], "resources": [audit]}
    stack = edited(lambda document: document["services"]["payment-api"].update(task_permissions=[grant]))
    passing = statements(stack.all("aws_vpc_endpoint")["logs"]["policy"])
    assert [entry for entry in passing if "logs:FilterLogEvents" in entry["Action"] and audit in entry["Resource"]]


def test_a_permission_on_another_service_widens_no_endpoint(edited: Edited) -> None:
    grant = {"actions": ["sqs:SendMessage"], "resources": ["arn:aws:sqs:us-east-1:123456789012:receipts"]}
    stack = edited(lambda document: document["services"]["payment-api"].update(task_permissions=[grant]))
    policies = [endpoint["policy"] for endpoint in stack.all("aws_vpc_endpoint").values()]
    assert not any("sqs" in policy for policy in policies)
