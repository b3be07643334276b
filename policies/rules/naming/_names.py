"""Where each type says its name, what the name begins with, and which names are not ours to choose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.graph import Graph, Resource, UnresolvedError
from policies.graph.arns import spelled_out
from policies.graph.templates import references
from policies.reference.types import types
from policies.spec import Spec

NAME_TAG = "tags.Name"
SUFFIX = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
COMPONENT = r"(?:-[A-Za-z0-9]+(?:[._/-]+[A-Za-z0-9]+)*)?"

# Types whose name is not in `name`, or that has none although it could.
NAME_ATTRIBUTES = {
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_composite_alarm": "alarm_name",
    "aws_db_instance": "identifier",
    "aws_ecs_task_definition": "family",
    "aws_lambda_function": "function_name",
    "aws_rds_cluster": "cluster_identifier",
    "aws_s3_bucket": "bucket",
}

# What a name begins with, where it is not the type in words (aws_ecs_cluster: ecs-cluster).
TYPE_WORDS = {
    "aws_acm_certificate": "certificate",
    "aws_appautoscaling_policy": "scaling-policy",
    "aws_cloudwatch_event_rule": "event-rule",
    "aws_cloudwatch_log_group": "log-group",
    "aws_cloudwatch_metric_alarm": "alarm",
    "aws_ecs_task_definition": "ecs-task",
    "aws_eip": "elastic-ip",
    "aws_iam_role": "(?:[a-z]+-)*role",
    "aws_iam_role_policy": "role-policy",
    "aws_kms_alias": "alias/kms-key",
    "aws_lambda_function": "function",
    "aws_lb": "(?:alb|nlb)",
    "aws_lb_listener": "(?:https-)?listener",
    "aws_lb_listener_rule": "listener-rule",
    "aws_lb_target_group": "tg",
    "aws_route_table": "(?:public-|private-)?route-table",
    "aws_secretsmanager_secret": "secret",
    "aws_service_discovery_private_dns_namespace": "namespace",
    "aws_service_discovery_service": "discovery",
    "aws_subnet": "(?:public|private)-subnet",
    "aws_vpc_security_group_egress_rule": "security-group-rule",
    "aws_vpc_security_group_ingress_rule": "security-group-rule",
}

# Names that belong to DNS: the suffix is one label of them, the rest is the zone's matter.
DNS_NAMES = {"aws_route53_record": "name", "aws_route53_zone": "name"}
# DNS names of which the first label is ours.
FIRST_LABEL = frozenset({"aws_service_discovery_private_dns_namespace"})

# type -> why it bears no name of its own.
WITHOUT_NAME = {
    "aws_appautoscaling_target": "AWS knows it by resource_id, which holds the names of its cluster and its service",
    "aws_ecs_account_setting_default": "its name is the setting's, which AWS dictates",
    "aws_iam_policy_attachment": "its name stands in the state only; AWS knows the policy and the role",
    "aws_s3_object": "its key is the application's matter",
}

# Names that AWS dictates: type -> (form of the name, the type whose name is in it, reason).
DICTATED = {
    "aws_cloudwatch_log_group": (
        (
            r"/aws/ecs/containerinsights/(?P<name>[^/]+)/performance",
            "aws_ecs_cluster",
            "Container Insights writes there",
        ),
        (r"/aws/lambda/(?P<name>[^/]+)", "aws_lambda_function", "Lambda writes there"),
    ),
}


@dataclass(frozen=True)
class Name:
    """A name as it will be, with stand-ins for what only Terraform knows; `text` is None where there is none.

    kind: the type that the name is of, which differs from the resource's where AWS dictates the rest
    is_dns: a DNS name, of which only the suffix is ours
    """

    resource: Resource
    attribute: str
    text: str | None
    kind: str
    is_dns: bool = False


def names(graph: Graph) -> Iterator[Name]:
    """The name of every resource that AWS lets one name; types without name and tags have none."""
    for resource in graph.resources.values():
        if resource.mode == "resource" and resource.type.startswith("aws_") and resource.type not in WITHOUT_NAME:
            yield from _names_of(resource, graph)


def suffix_of(graph: Graph, spec: Spec) -> str:
    """The environment suffix: the end of the stack's name or, where a plan or state does not tell it, of the cluster's.

    UnresolvedError when neither tells it.
    """
    start = f"{spec.platform}-{spec.get('naming.environment')}-"
    if graph.stack:
        found = {graph.stack.removeprefix(start)} if graph.stack.startswith(start) else set()
    else:
        pattern = pattern_of(spec, "aws_ecs_cluster", f"-(?P<suffix>{SUFFIX})")
        matches = (re.fullmatch(pattern, item.text("name") or "") for item in graph.of_type("aws_ecs_cluster"))
        found = {match["suffix"] for match in matches if match}
    suffixes = [item for item in found if re.fullmatch(SUFFIX, item)]
    if len(suffixes) != 1:
        raise UnresolvedError("", "", graph.stack or "no stack name, no cluster name", f"{start}SUFFIX, once")
    return suffixes[0]


def holds(text: str, suffix: str) -> bool:
    """Whether the suffix stands in the name by itself: `pr42` in `x-pr42` and `pr42.example.com`, not in `x-pr421`."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(suffix)}(?![A-Za-z0-9])", text) is not None


def pattern_of(spec: Spec, kind: str, suffix: str) -> str:
    """The spec's pattern for names of a type, as a regular expression; `suffix` is one, with its hyphen."""
    filled = {
        "{type}": f"-{words_of(kind)}",
        "{component}": COMPONENT,
        "{environment}": f"-{re.escape(spec.get('naming.environment'))}",
        "{suffix}": suffix,
    }
    parts = re.findall(r"\{\w+\}|[^{}-]+", spec.get("naming.pattern"))
    return "".join(filled.get(part, f"-{re.escape(part)}") for part in parts).removeprefix("-")


def words_of(kind: str) -> str:
    """What names of a type begin with, as a regular expression."""
    return TYPE_WORDS.get(kind, re.escape(kind.removeprefix("aws_").replace("_", "-")))


def _names_of(resource: Resource, graph: Graph) -> Iterator[Name]:
    kind = resource.type
    if kind in DNS_NAMES:
        if not _is_of_a_certificate(resource, DNS_NAMES[kind]):
            yield Name(resource, DNS_NAMES[kind], _spelled(resource, DNS_NAMES[kind], graph), kind, is_dns=True)
        return
    if kind == "aws_acm_certificate":
        yield Name(resource, "domain_name", _spelled(resource, "domain_name", graph), kind, is_dns=True)
    attribute = NAME_ATTRIBUTES.get(kind) or ("name" if _takes_a_name(resource) else "")
    if attribute or kind in types().taggable or resource.has("tags"):
        yield _own_name(resource, attribute or NAME_TAG, graph)


def _takes_a_name(resource: Resource) -> bool:
    """Whether `name` is an argument; states also hold names that AWS gave."""
    known = types()
    return resource.type in known.named or (resource.type not in known.all and resource.has("name"))


def _own_name(resource: Resource, attribute: str, graph: Graph) -> Name:
    text = _tag(resource, graph) if attribute == NAME_TAG else _spelled(resource, attribute, graph)
    if text and resource.type in FIRST_LABEL:
        text = text.partition(".")[0]
    for form, kind, _reason in DICTATED.get(resource.type, ()):
        if text and (match := re.fullmatch(form, text)):
            return Name(resource, attribute, match["name"], kind)
    return Name(resource, attribute, text, resource.type)


def _spelled(resource: Resource, attribute: str, graph: Graph) -> str | None:
    value = resource.get(attribute)
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise resource.malformed(attribute, value, "a text")
    return spelled_out(resource, attribute, value, graph)


def _tag(resource: Resource, graph: Graph) -> str | None:
    value = resource.tags.get("Name")
    return spelled_out(resource, NAME_TAG, value, graph) if isinstance(value, str) else None


def _is_of_a_certificate(record: Resource, attribute: str) -> bool:
    """Whether the name is the one that ACM demands for the validation of a certificate, which is judged itself."""
    value = record.get(attribute)
    written = references(value) if isinstance(value, str) else ()
    return bool(written) and all(
        item.head == "aws_acm_certificate" and "domain_validation_options" in str(value) for item in written
    )
