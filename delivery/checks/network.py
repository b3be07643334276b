"""Subnets, routes and security groups: where tasks live and whom they can reach."""

from collections.abc import Iterator

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Answer, Live, only

DEFAULT_ROUTE = "0.0.0.0/0"
HTTPS = 443
Rule = tuple[str, int, int, str]  # protocol, from port, to port, who


@check("P.11.2", "G.9.1")
def everything_is_in_the_region(live: Live) -> Problems:
    """Cluster, load balancer and zones are in the region of the spec."""
    region = live.spec.get("region")
    for arn in (live.cluster["clusterArn"], live.load_balancer["LoadBalancerArn"]):
        yield from differs(f"region of {arn}", arn.split(":")[3], region)
    for subnet in live.subnets.values():
        yield from differs("region of a subnet's zone", subnet["AvailabilityZone"][:-1], region)


@check("P.3.5", "P.8.3", "G.1.4")
def tasks_run_in_private_subnets(live: Live) -> Problems:
    """Tasks have no public address, and no route of their subnets leads to an internet gateway."""
    for service, found in live.services.items():
        network = found["networkConfiguration"]["awsvpcConfiguration"]
        yield from differs(f"{service}: public address", network.get("assignPublicIp", "DISABLED"), "DISABLED")
        for subnet in network["subnets"]:
            for route in live.route_table_of(subnet)["Routes"]:
                if str(route.get("GatewayId", "")).startswith("igw-"):
                    yield f"{service}: {subnet} has a route to {route['GatewayId']}"


@check("P.8.4", "G.8.2")
def each_zone_leaves_through_its_own_nat_gateway(live: Live) -> Problems:
    """The default route of each private subnet is a NAT gateway in its own zone, in a public subnet."""
    gateways = {
        found["NatGatewayId"]: found
        for found in live.pages("ec2", "describe_nat_gateways", "NatGateways")
        if found["State"] == "available"
    }
    for subnet in _task_subnets(live):
        routes = [r for r in live.route_table_of(subnet)["Routes"] if r.get("DestinationCidrBlock") == DEFAULT_ROUTE]
        gateway = gateways.get(str(only(routes, f"default route of {subnet}").get("NatGatewayId")))
        if gateway is None:
            yield f"{subnet}: the default route is no available NAT gateway"
            continue
        zones = (live.subnets[gateway["SubnetId"]]["AvailabilityZone"], live.subnets[subnet]["AvailabilityZone"])
        yield from differs(f"{subnet}: zone of its NAT gateway", *zones)


@check("P.8.1", "P.8.2", "G.6.3", "G.8.3")
def security_groups_allow_exactly_the_edges(live: Live) -> Problems:
    """What enters each service is what the spec's edges say, and what leaves it is too; the same for the entrance."""
    groups = {_group_of(live, service): service for service in live.service_names}
    entrance = only(live.load_balancer["SecurityGroups"], "security group of the load balancer")
    names = {**groups, entrance: "alb", **dict.fromkeys(_endpoint_groups(live), "aws-endpoints")}
    for group, service in groups.items():
        found = live.security_groups[group]
        yield from differs(
            f"{service}: what may enter", set(rules_of(found["IpPermissions"], names)), _entering(live, service)
        )
        yield from differs(
            f"{service}: what may leave", set(rules_of(found["IpPermissionsEgress"], names)), _leaving(live, service)
        )
    found = live.security_groups[entrance]
    clients = {("tcp", HTTPS, HTTPS, cidr) for cidr in live.spec.get("load_balancer.public_cidrs")}
    public = {("tcp", live.port(service), live.port(service), service) for service in live.public_services}
    yield from differs("entrance: what may enter", set(rules_of(found["IpPermissions"], names)), clients)
    yield from differs("entrance: what may leave", set(rules_of(found["IpPermissionsEgress"], names)), public)


@check("P.8.2", "G.6.3", "G.8.3")
def the_default_security_group_is_closed(live: Live) -> Problems:
    """The default security group of the VPC has no rule."""
    group = only([g for g in live.security_groups.values() if g["GroupName"] == "default"], "default security group")
    yield from differs("rules of the default group", [*group["IpPermissions"], *group["IpPermissionsEgress"]], [])


def _task_subnets(live: Live) -> list[str]:
    configurations = (found["networkConfiguration"]["awsvpcConfiguration"] for found in live.services.values())
    return sorted({subnet for configuration in configurations for subnet in configuration["subnets"]})


def _group_of(live: Live, service: str) -> str:
    groups = live.services[service]["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
    return str(only(groups, f"security group of {service}"))


def _endpoint_groups(live: Live) -> list[str]:
    endpoints = live.pages(
        "ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=[{"Name": "vpc-id", "Values": [live.vpc["VpcId"]]}]
    )
    return [group["GroupId"] for endpoint in endpoints for group in endpoint.get("Groups", [])]


def _entering(live: Live, service: str) -> set[Rule]:
    callers = {edge["from"] for edge in live.spec.get("reachability.edges") if edge["to"] == service}
    callers |= {"alb"} if service in live.public_services else set()
    return {("tcp", live.port(service), live.port(service), caller) for caller in callers}


def _leaving(live: Live, service: str) -> set[Rule]:
    edges = live.spec.get("reachability.edges")
    return calls_of(edges, service) | outbound(live) | databases_of(live, service) | _to_aws(live)


def calls_of(edges: list[Answer], service: str) -> set[Rule]:
    """The rules that let a service out to its callees."""
    calls: set[Rule] = {("tcp", edge["port"], edge["port"], edge["to"]) for edge in edges if edge["from"] == service}
    return calls


def outbound(live: Live) -> set[Rule]:
    """The ways to the internet, the same for everybody."""
    return {("tcp", way["port"], way["port"], way["cidr"]) for way in live.spec.get("reachability.outbound")}


def databases_of(live: Live, service: str) -> set[Rule]:
    """The way of a service, or of what rotates its secret, to the databases that the secret opens."""
    kinds = {stated["kind"] for stated in live.stated_secrets.values() if stated["service"] == service}
    if "database-user" not in kinds:
        return set()
    stated = live.spec.get("secrets.databases")
    return {("tcp", stated["port"], stated["port"], stated["cidr"])}


def _to_aws(live: Live) -> set[Rule]:
    """The ways to AWS APIs that exist because the VPC has endpoints."""
    prefix_lists = {"aws-prefix-list"} if _has_gateway_endpoint(live) else set()
    interfaces = {"aws-endpoints"} if _endpoint_groups(live) else set()
    return {("tcp", HTTPS, HTTPS, who) for who in prefix_lists | interfaces}


def _has_gateway_endpoint(live: Live) -> bool:
    endpoints = live.pages(
        "ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=[{"Name": "vpc-id", "Values": [live.vpc["VpcId"]]}]
    )
    return any(endpoint["VpcEndpointType"] == "Gateway" for endpoint in endpoints)


def rules_of(permissions: list[Answer], names: dict[str, str]) -> Iterator[Rule]:
    for permission in permissions:
        ports = (permission["IpProtocol"], permission.get("FromPort", 0), permission.get("ToPort", 65535))
        for pair in permission.get("UserIdGroupPairs", []):
            yield (*ports, names.get(pair["GroupId"], pair["GroupId"]))
        for ip_range in permission.get("IpRanges", []):
            yield (*ports, ip_range["CidrIp"])
        for ip_range in permission.get("Ipv6Ranges", []):
            yield (*ports, ip_range["CidrIpv6"])
        for _ in permission.get("PrefixListIds", []):
            yield (*ports, "aws-prefix-list")
