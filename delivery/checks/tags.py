"""Tags and names of everything the deployment owns."""

from collections.abc import Iterator

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Live, tags_of


@check("P.10.1", "P.10.2", "P.10.3", "G.9.4")
def everything_carries_the_tags(live: Live) -> Problems:
    """Every resource that can be tagged carries the tags of the spec and its suffix, running tasks included."""
    expected = {**live.spec.get("tags"), live.spec.get("suffix_tag"): live.suffix}
    for what, tags in _tagged(live):
        missing = {key: tags.get(key) for key, value in expected.items() if tags.get(key) != value}
        if missing:
            yield f"{what}: tags {missing}, expected {expected}"


@check("G.9.4", about="service_tag")
def everything_names_its_owner(live: Live) -> Problems:
    """Everything that can be tagged names the microservice that it belongs to, or the platform."""
    key = live.spec.get("service_tag")
    for what, tags in _tagged(live):
        yield from differs(f"{what}: tag {key}", tags.get(key), _owner_of(live, what, tags))


def _owner_of(live: Live, what: str, tags: dict[str, str]) -> str:
    """The microservice that a thing is called after, by its name or, where AWS names it by an id, by its Name tag."""
    words = f" {tags.get('Name', '')} {what} ".replace("/", " ")
    named = [name for name in live.service_names if f" {name} " in words or f"-{name}-" in words]
    return max(named, key=len, default="platform")


@check("P.11.4", "P.11.5", "G.9.2", "G.9.3")
def every_name_carries_the_suffix(live: Live) -> Problems:
    """Every name ends with the environment and the suffix, and starts with the type of the resource."""
    ending = live.name("x").removeprefix("x")
    for name in _names(live):
        if not name.endswith(ending):
            yield f"{name} does not end with {ending}"


def _tagged(live: Live) -> Iterator[tuple[str, dict[str, str]]]:
    yield "cluster", tags_of(live.cluster)
    for kind, found in (("service", live.services), ("task definition", live.task_definitions)):
        yield from ((f"{kind} {name}", tags_of(item)) for name, item in found.items())
    for service, tasks in live.tasks.items():
        yield from ((f"task of {service}", tags_of(task)) for task in tasks)
    yield from _tagged_in_vpc(live)
    yield from _tagged_in_elb(live)
    for service, group in live.log_groups.items():
        arn = group["arn"].removesuffix(":*")
        yield f"log group of {service}", tags_of(live.client("logs").list_tags_for_resource(resourceArn=arn))
    for service, found in live.task_definitions.items():
        for key in ("executionRoleArn", "taskRoleArn"):
            role = str(found[key]).rsplit("/", 1)[-1]
            yield f"{key} of {service}", tags_of(live.client("iam").list_role_tags(RoleName=role))
    for component, found in live.functions.items():
        arn = found["FunctionArn"]
        yield f"function -{component}", dict(live.client("lambda").list_tags(Resource=arn)["Tags"])
    yield from ((f"secret -{component}", tags_of(found)) for component, found in live.secrets.items())


def _tagged_in_vpc(live: Live) -> Iterator[tuple[str, dict[str, str]]]:
    yield "VPC", tags_of(live.vpc)
    yield from ((f"subnet {key}", tags_of(item)) for key, item in live.subnets.items())
    yield from ((f"security group {item['GroupName']}", tags_of(item)) for item in live.security_groups.values())
    for table in live.route_tables:
        if not any(association.get("Main") for association in table.get("Associations", [])):  # AWS made that one
            yield f"route table {table['RouteTableId']}", tags_of(table)
    for gateway in live.pages("ec2", "describe_nat_gateways", "NatGateways"):
        if gateway["VpcId"] == live.vpc["VpcId"] and gateway["State"] == "available":
            yield f"NAT gateway {gateway['NatGatewayId']}", tags_of(gateway)


def _tagged_in_elb(live: Live) -> Iterator[tuple[str, dict[str, str]]]:
    arns = [
        live.load_balancer["LoadBalancerArn"],
        *live.target_groups,
        *(listener["ListenerArn"] for listener in live.listeners),
    ]
    answer = live.client("elbv2").describe_tags(ResourceArns=arns)
    yield from ((item["ResourceArn"], tags_of(item)) for item in answer["TagDescriptions"])


def _names(live: Live) -> Iterator[str]:
    yield live.cluster["clusterName"]
    yield live.load_balancer["LoadBalancerName"]
    yield from (item["serviceName"] for item in live.services.values())
    yield from (item["family"] for item in live.task_definitions.values())
    yield from (item["TargetGroupName"] for item in live.target_groups.values())
    yield from (item["logGroupName"] for item in live.log_groups.values())
    yield from (item["GroupName"] for item in live.security_groups.values() if item["GroupName"] != "default")
    for what in (live.vpc, *live.subnets.values()):
        yield tags_of(what).get("Name", "")
    for found in live.task_definitions.values():
        yield from (found[key].rsplit("/", 1)[-1] for key in ("executionRoleArn", "taskRoleArn"))
