"""The VPC has one internet gateway, and nothing else joins it to other networks or publishes what is in it."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.vpc_defaults import VPC as VPC_KIND
from policies.mutant import Mutant, add, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.network._mutants import named
from policies.spec import Spec

DOORS = (
    "aws_api_gateway_vpc_link",
    "aws_apigatewayv2_vpc_link",
    "aws_cloudfront_vpc_origin",
    "aws_ec2_carrier_gateway",
    "aws_ec2_client_vpn_endpoint",
    "aws_ec2_instance_connect_endpoint",
    "aws_ec2_traffic_mirror_session",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_egress_only_internet_gateway",
    "aws_elb",
    "aws_globalaccelerator_endpoint_group",
    "aws_lambda_function_url",
    "aws_networkmanager_vpc_attachment",
    "aws_ram_resource_share",
    "aws_verifiedaccess_endpoint",
    "aws_vpc_endpoint_service",
    "aws_vpc_peering_connection",
    "aws_vpc_peering_connection_accepter",
    "aws_vpclattice_service_network_vpc_association",
    "aws_vpclattice_target_group",
    "aws_vpn_gateway",
    "aws_vpn_gateway_attachment",
)
RULE = Rule(
    id="one-door",
    title="VPC is joined to the outside by its internet gateway and endpoints of AWS services, nothing else",
    severity=Severity.HIGH,
    clauses=("P.8.3", "G.1.4"),
    pci_dss=("1.2.5", "1.3.1", "1.4.1"),
    rationale="A peering, a VPN or a published service is a way in that neither load balancer nor NAT gateway sees.",
    remediation="Remove it, or state it as a requirement first and teach the reachability rule to judge it.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/extend-intro.html", "2026-11-22"),
    applies_to=("aws_internet_gateway", "aws_vpc_endpoint", *DOORS),
)

OF_AWS, OF_OTHERS = ("com.amazonaws.", "aws."), "com.amazonaws.vpce."


def check_each(item: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for every other door, a second internet gateway of a VPC, and endpoints of somebody else's services."""
    if item.kind == "aws_internet_gateway":
        for vpc in graph.targets_of(item, "vpc_id", VPC_KIND):
            if (first := graph.referrers(vpc, item.kind, "vpc_id")[0]) is not item:
                yield finding(item, "vpc_id", item.address, f"{first.address} alone")
    elif item.kind == "aws_vpc_endpoint":
        service = item.text("service_name") or ""
        if not service.startswith(OF_AWS) or service.startswith(OF_OTHERS):
            yield finding(item, "service_name", service or None, "a service of AWS")
    else:
        yield finding(item, "", item.type, "no such resource")


LOGS, PEERING = "aws_vpc_endpoint.logs", "aws_vpc_peering_connection.added"
MUTANTS = (
    Mutant(
        "peering",
        add(
            PEERING,
            {"vpc_id": "${aws_vpc.main.id}", "peer_vpc_id": "vpc-0123abcd", "tags": named("vpc-peering-connection")},
        ),
        at=PEERING,
    ),
    Mutant(
        "VPN gateway",
        add("aws_vpn_gateway.added", {"vpc_id": "${aws_vpc.main.id}", "tags": named("vpn-gateway")}),
        at="aws_vpn_gateway.added",
    ),
    Mutant(
        "load balancer published to other accounts",
        add(
            "aws_vpc_endpoint_service.added",
            {
                "acceptance_required": False,
                "network_load_balancer_arns": ["${aws_lb.public.arn}"],
                "tags": named("vpc-endpoint-service"),
            },
        ),
        at="aws_vpc_endpoint_service.added",
    ),
    Mutant(
        "endpoint of somebody else's service",
        put(LOGS, "service_name", "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"),
        at=LOGS,
        also=("reachability", "security-group-rules"),
    ),
    Mutant(
        "second internet gateway",
        add("aws_internet_gateway.second", {"vpc_id": "${aws_vpc.main.id}", "tags": named("internet-gateway")}),
        at="aws_internet_gateway.second",
    ),
    Mutant(
        "classic load balancer",
        add(
            "aws_elb.added",
            {"name": "elb-added-production-pr42", "subnets": ["${aws_subnet.public-us-east-1a.id}"], "listener": []},
        ),
        at="aws_elb.added",
        also=("https-listeners-only",),
    ),
)
