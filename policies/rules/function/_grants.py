"""What the role of a function may do, as grants that its policies are held to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policies.graph import Graph, Resource
from policies.graph.arns import arn_of, is_arn_of, is_log_group_or_below, own_accounts, spelled_out
from policies.graph.ecs import cluster_name_of
from policies.graph.iam import Statement
from policies.graph.policies import actions_in
from policies.graph.roles import allows, role_of, statements_of, takes_away
from policies.rule import Finding, finding

GROUP, SUBNET = "aws_cloudwatch_log_group", "aws_subnet"
CREATE = ("ec2:CreateNetworkInterface",)
RELEASE = ("ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses")
BY_CODE = "lambda:SourceFunctionArn"
SEE, WRITE = ("ec2:DescribeNetworkInterfaces",), ("logs:CreateLogStream", "logs:PutLogEvents")


@dataclass(frozen=True)
class Grant:
    """Actions on resources. on: whether a resource of a policy is one of them; what: in words; needed: to work."""

    actions: tuple[str, ...]
    on: Callable[[str], bool]
    what: str
    needed: bool = False


def on_arn(resource: Resource, graph: Graph) -> Callable[[str], bool]:
    """The resource itself, by its ARN."""
    return lambda template: is_arn_of(template, resource, graph)


def on_service(service: Resource, graph: Graph) -> Callable[[str], bool]:
    """An ECS service, whose ARN is put together from the names in it."""
    whole = f"service/{cluster_name_of(service, graph)}/{service.text('name')}"
    own = own_accounts(graph)

    def matches(template: str) -> bool:
        arn = arn_of(spelled_out(service, "id", template, graph))
        return arn is not None and arn.account in own and (arn.service, arn.resource) == ("ecs", whole)

    return matches


def standing(function: Resource, graph: Graph) -> tuple[Grant, ...]:
    """What a function in a VPC needs to stand there and to be heard.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (2026-11-26)
    """
    name = f"/aws/lambda/{function.text('function_name')}"
    groups = [group for group in graph.of_type(GROUP) if group.text("name") == name]
    places = {
        "subnet": graph.targets_of(function, "vpc_config.subnet_ids", SUBNET),
        "security-group": graph.targets_of(function, "vpc_config.security_group_ids", "aws_security_group"),
    }

    def on_place(template: str) -> bool:
        return _is_interface(template) or any(
            _ends_with(template, f":{word}/", item) for word, items in places.items() for item in items
        )

    def on_group(template: str) -> bool:
        return any(is_log_group_or_below(template, group, graph) for group in groups)

    return (
        Grant(WRITE, on_group, "its own log group"),
        Grant(CREATE, on_place, "interfaces in its own subnets and group"),
        Grant(RELEASE, _is_interface, "interfaces"),
        Grant(SEE, lambda template: template == "*", "*"),
    )


def held_to(function: Resource, grants: tuple[Grant, ...], graph: Graph) -> Iterator[Finding]:
    """Findings at statements that grant more, and at a function whose role cannot do what it is there for."""
    role = role_of(function, "role", graph)
    statements = statements_of(role, graph) if role else ()
    for statement in statements:
        if statement.allows:
            yield from _beyond(statement, grants)
    if not any(_keeps_code_off(item, function) for item in statements):
        found = role.address if role else None
        yield finding(
            function, "role", found, f"a Deny of {', '.join((*CREATE, *RELEASE))} by its own code ({BY_CODE})"
        )
    for grant in grants:
        for action in grant.actions if grant.needed else ():
            if not any(allows(item, action) and any(map(grant.on, item.resources)) for item in statements):
                yield finding(function, "role", role.address if role else None, f"{action} on {grant.what}")
        if grant.needed and (denied := [item for item in statements if takes_away(item, grant.actions)]):
            yield finding(denied[0].place, "Effect", f"Deny of {takes_away(denied[0], grant.actions)}", "no such Deny")


def _keeps_code_off(statement: Statement, function: Resource) -> bool:
    """Whether what Lambda needs to place the function is denied to calls that come from inside of it."""
    if statement.allows or statement.resources != ("*",) or not {*CREATE, *RELEASE} <= set(actions_in(statement)):
        return False
    tests = [(item.operator, item.key.lower()) for item in statement.conditions]
    own = f":function:{function.text('function_name')}"
    named = statement.condition_values(BY_CODE)
    return tests == [("ArnEquals", BY_CODE.lower())] and bool(named) and all(text.endswith(own) for text in named)


def _beyond(statement: Statement, grants: tuple[Grant, ...]) -> Iterator[Finding]:
    if statement.not_actions or statement.not_resources:
        yield finding(statement.place, "", "NotAction or NotResource", "actions and resources by name")
    for action in actions_in(statement):
        mine = [grant for grant in grants if action.lower() in (item.lower() for item in grant.actions)]
        if not mine:
            yield finding(statement.place, "Action", action, "an action that its task takes")
            continue
        for template in statement.resources:
            if not any(grant.on(template) for grant in mine):
                found = f"{action} on {template}"
                yield finding(statement.place, "Resource", found, " or ".join(grant.what for grant in mine))


def _is_interface(template: str) -> bool:
    return template.endswith(":network-interface/*")  # ids that AWS makes; explicit-resource-arns judges the rest


def _ends_with(template: str, word: str, resource: Resource) -> bool:
    known = resource.get("id")
    return template.endswith((f"{word}${{{resource.address}.id}}", f"{word}{known}" if known else "\0"))
