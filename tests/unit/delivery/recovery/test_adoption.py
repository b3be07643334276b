"""What a plan would create is looked for, and imported when AWS has it: against an AWS that answers from a dict."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from delivery.errors import UserError
from delivery.recovery.adoption import ADOPTION_FILE, Adoption, Missing, adopt, end_adoption, find, missing_of
from delivery.terraform.workspace import Workspace

VPC = Missing("aws_vpc.main", "aws_vpc", {"tags": {"Name": "vpc-pr42"}})
ROLE = Missing("aws_iam_role.a", "aws_iam_role", {"name": "role-pr42"})


class Client:
    """Answers each operation with what it is given, or raises it."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    def can_paginate(self, _operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        def ask(**_arguments: Any) -> Any:
            answer = self._answers[operation]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask


def aws(**answers: Any) -> Any:
    return lambda _service: Client(answers)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "Operation")


def vpcs(*named: tuple[str, str]) -> dict[str, Any]:
    return {"Vpcs": [{"VpcId": id_, "Tags": [{"Key": "Name", "Value": name}]} for id_, name in named]}


def change(address: str, actions: list[str], after: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    kind = address.split(".")[0]
    return {"address": address, "type": kind, "mode": "managed", "change": {"actions": actions, "after": after}, **more}


def test_what_a_plan_would_create_is_missing_and_what_it_replaces_is_not() -> None:
    plan = {
        "resource_changes": [
            change("aws_vpc.main", ["create"], VPC.values),
            change("aws_vpc.other", ["delete", "create"], VPC.values),
            change("aws_vpc.kept", ["no-op"], VPC.values),
            change("aws_caller_identity.current", ["create"], {}, mode="data"),
        ]
    }
    assert missing_of(plan) == [VPC]


def test_a_thing_is_found_by_the_name_it_would_get() -> None:
    answers = vpcs(("vpc-1", "vpc-pr42"), ("vpc-2", "vpc-pr43"))
    assert find([VPC], aws(describe_vpcs=answers)) == {"aws_vpc.main": "vpc-1"}


def test_what_aws_does_not_have_is_not_found() -> None:
    assert find([ROLE], aws(get_role=refusal("NoSuchEntity"))) == {}


def test_an_answer_that_says_nothing_about_the_thing_is_not_taken_for_no() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        find([ROLE], aws(get_role=refusal("AccessDenied")))


def test_two_things_of_one_name_are_for_a_person_to_decide() -> None:
    with pytest.raises(UserError, match="vpc-1, vpc-2"):
        find([VPC], aws(describe_vpcs=vpcs(("vpc-1", "vpc-pr42"), ("vpc-2", "vpc-pr42"))))


def test_what_hangs_on_something_unknown_is_not_asked_for_yet() -> None:
    route = Missing("aws_route.a", "aws_route", {"destination_cidr_block": "0.0.0.0/0"})
    assert find([route], aws()) == {}


def test_a_nat_gateway_that_is_being_deleted_is_not_found() -> None:
    gateway = Missing("aws_nat_gateway.a", "aws_nat_gateway", {"tags": {"Name": "nat"}})
    answer = {
        "NatGateways": [{"NatGatewayId": "nat-1", "State": "deleting", "Tags": [{"Key": "Name", "Value": "nat"}]}]
    }
    assert find([gateway], aws(describe_nat_gateways=answer)) == {}


def test_a_secret_that_waits_for_its_deletion_is_not_found() -> None:
    secret = Missing("aws_secretsmanager_secret.a", "aws_secretsmanager_secret", {"name": "s"})
    assert find([secret], aws(describe_secret={"ARN": "arn", "DeletedDate": 1})) == {}
    assert find([secret], aws(describe_secret={"ARN": "arn"})) == {"aws_secretsmanager_secret.a": "arn"}


def adopting(folder: Path, plans: Iterator[list[Any]], keep: Callable[[str], None], clients: Any) -> Adoption:
    """The first of the plans is at hand; the others are made when they are asked for."""
    shown = ({"resource_changes": changes} for changes in plans)
    return adopt(Workspace(folder), next(shown), lambda: next(shown), keep, clients)


def test_it_is_planned_again_until_nothing_more_is_found(tmp_path: Path) -> None:
    """The second plan knows the id of the route table, and so its route is found."""
    table = change("aws_route_table.a", ["create"], {"tags": {"Name": "table"}})
    unknown = change("aws_route.a", ["create"], {"destination_cidr_block": "0.0.0.0/0"})
    known = change("aws_route.a", ["create"], {"destination_cidr_block": "0.0.0.0/0", "route_table_id": "rtb-1"})
    plans = iter([[table, unknown], [known], []])
    found = {
        "RouteTableId": "rtb-1",
        "Routes": [{"DestinationCidrBlock": "0.0.0.0/0"}],
        "Tags": [{"Key": "Name", "Value": "table"}],
    }
    clients = aws(describe_route_tables={"RouteTables": [found]})
    adoption = adopting(tmp_path, plans, pytest.fail, clients)
    assert adoption.imports == {"aws_route_table.a": "rtb-1", "aws_route.a": "rtb-1_0.0.0.0/0"}
    assert json.loads((tmp_path / ADOPTION_FILE).read_text()) == {
        "import": [
            {"to": "aws_route.a", "id": "rtb-1_0.0.0.0/0"},
            {"to": "aws_route_table.a", "id": "rtb-1"},
        ]
    }
    assert next(plans, None) is None


def test_what_was_begun_and_holds_the_name_of_its_successor_is_kept_and_mended(tmp_path: Path) -> None:
    """Replaced, it would fail for ever: the successor is made first, and the name is taken."""
    tainted = {"action_reason": "replace_because_tainted"}
    plan = [
        change("aws_cloudwatch_log_group.begun", ["create", "delete"], {"name": "g"}, **tainted),
        change("aws_cloudwatch_log_group.first_deleted", ["delete", "create"], {"name": "h"}, **tainted),
        change("aws_cloudwatch_log_group.changed", ["create", "delete"], {"name": "i"}),
        change("aws_nat_gateway.may_be_there_twice", ["create", "delete"], {"tags": {"Name": "nat"}}, **tainted),
    ]
    plans, kept = iter([plan, []]), list[str]()
    adoption = adopting(tmp_path, plans, kept.append, aws())
    assert kept == list(adoption.kept) == ["aws_cloudwatch_log_group.begun"]
    assert next(plans, None) is None


def test_a_record_and_a_permission_are_found_by_what_they_are_called() -> None:
    record = Missing("aws_route53_record.a", "aws_route53_record", {"zone_id": "Z1", "name": "a.example", "type": "A"})
    sets = {"ResourceRecordSets": [{"Name": "a.example.", "Type": "AAAA"}, {"Name": "a.example.", "Type": "A"}]}
    assert find([record], aws(list_resource_record_sets=sets)) == {"aws_route53_record.a": "Z1_a.example_A"}
    permission = Missing(
        "aws_lambda_permission.a", "aws_lambda_permission", {"function_name": "f", "statement_id": "One"}
    )
    policy = {"Policy": json.dumps({"Statement": [{"Sid": "Other"}, {"Sid": "One"}]})}
    assert find([permission], aws(get_policy=policy)) == {"aws_lambda_permission.a": "f/One"}
    assert find([permission], aws(get_policy=refusal("ResourceNotFoundException"))) == {}


def test_where_nothing_is_found_no_file_is_written(tmp_path: Path) -> None:
    adoption = adopting(tmp_path, iter([[]]), pytest.fail, aws())
    assert adoption.imports == {}
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_an_adoption_takes_its_file_away_and_may_be_told_twice(tmp_path: Path) -> None:
    (tmp_path / ADOPTION_FILE).touch()
    end_adoption(Workspace(tmp_path))
    end_adoption(Workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []
