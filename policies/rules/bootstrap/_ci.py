"""What the rules about the CI role share: which policy is its boundary, which are its grants, and what they match."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from policies.graph import Graph, Resource
from policies.graph.arns import ACCOUNT, spelled_out
from policies.graph.iam import Statement
from policies.graph.policies import IDENTITY, actions_in, policies_of

ROLE, POLICY, PROVIDER = "aws_iam_role", "aws_iam_policy", "aws_iam_openid_connect_provider"
BUCKET, KEY = "aws_s3_bucket", "aws_kms_key"


def boundaries(graph: Graph) -> tuple[Resource, ...]:
    """The policies that are the boundary of a role of the stack."""
    named = [role.get("permissions_boundary") for role in graph.of_type(ROLE)]
    return graph.lookup([value for value in named if isinstance(value, str) and value], POLICY)


def granted(resource: Resource, graph: Graph) -> Iterator[Statement]:
    """The Allow statements of an identity policy that is no boundary."""
    if resource in boundaries(graph):
        return
    for policy in policies_of(resource, graph):
        if policy.form == IDENTITY:
            yield from policy.allows


def account(graph: Graph) -> str:
    """The account, as a number where a plan or state knows it, else as its stand-in."""
    known = [item.get("account_id") for item in graph.of_type("data.aws_caller_identity")]
    return next((item for item in known if isinstance(item, str) and item.isdigit()), ACCOUNT)


def resource_texts(statement: Statement, graph: Graph) -> Iterator[tuple[str, str]]:
    """(as written, spelled out) of each resource."""
    for template in statement.resources:
        yield template, spelled_out(statement.place, "Resource", template, graph)


def arn_text(resource: Resource, graph: Graph) -> str:
    """The ARN by which policies of the stack mean a resource of it, spelled out as theirs are."""
    written = resource.get("arn")
    return written if isinstance(written, str) else spelled_out(resource, "arn", f"${{{resource.address}.arn}}", graph)


def speaks_of(statement: Statement, action: str) -> bool:
    """Whether the statement is about an action, in whatever case either is written."""
    wanted = action.lower()
    if statement.not_actions:
        return not any(fnmatchcase(wanted, name.lower()) for name in statement.not_actions)
    return any(fnmatchcase(wanted, name.lower()) for name in actions_in(statement))


def covers(statement: Statement, action: str, target: str, graph: Graph) -> bool:
    """Whether the statement is about an action on a resource (spelled out)."""
    if not speaks_of(statement, action) or statement.not_resources:
        return False
    return any(fnmatchcase(target, text) for _, text in resource_texts(statement, graph))


def limits(statement: Statement, key: str, operator: str = "StringEquals") -> tuple[str, ...]:
    """The values that one operator holds a condition key to; () where it does not."""
    return tuple(
        value
        for item in statement.conditions
        if item.key.lower() == key.lower() and item.operator == operator
        for value in item.values
    )
