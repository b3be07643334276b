"""How things are looked for: by a tag of EC2, by a name of their own, or through what they hang on. Data."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from delivery.recovery.lookup import Call, Lookup, Values

_DELETED = ("deleted", "deleting", "failed")


def asked(
    needs: tuple[str, ...],
    service: str,
    operation: str,
    arguments: Callable[[Values], Mapping[str, Any]],
    ids: Callable[[Any, Values], Iterable[str]],
) -> Lookup:
    """A thing that one question leads to."""
    return Lookup(needs, (Call(service, operation, arguments, ids),))


def tagged(operation: str, list_name: str, id_name: str, filter_name: str = "Filters") -> Lookup:
    """A thing of EC2, by its tag Name. What is being deleted keeps its tags for a while, and is not found."""

    def ids(answer: Any, values: Values) -> list[str]:
        return [
            thing[id_name]
            for thing in answer.get(list_name, ())
            if tag_name(thing, "Key", "Value", values) and str(thing.get("State")).lower() not in _DELETED
        ]

    return asked(
        ("tags",), "ec2", operation, lambda values: {filter_name: filters({"tag:Name": values["tags"]["Name"]})}, ids
    )


def filters(wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """Names and values as EC2 wants them."""
    return [{"Name": name, "Values": [value]} for name, value in wanted.items()]


def named(
    service: str,
    operation: str,
    attribute: str,
    arguments: Callable[[str], Mapping[str, Any]],
    ids: Callable[[Any, str], Iterable[str]],
) -> Lookup:
    """A thing with a name of its own in the attribute."""
    return asked(
        (attribute,),
        service,
        operation,
        lambda values: arguments(values[attribute]),
        lambda answer, values: ids(answer, values[attribute]),
    )


def in_route_table(list_name: str, key: str, attribute: str, import_id: str) -> Lookup:
    """What a route table lists with the attribute's value under a key. import_id: a template over the attributes."""
    return asked(
        ("route_table_id", attribute),
        "ec2",
        "describe_route_tables",
        lambda values: {"RouteTableIds": [values["route_table_id"]]},
        lambda answer, values: [
            import_id.format_map(values)
            for table in answer["RouteTables"]
            for entry in table[list_name]
            if entry.get(key) == values[attribute]
        ],
    )


def tag_name(answer: Any, key: str, value: str, values: Values) -> bool:
    """Whether the tags of an answer hold the planned Name; services spell the two halves of a tag differently."""
    return any((tag[key], tag[value]) == ("Name", values["tags"]["Name"]) for tag in answer.get("Tags", ()))


KMS_KEY = Lookup(
    ("tags",),
    (
        Call("kms", "list_keys", lambda _v: {}, lambda answer, _v: [key["KeyId"] for key in answer["Keys"]]),
        Call(
            "kms",
            "describe_key",
            lambda _v, key: {"KeyId": key},
            lambda answer, _v, key: [
                key
                for data in [answer["KeyMetadata"]]
                if (data["KeyManager"], data["KeyState"]) == ("CUSTOMER", "Enabled")
            ],
        ),
        Call(
            "kms",
            "list_resource_tags",
            lambda _v, key, _same: {"KeyId": key},
            lambda answer, values, key, _same: [key] if tag_name(answer, "TagKey", "TagValue", values) else [],
        ),
    ),
)
CERTIFICATE = Lookup(
    ("tags",),
    (
        Call(
            "acm",
            "list_certificates",
            lambda _v: {},
            lambda answer, _v: [each["CertificateArn"] for each in answer["CertificateSummaryList"]],
        ),
        Call(
            "acm",
            "list_tags_for_certificate",
            lambda _v, arn: {"CertificateArn": arn},
            lambda answer, values, arn: [arn] if tag_name(answer, "Key", "Value", values) else [],
        ),
    ),
)
NAMESPACE = asked(
    ("name", "vpc"),  # the import id holds the VPC, which Cloud Map does not tell
    "servicediscovery",
    "list_namespaces",
    lambda _v: {},
    lambda answer, values: [
        f"{each['Id']}:{values['vpc']}" for each in answer["Namespaces"] if each["Name"] == values["name"]
    ],
)
ECS_SERVICE = Lookup(
    ("name",),
    (
        Call("ecs", "list_clusters", lambda _v: {}, lambda answer, _v: answer["clusterArns"]),
        Call(
            "ecs",
            "describe_services",
            lambda values, cluster: {"cluster": cluster, "services": [values["name"]]},
            lambda answer, values, cluster: [
                f"{cluster.rpartition('/')[2]}/{values['name']}"
                for each in answer.get("services", ())
                if each["status"] == "ACTIVE"
            ],
        ),
    ),
)
ROUTE = in_route_table(
    "Routes", "DestinationCidrBlock", "destination_cidr_block", "{route_table_id}_{destination_cidr_block}"
)
ASSOCIATION = in_route_table("Associations", "SubnetId", "subnet_id", "{subnet_id}/{route_table_id}")
LISTENER = asked(
    ("load_balancer_arn", "port"),
    "elbv2",
    "describe_listeners",
    lambda values: {"LoadBalancerArn": values["load_balancer_arn"]},
    lambda answer, values: [
        each["ListenerArn"] for each in answer.get("Listeners", ()) if each["Port"] == values["port"]
    ],
)
LISTENER_RULE = asked(
    ("listener_arn", "priority"),
    "elbv2",
    "describe_rules",
    lambda values: {"ListenerArn": values["listener_arn"]},
    lambda answer, values: [
        each["RuleArn"] for each in answer.get("Rules", ()) if each["Priority"] == str(values["priority"])
    ],
)
RECORD = asked(
    ("zone_id", "name", "type"),
    "route53",
    "list_resource_record_sets",
    lambda values: {"HostedZoneId": values["zone_id"]},
    lambda answer, values: [
        f"{values['zone_id']}_{values['name']}_{values['type']}"
        for each in answer["ResourceRecordSets"]
        if (each["Name"].rstrip("."), each["Type"]) == (values["name"].rstrip("."), values["type"])
    ],
)
PERMISSION = asked(
    ("function_name", "statement_id"),
    "lambda",
    "get_policy",
    lambda values: {"FunctionName": values["function_name"]},
    lambda answer, values: [
        f"{values['function_name']}/{values['statement_id']}"
        for each in json.loads(answer.get("Policy", "{}")).get("Statement", ())
        if each["Sid"] == values["statement_id"]
    ],
)
