"""Lambda functions: where they stand, what they may reach, where they log."""

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Live, only
from delivery.checks.network import Rule, databases_of, rules_of


@check("G.7.3", "G.8.3", about="secrets")
def functions_stand_in_private_subnets(live: Live) -> Problems:
    """The functions that secrets need, and no others, stand in private subnets; nobody reaches them."""
    expected = sorted([*(f"{component}-rotation" for component in live.stated_secrets), "redeployment"])
    yield from differs("functions", sorted(live.functions), expected)
    task_subnets = {
        subnet
        for found in live.services.values()
        for subnet in found["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    }
    for component, found in live.functions.items():
        placed = found.get("VpcConfig") or {}
        yield from differs(f"{component}: subnets", set(placed.get("SubnetIds", [])), task_subnets)
        group = live.security_groups[only(placed["SecurityGroupIds"], f"security group of {component}")]
        yield from differs(f"{component}: what may enter", set(rules_of(group["IpPermissions"], {})), set())
        stated = live.stated_secrets.get(component.removesuffix("-rotation"), {})
        opens = databases_of(live, stated["service"]) if stated.get("kind") == "database-user" else set()
        leaving = set(rules_of(group["IpPermissionsEgress"], {}))
        yield from differs(f"{component}: what may leave", leaving, _outbound(live) | opens)


@check("G.3.4", about="secrets")
def functions_log_like_services(live: Live) -> Problems:
    """The log group of every function is kept and encrypted as stated."""
    encrypted = live.spec.get("logs.encryption") == "customer-managed"
    for component, found in live.functions.items():
        name = f"/aws/lambda/{found['FunctionName']}"
        groups = live.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        group = only([group for group in groups if group["logGroupName"] == name], f"log group {name}")
        days = live.spec.get("logs.retention_days")
        yield from differs(f"{component}: retention in days", group.get("retentionInDays"), days)
        yield from differs(f"{component}: has a key of the customer", "kmsKeyId" in group, encrypted)
    if not live.functions:
        yield "there are no functions to look at"


def _outbound(live: Live) -> set[Rule]:
    stated = live.spec.get("secrets.functions_outbound")
    return {("tcp", way["port"], way["port"], way["cidr"]) for way in stated}
