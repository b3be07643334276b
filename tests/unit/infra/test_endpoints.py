"""VPC endpoints: image pulls and logs do not pass the NAT gateways, and each endpoint lets through only those."""

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack, only, statements

API = "aws_vpc_endpoint/ecr-api"
S3 = "aws_vpc_endpoint/s3"
LOGS = "aws_vpc_endpoint/logs"
OWN = [f"${{data.aws_ecr_repository.{name}.arn}}" for name in SERVICES]
PULL = {
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
}


@red_when(
    drop(API),
    change(f"{LOGS}/service_name", "com.amazonaws.us-east-1.monitoring"),
    change(f"{API}/private_dns_enabled", False),
    drop(f"{API}/subnet_ids/2"),
    change(f"{API}/subnet_ids/0", "${aws_subnet.public-us-east-1a.id}"),
    drop(f"{S3}/route_table_ids/0"),
    change(f"{S3}/route_table_ids/0", "${aws_route_table.public.id}"),
    change(f"{LOGS}/vpc_endpoint_type", "Gateway"),
)
def test_ecr_logs_and_s3_are_reached_inside_the_vpc_from_every_private_subnet(stack: Stack) -> None:
    endpoints = {entry["service_name"].removeprefix("com.amazonaws.us-east-1."): entry
                 for entry in stack.all("aws_vpc_endpoint").values()}  # fmt: skip
    assert set(endpoints) == {"ecr.api", "ecr.dkr", "logs", "s3"}
    gateway = endpoints.pop("s3")
    assert gateway["vpc_endpoint_type"] == "Gateway"
    tables = [stack.target(table, "aws_route_table", "id")["tags"]["Name"] for table in gateway["route_table_ids"]]
    assert tables == [f"private-route-table-us-east-1{zone}-production-pr42" for zone in "abc"]
    for endpoint in endpoints.values():
        assert endpoint["vpc_endpoint_type"] == "Interface"
        assert endpoint["private_dns_enabled"] is True
        assert endpoint["subnet_ids"] == stack.service("payment-api")["network_configuration"]["subnets"]


@red_when(
    add(f"{API}/policy/Statement/0/Action/+", "ecr:PutImage"),
    change(f"{API}/policy/Statement/1/Resource", ["*"]),
    drop("aws_vpc_endpoint/ecr-dkr/policy/Statement/1/Resource/0"),
    change(f"{API}/policy/Statement/1/Resource", [OWN[1], OWN[0], OWN[2]]),
    drop(API + "/policy"),
)
def test_the_ecr_endpoints_let_through_pulls_from_our_repositories(stack: Stack) -> None:
    for component in ("ecr-api", "ecr-dkr"):
        entries = statements(stack.all("aws_vpc_endpoint")[component].get("policy", '{"Statement": []}'))
        assert {action for entry in entries for action in entry["Action"]} == PULL
        resources = [entry["Resource"] for entry in entries if entry["Action"] != ["ecr:GetAuthorizationToken"]]
        assert resources == [OWN], "in the order of the settings"


@red_when(
    add(f"{LOGS}/policy/Statement/0/Action/+", "logs:DeleteLogGroup"),
    drop(f"{LOGS}/policy/Statement/0/Resource/0"),
)
def test_the_logs_endpoint_lets_through_writes_to_our_log_groups(stack: Stack) -> None:
    entry = only(statements(stack.all("aws_vpc_endpoint")["logs"]["policy"]))
    assert sorted(entry["Action"]) == ["logs:CreateLogStream", "logs:PutLogEvents"]
    own = [f"${{aws_cloudwatch_log_group.{name}.arn}}:log-stream:*" for name in SERVICES]
    assert entry["Resource"] == own, "in the order of the settings"


@red_when(
    change(f"{S3}/policy/Statement/0/Action", ["s3:PutObject"]),
    change(f"{S3}/policy/Statement/0/Resource/0", "arn:aws:s3:::*"),
    add(f"{S3}/policy/Statement/+", {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}),
)
def test_the_s3_endpoint_lets_through_image_layers_and_no_way_to_carry_data_out(stack: Stack) -> None:
    """Layers lie in an AWS bucket: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html."""
    entry = only(statements(stack.all("aws_vpc_endpoint")["s3"]["policy"]))
    partition = "${data.aws_partition.partition.partition}"
    assert entry["Action"] == ["s3:GetObject"]
    assert entry["Resource"] == [f"arn:{partition}:s3:::prod-us-east-1-starport-layer-bucket/*"]
