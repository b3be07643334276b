"""What AWS has beside the state is found; what AWS makes by itself is recognised; a refusal is an error."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from delivery.errors import UserError
from delivery.verify import find_unmanaged
from delivery.verify.finding import KINDS, SERVICES
from delivery.verify.kind import Kind
from tests.unit.delivery.verify.answers import ANSWERS
from tests.unit.delivery.verify.fakes import fake_clients, state_of

OF = {kind.type: kind for kind in KINDS}
VPC = (
    "aws_vpc",
    {
        "id": "vpc-1",
        "arn": "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1",
        "default_route_table_id": "rtb-0",
        "default_security_group_id": "sg-0",
        "default_network_acl_id": "acl-0",
    },
)
ROLE = ("aws_iam_role", {"id": "r", "name": "r"})


def found(kinds: tuple[str, ...], answers: dict[tuple[str, str], Any], *state: tuple[str, dict[str, Any]]) -> list[str]:
    chosen: tuple[Kind, ...] = tuple(OF[kind] for kind in kinds)
    return [each.address for each in find_unmanaged(state_of(*state), fake_clients(answers), chosen)]


def test_a_stack_that_has_nothing_has_nothing_unmanaged() -> None:
    assert find_unmanaged(state_of(), fake_clients({})) == ()


def test_what_the_state_does_not_know_is_found_in_a_fixed_order() -> None:
    subnets = [{**ANSWERS["aws_subnet"], "SubnetId": name} for name in ("subnet-b", "subnet-a", "subnet-known")]
    answers = {("ec2", "describe_subnets"): {"Subnets": subnets}}
    known = ("aws_subnet", {"id": "subnet-known"})
    assert found(("aws_subnet",), answers, VPC, known) == [
        'aws_subnet.not-in-state["subnet-a"]',
        'aws_subnet.not-in-state["subnet-b"]',
    ]


def test_a_thing_known_under_the_other_name_of_its_type_is_known() -> None:
    answers = {
        ("elbv2", "describe_load_balancers"): {"LoadBalancers": [ANSWERS["aws_lb"]]},
    }
    assert found(("aws_lb",), answers, VPC, ("aws_alb", {"id": ANSWERS["aws_lb"]["LoadBalancerArn"]})) == []


def test_load_balancers_of_other_vpcs_are_left_alone() -> None:
    answers = {("elbv2", "describe_load_balancers"): {"LoadBalancers": [{**ANSWERS["aws_lb"], "VpcId": "vpc-2"}]}}
    assert found(("aws_lb",), answers, VPC) == []


def test_an_attached_policy_is_found_by_its_arn() -> None:
    attached = {"AttachedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]}
    answers = {("iam", "list_attached_role_policies"): attached}
    assert found(("aws_iam_role_policy_attachment",), answers, ROLE) == [
        'aws_iam_role_policy_attachment.not-in-state["r/arn:aws:iam::aws:policy/AdministratorAccess"]'
    ]


@pytest.mark.parametrize(
    ("kind", "operation", "answer"),
    [
        (
            "aws_security_group",
            "describe_security_groups",
            {"SecurityGroups": [{**ANSWERS["aws_security_group"], "GroupId": "sg-0"}]},
        ),
        ("aws_route_table", "describe_route_tables", {"RouteTables": [{"RouteTableId": "rtb-0", "VpcId": "vpc-1"}]}),
        (
            "aws_network_acl",
            "describe_network_acls",
            {"NetworkAcls": [{"NetworkAclId": "acl-0", "VpcId": "vpc-1", "IsDefault": True}]},
        ),
        (
            "aws_main_route_table_association",
            "describe_route_tables",
            {
                "RouteTables": [
                    {
                        "RouteTableId": "rtb-0",
                        "VpcId": "vpc-1",
                        "Associations": [{"RouteTableAssociationId": "a", "Main": True}],
                    }
                ]
            },
        ),
        (
            "aws_route",
            "describe_route_tables",
            {
                "RouteTables": [
                    {
                        "RouteTableId": "rtb-0",
                        "VpcId": "vpc-1",
                        "Routes": [
                            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
                            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"},
                        ],
                    }
                ]
            },
        ),
    ],
)
def test_what_aws_makes_with_a_vpc_is_recognised(kind: str, operation: str, answer: dict[str, Any]) -> None:
    assert found((kind,), {("ec2", operation): answer}, VPC) == []


def test_a_rule_of_the_default_group_is_found_all_the_same() -> None:
    answers = {
        ("ec2", "describe_security_groups"): {"SecurityGroups": [{"GroupId": "sg-0"}]},
        ("ec2", "describe_security_group_rules"): {
            "SecurityGroupRules": [{**ANSWERS["aws_vpc_security_group_ingress_rule"], "GroupId": "sg-0"}]
        },
    }
    kinds = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
    assert found(kinds, answers, VPC) == ['aws_vpc_security_group_ingress_rule.not-in-state["sgr-1"]']


def test_a_second_main_table_is_no_default() -> None:
    tables = {
        "RouteTables": [
            {
                "RouteTableId": "rtb-9",
                "VpcId": "vpc-1",
                "Associations": [{"RouteTableAssociationId": "a", "Main": True}],
            }
        ]
    }
    answers = {("ec2", "describe_route_tables"): tables}
    assert found(("aws_main_route_table_association",), answers, VPC) == [
        'aws_main_route_table_association.not-in-state["a"]'
    ]


CLUSTER = ("aws_ecs_cluster", {"id": "c", "arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c", "name": "c"})


def ecs(*tasks: dict[str, Any]) -> dict[tuple[str, str], Any]:
    service = {**ANSWERS["aws_ecs_service"], "serviceName": "api", "deployments": [{"id": "ecs-svc/1"}]}
    return {
        ("ecs", "list_services"): {"serviceArns": ["a"]},
        ("ecs", "describe_services"): {"services": [service]},
        ("ecs", "list_tasks"): {"taskArns": [task["taskArn"] for task in tasks]},
        ("ecs", "describe_tasks"): {"tasks": list(tasks)},
    }


def test_tasks_that_ecs_started_for_a_service_are_recognised() -> None:
    task = {**ANSWERS["aws_ecs_task"], "group": "service:api", "startedBy": "ecs-svc/1"}
    assert found(("aws_ecs_task",), ecs(task), CLUSTER) == []


def test_a_task_that_only_calls_itself_one_of_a_service_is_not() -> None:
    task = {**ANSWERS["aws_ecs_task"], "group": "service:api", "startedBy": "somebody"}
    assert len(found(("aws_ecs_task",), ecs(task), CLUSTER)) == 1


def test_targets_are_tasks_or_they_are_not() -> None:
    task = {
        **ANSWERS["aws_ecs_task"],
        "attachments": [{"details": [{"name": "privateIPv4Address", "value": "10.20.16.7"}]}],
    }
    targets = [{"Target": {"Id": address, "Port": 8080}} for address in ("10.20.16.7", "10.20.250.250")]
    answers = {
        **ecs(task),
        ("elbv2", "describe_target_groups"): {"TargetGroups": [ANSWERS["aws_lb_target_group"]]},
        ("elbv2", "describe_target_health"): {"TargetHealthDescriptions": targets},
    }
    (address,) = found(("aws_lb_target_group_attachment",), answers, VPC, CLUSTER)
    assert address.endswith('-10.20.250.250"]')


def test_grants_that_only_aws_can_take_are_recognised() -> None:
    key = ("aws_kms_key", {"id": "k-1", "key_id": "k-1"})
    function = ("aws_lambda_function", {"id": "f", "role": "arn:aws:iam::123456789012:role/own"})
    session = "arn:aws:sts::123456789012:assumed-role/{}/f"
    grantees = ["ecr.us-east-1.amazonaws.com", session.format("own"), session.format("other")]
    grants = [{"GrantId": f"g-{at}", "GranteePrincipal": grantee} for at, grantee in enumerate(grantees)]
    answers = {("kms", "list_grants"): {"Grants": grants}}
    assert found(("aws_kms_grant",), answers, key, function) == ['aws_kms_grant.not-in-state["k-1:g-2"]']


def test_no_policy_on_a_function_is_no_error() -> None:
    function = ("aws_lambda_function", {"id": "f", "function_name": "f", "arn": "arn:aws:lambda:::function:f"})
    missing = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "GetPolicy")
    assert found(("aws_lambda_permission",), {("lambda", "get_policy"): missing}, function) == []


@pytest.mark.parametrize(
    "refusal",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, "ListRolePolicies"),
        EndpointConnectionError(endpoint_url="https://iam.amazonaws.com"),
    ],
    ids=["refused", "unreachable"],
)
def test_a_question_that_is_not_answered_is_an_error(refusal: Exception) -> None:
    with pytest.raises(UserError, match="iam list_role_policies") as caught:
        found(("aws_iam_role_policy",), {("iam", "list_role_policies"): refusal}, ROLE)
    assert caught.value.exit_code == 2


def test_an_answer_that_is_not_all_is_an_error() -> None:
    answers = {("route53", "list_hosted_zones_by_vpc"): {"HostedZoneSummaries": [], "NextToken": "more"}}
    with pytest.raises(UserError, match="route53 list_hosted_zones_by_vpc"):
        found(("aws_route53_zone",), answers, VPC)


def test_every_excuse_says_why() -> None:
    reasons = [excuse.reason for kind in KINDS for excuse in kind.excuses]
    assert reasons
    assert all(len(reason.split()) > 5 for reason in reasons)


def test_every_service_that_is_asked_has_its_client_made_first() -> None:
    asked: set[str] = set()
    answer = fake_clients({})

    def noting(service: str) -> Any:
        asked.add(service)
        return answer(service)

    find_unmanaged(state_of(VPC, ROLE, CLUSTER), noting)
    assert asked == set(SERVICES)
