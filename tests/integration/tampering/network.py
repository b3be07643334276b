"""Changes of what stands in the VPC of the gateway stack."""

from tests.integration.tampering.change import GATEWAY as STACK
from tests.integration.tampering.change import Change, Target, Undo, unknown

PRIVATE, VPC = "aws_subnet.private-us-east-1a", "aws_vpc.main"
WORLD = "0.0.0.0/0"


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


def acl_entry_added(target: Target) -> Undo:
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
    interface = {"DeviceIndex": 0, "SubnetId": target.id(PRIVATE), "DeleteOnTermination": True}
    made = ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, InstanceType="t3.micro", NetworkInterfaces=[interface]
    )
    ids = [each["InstanceId"] for each in made["Instances"]]
    return lambda: ec2.terminate_instances(InstanceIds=ids)


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
            "suffix-tag",
            "name-suffix",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "an entry added to the default network ACL",
        acl_entry_added,
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
            "suffix-tag",
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
            "suffix-tag",
            "name-suffix",
            "service-tag",
        ),
    ),
)
