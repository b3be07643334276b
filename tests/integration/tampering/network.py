"""Changes of the network of the gateway stack: who reaches whom, and which way out there is."""

from typing import Any

from tests.integration.tampering.change import GATEWAY as STACK
from tests.integration.tampering.change import Change, Target, Undo, unknown

API, ALB, CLOSED = "aws_security_group.api-gateway", "aws_security_group.alb", "aws_default_security_group.closed"
INGRESS, EGRESS = unknown("aws_vpc_security_group_ingress_rule"), unknown("aws_vpc_security_group_egress_rule")
PRIVATE, PUBLIC = "aws_subnet.private-us-east-1a", "aws_subnet.public-us-east-1a"
OWN_ROUTE, TABLE = "aws_route.private-us-east-1a", "aws_route_table.private-us-east-1a"
VPC, INTERNET = "aws_vpc.main", "aws_internet_gateway.main"
WORLD = "0.0.0.0/0"


def rule_added(group: str, direction: str, protocol: str, port: int) -> Any:
    """A rule for the whole world in a security group."""

    def make(target: Target) -> Undo:
        ec2 = target.client("ec2")
        permission = {"IpProtocol": protocol, "IpRanges": [{"CidrIp": WORLD}]}
        if protocol != "-1":
            permission |= {"FromPort": port, "ToPort": port}
        place = {"GroupId": target.id(group), "IpPermissions": [permission]}
        getattr(ec2, f"authorize_security_group_{direction}")(**place)
        return lambda: getattr(ec2, f"revoke_security_group_{direction}")(**place)

    return make


def rule_widened(target: Target) -> Undo:
    ec2, values = target.client("ec2"), target["aws_vpc_security_group_ingress_rule.alb-to-api-gateway"]

    def ports(first: int, last: int) -> None:
        rule = {
            "IpProtocol": "tcp",
            "FromPort": first,
            "ToPort": last,
            "ReferencedGroupId": values["referenced_security_group_id"],
            "Description": values["description"],
        }
        ec2.modify_security_group_rules(
            GroupId=values["security_group_id"],
            SecurityGroupRules=[{"SecurityGroupRuleId": values["id"], "SecurityGroupRule": rule}],
        )

    ports(1, 65535)
    return lambda: ports(values["from_port"], values["to_port"])


def route_replaced(**to: str) -> Any:
    """The way out of a private subnet leads to another target, named by the address of what it is."""

    def make(target: Target) -> Undo:
        ec2, values = target.client("ec2"), target[OWN_ROUTE]
        place = {"RouteTableId": values["route_table_id"], "DestinationCidrBlock": WORLD}
        ec2.replace_route(**place, **{key: target.id(address) for key, address in to.items()})
        return lambda: ec2.replace_route(**place, NatGatewayId=values["nat_gateway_id"])

    return make


def route_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    place = {"RouteTableId": target.id(TABLE), "DestinationCidrBlock": "203.0.113.0/24"}
    ec2.create_route(**place, GatewayId=target.id(INTERNET))
    return lambda: ec2.delete_route(**place)


def public_addresses(target: Target) -> Undo:
    ec2 = target.client("ec2")

    def put(value: bool) -> None:
        ec2.modify_subnet_attribute(SubnetId=target.id(PRIVATE), MapPublicIpOnLaunch={"Value": value})

    put(True)
    return lambda: put(False)


def subnet_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.create_subnet(VpcId=target.id(VPC), CidrBlock="10.30.200.0/24")["Subnet"]["SubnetId"]
    return lambda: ec2.delete_subnet(SubnetId=made)


def vpc_peered(target: Target) -> Undo:
    ec2 = target.client("ec2")
    other = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_vpc_peering_connection(VpcId=target.id(VPC), PeerVpcId=other)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    def undo() -> None:
        ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)
        ec2.delete_vpc(VpcId=other)

    return undo


def egress_only_gateway(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.create_egress_only_internet_gateway(VpcId=target.id(VPC))
    gateway = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    return lambda: ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway)


def endpoint_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId=target.id(VPC),
        ServiceName="com.amazonaws.us-east-1.dynamodb",
        VpcEndpointType="Gateway",
        RouteTableIds=[target.id(TABLE)],
    )
    return lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpoint"]["VpcEndpointId"]])


def endpoint_policy_opened(target: Target) -> Undo:
    ec2, values = target.client("ec2"), target["aws_vpc_endpoint.s3"]
    anything = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
    ec2.modify_vpc_endpoint(VpcEndpointId=values["id"], PolicyDocument=anything)
    return lambda: ec2.modify_vpc_endpoint(VpcEndpointId=values["id"], PolicyDocument=values["policy"])


def acl_opened_twice(target: Target) -> Undo:
    ec2 = target.client("ec2")
    place = {"NetworkAclId": target[VPC]["default_network_acl_id"], "RuleNumber": 50, "Egress": True}
    ec2.create_network_acl_entry(
        **place, Protocol="6", RuleAction="deny", CidrBlock=WORLD, PortRange={"From": 443, "To": 443}
    )
    return lambda: ec2.delete_network_acl_entry(NetworkAclId=place["NetworkAclId"], RuleNumber=50, Egress=True)


def dns_off(target: Target) -> Undo:
    ec2 = target.client("ec2")

    def put(value: bool) -> None:
        ec2.modify_vpc_attribute(VpcId=target.id(VPC), EnableDnsHostnames={"Value": value})

    put(False)
    return lambda: put(True)


def range_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.associate_vpc_cidr_block(VpcId=target.id(VPC), CidrBlock="10.31.0.0/16")
    association = made["CidrBlockAssociation"]["AssociationId"]
    return lambda: ec2.disassociate_vpc_cidr_block(AssociationId=association)


def instance_started(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=target.id(PRIVATE), InstanceType="t3.micro"
    )
    ids = [each["InstanceId"] for each in made["Instances"]]
    return lambda: ec2.terminate_instances(InstanceIds=ids)


def zone_associated(target: Target) -> Undo:
    route53 = target.client("route53")
    made = route53.create_hosted_zone(
        Name="api.example.com",
        CallerReference="tampering",
        VPC={"VPCRegion": "us-east-1", "VPCId": target.id(VPC)},
        HostedZoneConfig={"PrivateZone": True},
    )
    return lambda: route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])


def flow_log_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.create_flow_logs(
        ResourceIds=[target.id(VPC)],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=target["aws_s3_bucket.access-logs"]["arn"],
    )
    return lambda: ec2.delete_flow_logs(FlowLogIds=made["FlowLogIds"])


CHANGES = (
    Change(
        STACK,
        "a service opened to the world on port 22",
        rule_added(API, "ingress", "tcp", 22),
        "security-group-rules",
        INGRESS,
        also=(
            "name-suffix",
            "open-to-the-world",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "a service let out to everywhere",
        rule_added(API, "egress", "-1", 0),
        "security-group-rules",
        EGRESS,
        also=(
            "name-suffix",
            "reachability",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the load balancer opened on port 8080",
        rule_added(ALB, "ingress", "tcp", 8080),
        "open-to-the-world",
        INGRESS,
        also=(
            "name-suffix",
            "required-tags",
            "security-group-rules",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the default security group given a rule",
        rule_added(CLOSED, "ingress", "tcp", 443),
        "default-security-group-closed",
        CLOSED,
        also=(
            "name-suffix",
            "open-to-the-world",
            "required-tags",
            "security-group-rules",
        ),
        unread=("service-tag",),
    ),
    Change(
        STACK,
        "the rule from the load balancer widened to every port",
        rule_widened,
        "security-group-rules",
        "aws_vpc_security_group_ingress_rule.alb-to-api-gateway",
    ),
    Change(
        STACK,
        "the NAT route replaced by the internet gateway",
        route_replaced(GatewayId=INTERNET),
        "tasks-in-private-subnets",
        "aws_ecs_service.api-gateway",
        also=(
            "function-in-private-subnets",
            "nat-gateway-of-own-zone",
            "reachability",
        ),
    ),
    Change(
        STACK,
        "the NAT route led to the gateway of another zone",
        route_replaced(NatGatewayId="aws_nat_gateway.us-east-1b"),
        "nat-gateway-of-own-zone",
        PRIVATE,
    ),
    Change(
        STACK,
        "a second route to the internet gateway in a private table",
        route_added,
        "tasks-in-private-subnets",
        "aws_ecs_service.api-gateway",
        also=(
            "function-in-private-subnets",
            "nat-gateway-of-own-zone",
            "reachability",
        ),
    ),
    Change(
        STACK,
        "a private subnet that hands out public addresses",
        public_addresses,
        "tasks-without-public-ip",
        "aws_ecs_service.api-gateway",
    ),
    Change(
        STACK,
        "a subnet added to the VPC",
        subnet_added,
        "required-tags",
        unknown("aws_subnet"),
        also=(
            "name-suffix",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the VPC peered with another one",
        vpc_peered,
        "one-door",
        unknown("aws_vpc_peering_connection"),
        also=(
            "known-kinds",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "an egress-only gateway added",
        egress_only_gateway,
        "one-door",
        unknown("aws_egress_only_internet_gateway"),
        also=(
            "known-kinds",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "an endpoint added to a private route table",
        endpoint_added,
        "explicit-actions",
        unknown("aws_vpc_endpoint"),
        also=(
            "explicit-resource-arns",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the policy of an endpoint opened",
        endpoint_policy_opened,
        "explicit-actions",
        "aws_vpc_endpoint.s3",
        also=("explicit-resource-arns",),
    ),
    Change(
        STACK,
        "an entry added to the default network ACL",
        acl_opened_twice,
        "known-kinds",
        unknown("aws_network_acl_rule"),
        also=("reachability",),
    ),
    Change(STACK, "DNS host names of the VPC switched off", dns_off, "vpc-dns", VPC),
    Change(
        STACK,
        "a second address range given to the VPC",
        range_added,
        "known-kinds",
        unknown("aws_vpc_ipv4_cidr_block_association"),
    ),
    Change(
        STACK,
        "an instance started in a private subnet",
        instance_started,
        "known-kinds",
        unknown("aws_instance"),
        also=(
            "destroyable",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "a private zone associated with the VPC",
        zone_associated,
        "known-kinds",
        unknown("aws_route53_zone"),
        also=(
            "destroyable",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "a second flow log, to a bucket",
        flow_log_added,
        "required-tags",
        unknown("aws_flow_log"),
        also=(
            "name-suffix",
            "service-tag",
        ),
    ),
)
