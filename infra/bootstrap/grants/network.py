"""VPC, subnets, gateways, routes, security groups, endpoints, flow logs: by tag, because AWS chooses their names."""

from infra.bootstrap.reach import Reach, actions
from infra.policy import Statement, allow

MADE = (
    "elastic-ip", "internet-gateway", "natgateway", "route-table", "security-group", "security-group-rule", "subnet",
    "vpc", "vpc-endpoint", "vpc-flow-log",
)  # fmt: skip
CREATE = (
    "AllocateAddress CreateFlowLogs CreateInternetGateway CreateNatGateway CreateRouteTable CreateSecurityGroup "
    "CreateSubnet CreateVpc CreateVpcEndpoint"
)
# These speak of the new thing, which the request tags, and of what it is made in, which is tagged already.
CREATE_WITHIN = "CreateFlowLogs CreateNatGateway CreateRouteTable CreateSecurityGroup CreateSubnet CreateVpcEndpoint"
CHANGE = (
    "AssociateRouteTable AttachInternetGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateRoute "
    "CreateTags DeleteFlowLogs DeleteInternetGateway DeleteNatGateway DeleteRoute DeleteRouteTable DeleteSecurityGroup "
    "DeleteSubnet DeleteTags DeleteVpc DeleteVpcEndpoints DetachInternetGateway DisassociateRouteTable "
    "ModifySecurityGroupRules ModifySubnetAttribute ModifyVpcAttribute ModifyVpcEndpoint ReleaseAddress ReplaceRoute "
    "ReplaceRouteTableAssociation RevokeSecurityGroupEgress RevokeSecurityGroupIngress"
)
ON_CREATION = (
    "AllocateAddress AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateFlowLogs CreateInternetGateway "
    "CreateNatGateway CreateRouteTable CreateSecurityGroup CreateSubnet CreateVpc CreateVpcEndpoint"
)


def statements(reach: Reach) -> list[Statement]:
    """Nothing without the tags: new things are made with them, and only what bears them is changed."""
    of_any = [reach.arn("ec2", f"{kind}/*") for kind in MADE]
    rules = [reach.arn("ec2", "security-group-rule/*")]
    authorize = "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress"
    tag = actions("ec2", "CreateTags")
    on_creation = {"StringEquals": {"ec2:CreateAction": ON_CREATION.split(), **reach.asking()["StringEquals"]}}
    default_group = [reach.arn("ec2", "security-group/*")]
    return [
        allow("MakeNetwork", actions("ec2", CREATE), of_any, Condition=reach.asking()),
        allow("MakeRules", actions("ec2", authorize), rules, Condition=reach.asking()),
        allow("MakeWithin", actions("ec2", CREATE_WITHIN), of_any, Condition=reach.tagged()),
        allow("ChangeNetwork", actions("ec2", CHANGE), of_any, Condition=reach.tagged()),
        allow("TagWhatIsMade", tag, of_any, Condition=on_creation),
        # AWS makes it with the VPC, without tags; Terraform tags it before it takes its rules away.
        allow("AdoptDefaultSecurityGroup", tag, default_group, Condition=reach.untagged()),
    ]
