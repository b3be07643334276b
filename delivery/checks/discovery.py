"""Private names: what Cloud Map knows, and what callers are told."""

from collections.abc import Iterator

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Answer, Live, only


@check("G.4.1", about="discovery")
def a_private_namespace_of_the_deployment(live: Live) -> Problems:
    """The deployment has one private DNS namespace, of its own name below the one of the spec."""
    namespace = _namespace(live)
    yield from differs("kind of the namespace", namespace["Type"], "DNS_PRIVATE")


@check("G.4.2", "G.4.4", about="discovery")
def every_callee_is_registered(live: Live) -> Problems:
    """Every service that is called has an A record, and one instance per running task; the others have none."""
    registered = {found["Name"]: found for found in _services_of(live, _namespace(live)["Id"])}
    names = {live.name("discovery", callee): callee for callee in _callees(live)}
    yield from differs("registered services", sorted(registered), sorted(names))
    for name, callee in names.items():
        found = registered.get(name, {})
        records = [record["Type"] for record in (found.get("DnsConfig") or {}).get("DnsRecords", [])]
        yield from differs(f"{callee}: kinds of its DNS records", records, ["A"])
        registries = [entry["registryArn"] for entry in live.services[callee].get("serviceRegistries", [])]
        yield from differs(f"{callee}: where its tasks register", registries, [found.get("Arn")])
        instances = live.pages("servicediscovery", "list_instances", "Instances", ServiceId=found.get("Id", ""))
        addresses = sorted(instance["Attributes"]["AWS_INSTANCE_IPV4"] for instance in instances)
        yield from differs(f"{callee}: registered addresses", addresses, _addresses(live.tasks[callee]))


@check("G.4.4", about="discovery")
def callers_are_told_where_their_callees_are(live: Live) -> Problems:
    """Every caller has the private name and the port of each callee in its environment."""
    ending = _namespace(live)["Name"]
    for edge in live.spec.get("reachability.edges"):
        prefix = edge["to"].upper().replace("-", "_")
        expected = {
            f"{prefix}_HOST": f"{live.name('discovery', edge['to'])}.{ending}",
            f"{prefix}_PORT": str(edge["port"]),
        }
        for container in live.containers[edge["from"]]:
            told = {item["name"]: item["value"] for item in container.get("environment", [])}
            found = {name: told.get(name) for name in expected}
            yield from differs(f"{edge['from']}: where {edge['to']} is", found, expected)


@check("G.4.3")
def only_public_services_are_behind_the_load_balancer(live: Live) -> Problems:
    """No target group of the load balancer holds a task of a service that is not public."""
    inner = {
        address
        for service, tasks in live.tasks.items()
        if service not in live.public_services
        for address in _addresses(tasks)
    }
    if not live.tasks:
        yield "there are no tasks to look at"
    for arn, group in live.target_groups.items():
        health = live.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        exposed = sorted(inner & {entry["Target"]["Id"] for entry in health})
        yield from differs(f"{group['TargetGroupName']}: tasks of inner services", exposed, [])


def _namespace(live: Live) -> Answer:
    name = f"{live.name('namespace')}.{live.spec.get('discovery.namespace')}"
    namespaces = live.pages("servicediscovery", "list_namespaces", "Namespaces")
    found: Answer = only([item for item in namespaces if item["Name"] == name], f"namespace {name}")
    return found


def _services_of(live: Live, namespace_id: str) -> Iterator[Answer]:
    """Asked one by one: not every answer of a listing says which namespace a service is in."""
    for listed in live.pages("servicediscovery", "list_services", "Services"):
        found = live.client("servicediscovery").get_service(Id=listed["Id"])["Service"]
        if found["NamespaceId"] == namespace_id:
            yield found


def _callees(live: Live) -> list[str]:
    return sorted({edge["to"] for edge in live.spec.get("reachability.edges")})


def _addresses(tasks: list[Answer]) -> list[str]:
    details = (detail for task in tasks for entry in task.get("attachments", []) for detail in entry["details"])
    return sorted(detail["value"] for detail in details if detail["name"] == "privateIPv4Address")
