"""Names in the namespace of a stack, and what answers to them.

Answers: https://docs.aws.amazon.com/cloud-map/latest/api/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.kinds.running import is_address_of_a_task, task_addresses
from delivery.verify.known import Known

NAMESPACES = (
    "aws_service_discovery_private_dns_namespace",
    "aws_service_discovery_public_dns_namespace",
    "aws_service_discovery_http_namespace",
)


def named_service(answer: Answer) -> dict[str, Any]:
    records = (answer.get("DnsConfig") or {}).get("DnsRecords", [])
    own = answer.get("HealthCheckCustomConfig")
    check = answer.get("HealthCheckConfig")
    return {
        "id": answer["Id"],
        "arn": answer["Arn"],
        "name": answer["Name"],
        "namespace_id": answer["NamespaceId"],
        "dns_config": [
            {
                "namespace_id": answer["NamespaceId"],
                "routing_policy": answer["DnsConfig"].get("RoutingPolicy"),
                "dns_records": [{"type": each["Type"], "ttl": each["TTL"]} for each in records],
            }
        ]
        if records
        else [],
        "health_check_custom_config": [{"failure_threshold": own.get("FailureThreshold", 1)}]
        if own is not None
        else [],
        "health_check_config": [{"type": check.get("Type"), "resource_path": check.get("ResourcePath")}]
        if check
        else [],
        **tagged(answer),
    }


def named_instance(answer: Answer) -> dict[str, Any]:
    return {
        "id": f"{answer['ServiceId']}/{answer['Id']}",
        "instance_id": answer["Id"],
        "service_id": answer["ServiceId"],
        "attributes": dict(answer.get("Attributes", {})),
    }


def _services(known: Known, ask: Ask) -> Iterator[Answer]:
    for namespace in known.values("id", *NAMESPACES):
        only = [{"Name": "NAMESPACE_ID", "Values": [namespace], "Condition": "EQ"}]
        for each in ask.all("servicediscovery", "list_services", "Services", Filters=only):
            tags = ask.all("servicediscovery", "list_tags_for_resource", "Tags", ResourceARN=each["Arn"])
            yield {**each, "NamespaceId": namespace, "Tags": tags}


def _instances(known: Known, ask: Ask) -> Iterator[Answer]:
    """Instances first, tasks after them: a task that starts meanwhile has no name yet."""
    instances = [
        {**each, "ServiceId": service["Id"], "Address": each.get("Attributes", {}).get("AWS_INSTANCE_IPV4")}
        for service in _services(known, ask)
        for each in ask.all("servicediscovery", "list_instances", "Instances", ServiceId=service["Id"])
    ]
    addresses = task_addresses(known, ask)
    yield from ({**each, "TaskAddresses": addresses} for each in instances)


KINDS = (
    Kind("aws_service_discovery_service", _services, named_service),
    Kind(
        "aws_service_discovery_instance",
        _instances,
        named_instance,
        same=by("service_id", "instance_id"),
        excuses=(Excuse("ECS registers the address of each task of a service", is_address_of_a_task),),
    ),
)
