"""Blue/green, as far as the load balancer, the alarms and the roles show it.

The strategy itself stands in a field of the service that the pinned AWS SDK does not know yet; the gate reads it in the
JSON. docs/decisions/0011-blue-green.md
"""

from delivery.checks.check import Problems, check, differs
from delivery.checks.entrance import header_of, paths_of, weights_of
from delivery.checks.live import Answer, Live, listed

ROLLBACK = {"enable": True, "rollback": True}


@check("G.9.6", about="rollout")
def requests_can_move_between_two_target_groups(live: Live) -> Problems:
    """A production rule and a test rule by header forward to the two groups of the service, wholly to one each."""
    for service in live.blue_green:
        groups = {live.target_group_arn(live.name("tg", name)) for name in (service, f"{service}-green")}
        rules = [rule for rule in live.listener_rules if set(weights_of(rule)) == groups]
        production = [rule for rule in rules if not header_of(rule)]
        tests = [rule for rule in rules if header_of(rule)]
        yield from differs(f"{service}: production and test rules", (len(production), len(tests)), (1, 1))
        for rule in production:
            yield from differs(f"{service}: paths", paths_of(rule), live.spec.get("load_balancer.paths"))
            shares = sorted(weights_of(rule).values())
            yield from differs(f"{service}: groups that get no requests", shares.count(0), 1)
        for rule in tests:
            first = min((int(other["Priority"]) for other in production), default=0)
            if int(rule["Priority"]) >= first:
                yield f"{service}: the test rule comes after the production rule"


@check("G.9.6", about="rollout")
def alarms_roll_deployments_back(live: Live) -> Problems:
    """Every service is rolled back by alarms that exist; a blue/green one by those of the spec, on both groups."""
    for service, found in live.services.items():
        configured = found["deploymentConfiguration"].get("alarms") or {}
        yield from differs(f"{service}: alarms", {key: configured.get(key) for key in ROLLBACK}, ROLLBACK)
        alarms = _alarms(live, configured.get("alarmNames", []))
        yield from differs(f"{service}: alarms that exist", len(alarms), len(configured.get("alarmNames", [])))
        if service in live.blue_green:
            yield from _unwatched(live, service, alarms)
        else:
            breaker = found["deploymentConfiguration"].get("deploymentCircuitBreaker")
            yield from differs(f"{service}: circuit breaker", breaker, ROLLBACK)


@check("G.9.6", about="rollout")
def ecs_may_move_the_requests_of_the_service_only(live: Live) -> Problems:
    """The infrastructure role is for ECS of this account, and reaches the rules and groups of its service only."""
    for service in live.blue_green:
        role = live.client("iam").get_role(RoleName=live.name("infrastructure-role", service))["Role"]
        for statement in listed(role["AssumeRolePolicyDocument"]["Statement"]):
            yield from differs(f"{service}: who moves", statement["Principal"], {"Service": "ecs.amazonaws.com"})
        groups = {live.target_group_arn(live.name("tg", name)) for name in (service, f"{service}-green")}
        own = groups | {rule["RuleArn"] for rule in live.listener_rules if set(weights_of(rule)) == groups}
        for statement in live.role_policies(role["Arn"]):
            actions = [str(action) for action in listed(statement["Action"])]
            reads = all(action.split(":")[1].startswith("Describe") for action in actions)
            foreign = set(listed(statement["Resource"])) - own - ({"*"} if reads else set())
            yield from differs(f"{service}: what {actions} reach beside its own", foreign, set())


def _alarms(live: Live, names: list[str]) -> list[Answer]:
    if not names:
        return []
    return live.pages("cloudwatch", "describe_alarms", "MetricAlarms", AlarmNames=names)


def _unwatched(live: Live, service: str, alarms: list[Answer]) -> Problems:
    watched = {
        (alarm["MetricName"], dimension["Value"])
        for alarm in alarms
        for dimension in alarm["Dimensions"]
        if dimension["Name"] == "TargetGroup"
    }
    for name in (service, f"{service}-green"):
        group = live.target_group_arn(live.name("tg", name)).split(":")[-1]
        for metric in live.blue_green[service]["alarms"]:
            if (metric, group) not in watched:
                yield f"{service}: no alarm of its deployments watches {metric} of {name}"
