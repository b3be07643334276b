"""Texts of which a part is known to Terraform only, spelled out with stand-ins, and what is explicit in an ARN."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from policies.graph.failures import UnresolvedError
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.templates import Expression, Reference, TemplateError, parts, single_reference
from policies.graph.values import Values

ACCOUNT = "0" * 12  # stands for the account that the stack is deployed to; nobody owns an account of this number
NAME = "name-known-to-terraform"
_HERE = f"region-known-to-terraform:{ACCOUNT}"

# ARNs of resources whose parts may follow a reference; of any other resource nothing may follow.
_ARNS = {
    "aws_cloudwatch_log_group": f"arn:aws:logs:{_HERE}:log-group:{NAME}",
    "aws_dynamodb_table": f"arn:aws:dynamodb:{_HERE}:table/{NAME}",
    "aws_lambda_function": f"arn:aws:lambda:{_HERE}:function:{NAME}",
    "aws_s3_bucket": f"arn:aws:s3:::{NAME}",
    "aws_ecr_repository": f"arn:aws:ecr:{_HERE}:repository/{NAME}",
    "aws_ecs_cluster": f"arn:aws:ecs:{_HERE}:cluster/{NAME}",
}
# What Terraform computes and nobody chooses freely, so that no wildcard can hide in it.
_COMPUTED = frozenset(
    [
        "account_id",
        "bucket",
        "cluster_name",
        "dns_suffix",
        "family",
        "function_name",
        "id",
        "key_id",
        "name",
        "partition",
        "region",
        "repository_url",
        "resource_id",
        "unique_id",
        "url",
    ]
)
# An attribute right after the name of an AWS resource. Whatever lies deeper (a map of tags) or belongs to another
# provider (`terraform_data.x.output.arn`) is what somebody wrote, whatever it is called.
_OF_AWS = re.compile(
    r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*(?:data\.)?(?P<kind>aws_\w+)\.[\w-]+"
    r"(?:\[[^\]]*\]|\.\d+|\.\*)?\.(?P<attribute>[A-Za-z_]\w*)"
)
_DEEPEST = 20

# Wildcards are explicit enough below a resource that is named: objects of a bucket, streams of a log group.
# Secrets Manager appends six random characters to a name.
_BELOW_A_NAME = {
    "dynamodb": r"table/[^*?/]+/(index|stream)/.+",
    "ecs": r"task/[^*?/]+/.+",
    "execute-api": r"[^*?/]+/.+",
    "lambda": r"function:[^*?:]+:.+",
    "logs": r"log-group:[^*?:]+:(\*|log-stream:.+)",
    "s3": r"[^*?/:]+/.+",
    "secretsmanager": r"secret:[^*?]+-\?{6}",
}


class Arn(NamedTuple):
    """The fields of an ARN; `resource` may hold colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def arn_of(text: str) -> Arn | None:
    """The fields, or None when the text is no ARN."""
    fields = text.split(":", 5)
    return Arn(*fields[1:]) if len(fields) == 6 and fields[0] == "arn" else None


def why_vague(text: str) -> str:
    """Why a text is no explicit ARN; "" when it is one."""
    arn = arn_of(text)
    if arn is None:
        return "no ARN"
    if any("*" in field or "?" in field for field in arn[:4]):
        return "a wildcard in partition, service, region or account"
    below = _BELOW_A_NAME.get(arn.service)
    if not arn.resource or (re.search(r"[*?]", arn.resource) and not (below and re.fullmatch(below, arn.resource))):
        return "a wildcard where the resource is named"
    return ""


def spelled_out(place: Values, path: str, template: str, graph: Graph) -> str:
    """The text that a template stands for, with stand-ins for what Terraform computes.

    UnresolvedError for expressions of which nobody can say what is in them.
    """
    try:
        return "".join(_spelled(template, graph, _DEEPEST))
    except (TemplateError, UnresolvedError) as failure:
        expected = getattr(failure, "expected", f"a whole template ({failure})")
        raise place.unresolved(path, template, expected) from failure


def _spelled(template: str, graph: Graph, depth: int) -> Iterator[str]:
    for part in parts(template):
        yield part if isinstance(part, str) else _expression(part, graph, depth)


def _expression(expression: Expression, graph: Graph, depth: int) -> str:
    reference = None if expression.directive else single_reference(f"${{{expression.text}}}")
    if reference is None or not depth:
        raise UnresolvedError("", "", expression.text, "a reference, or a literal")
    known = graph.scope.literal(reference)
    if known is not None:
        return known
    if reference.head in ("local", "var"):
        value = graph.scope.holds(reference)
        if not isinstance(value, str):
            raise UnresolvedError("", "", expression.text, f"a declared text for {reference.text}")
        return "".join(_spelled(value, graph, depth - 1))
    return _computed(reference, graph, depth)


def _computed(reference: Reference, graph: Graph, depth: int) -> str:
    """What an attribute of an AWS resource says: as far as it is written down, else with a stand-in."""
    owners = graph.instances(reference)
    match = _OF_AWS.fullmatch(reference.text)
    if not match or not owners:
        raise UnresolvedError("", "", reference.text, "an attribute of an AWS resource of this stack, or a literal")
    kind, attribute = match["kind"], match["attribute"]
    written = [value for owner in owners if (value := owner.get(attribute)) not in (None, "")]
    texts = {"".join(_spelled(value, graph, depth - 1)) if isinstance(value, str) else "*" for value in written}
    if len(texts) == 1 and all(isinstance(value, str) for value in written):
        return texts.pop()
    if any("*" in text or "?" in text for text in texts):
        raise UnresolvedError("", "", reference.text, "a text, without wildcards where it differs between instances")
    return stand_in(kind, attribute, reference.text)


def stand_in(kind: str, attribute: str, text: str) -> str:
    """What an attribute that AWS computes counts as. kind: `aws_lb`; text: the reference, for the error."""
    if attribute == "account_id":
        return ACCOUNT
    if attribute == "partition":
        return "aws"
    if attribute == "arn" or attribute.endswith("_arn"):
        return _ARNS.get(kind, f"arn:aws:{kind}:{_HERE}:{NAME}")
    if attribute in _COMPUTED:
        return "aws.amazon.com" if attribute == "dns_suffix" else NAME
    raise UnresolvedError("", "", text, "an id, a name, an ARN or a literal")


_NAMED_IN_ARNS = {"aws_ecr_repository": ("ecr", "repository/"), "aws_cloudwatch_log_group": ("logs", "log-group:")}


def rest_after(template: str, resource: Resource, graph: Graph) -> str | None:
    """What a policy's resource says after the ARN of a resource: "" for the ARN itself, `:log-stream:*`, `/*`.

    None when it does not begin with that ARN: neither as a reference, nor as the ARN AWS gave, nor put together from
    the resource's name in the account of the stack.
    """
    split = parts(template)
    reference = single_reference(f"${{{split[0].text}}}") if split and isinstance(split[0], Expression) else None
    if reference and reference.steps and reference.steps[-1] == "arn" and resource in graph.instances(reference):
        rest = split[1:]
        return "".join(str(part) for part in rest) if all(isinstance(part, str) for part in rest) else None
    known = resource.get("arn")
    if isinstance(known, str) and template.startswith(known):
        return template[len(known) :]
    return _rest_after_name(template, resource, graph)


def is_arn_of(template: str, resource: Resource, graph: Graph) -> bool:
    """Whether a policy's resource is this one and nothing below it."""
    return rest_after(template, resource, graph) == ""


def is_same_arn(place: Values, template: str, other: str, graph: Graph) -> bool:
    """Whether a policy's resource says this ARN; a region that only Terraform knows is taken to be the same."""
    arn, wanted = arn_of(spelled_out(place, "Resource", template, graph)), arn_of(other)
    if arn is None or wanted is None:
        return False
    regions = {arn.region, wanted.region} - {NAME}
    return arn._replace(region="") == wanted._replace(region="") and len(regions) <= 1


def is_log_group_or_below(template: str, group: Resource, graph: Graph) -> bool:
    """Whether a policy's resource is this log group, or streams of it."""
    rest = rest_after(template, group, graph)
    return rest is not None and (rest == "" or rest.startswith(":"))


def own_accounts(graph: Graph) -> frozenset[str]:
    """The account that is deployed to: as a stand-in, and as a number where a plan or state knows it."""
    known = (item.get("account_id") for item in graph.of_type("data.aws_caller_identity"))
    return frozenset({ACCOUNT, *(item for item in known if isinstance(item, str))})


def _rest_after_name(template: str, resource: Resource, graph: Graph) -> str | None:
    service, prefix = _NAMED_IN_ARNS.get(resource.type, ("", ""))
    arn = arn_of(spelled_out(resource, "arn", template, graph)) if service else None
    if arn is None or (arn.service, arn.account) != (service, ACCOUNT):
        return None
    whole = prefix + spelled_out(resource, "name", str(resource.get("name", "")), graph)
    return arn.resource[len(whole) :] if arn.resource.startswith(whole) else None
