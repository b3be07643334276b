"""Cloud Map finds services by the namespace of their DNS configuration, and zones follow their namespace."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def _namespace(account: Any) -> tuple[Any, dict[str, Any]]:
    vpc_id = account.client("ec2").create_vpc(CidrBlock="172.31.0.0/24")["Vpc"]["VpcId"]
    discovery = account.client("servicediscovery")
    discovery.create_private_dns_namespace(Name="internal.example", Vpc=vpc_id)
    namespace_id = discovery.list_namespaces()["Namespaces"][0]["Id"]
    return discovery, discovery.get_namespace(Id=namespace_id)["Namespace"]


def _discover(account: Any) -> list[Any]:
    discovery, namespace = _namespace(account)
    dns = {"NamespaceId": namespace["Id"], "DnsRecords": [{"Type": "A", "TTL": 10}]}
    service_id = discovery.create_service(Name="s", DnsConfig=dns)["Service"]["Id"]
    discovery.register_instance(ServiceId=service_id, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "172.31.0.4"})
    found: list[Any] = discovery.discover_instances(NamespaceName="internal.example", ServiceName="s")["Instances"]
    return found


def _zones(account: Any) -> list[tuple[str, str]]:
    zones = account.client("route53").list_hosted_zones()["HostedZones"]
    return [(zone["Id"].split("/")[-1], zone["Name"]) for zone in zones]


def _listed_of_another_namespace(account: Any) -> list[str]:
    discovery, namespace = _namespace(account)
    discovery.create_service(Name="s", DnsConfig={"NamespaceId": namespace["Id"], "DnsRecords": []})
    only = {"Name": "NAMESPACE_ID", "Values": ["ns-another"], "Condition": "EQ"}
    return [service["Name"] for service in discovery.list_services(Filters=[only])["Services"]]


def test_services_are_listed_by_their_namespace(emulator: Any) -> None:
    discovery, namespace = _namespace(emulator)
    discovery.create_service(Name="s", DnsConfig={"NamespaceId": namespace["Id"], "DnsRecords": []})
    only = {"Name": "NAMESPACE_ID", "Values": [namespace["Id"]], "Condition": "EQ"}
    assert [service["Name"] for service in discovery.list_services(Filters=[only])["Services"]] == ["s"]


def test_services_of_another_namespace_are_not_listed(emulator: Any) -> None:
    assert _listed_of_another_namespace(emulator) == []


def test_plain_moto_still_lists_services_of_every_namespace(plain_moto: Any) -> None:
    assert _listed_of_another_namespace(plain_moto) == ["s"]


def test_a_service_is_found_by_the_namespace_of_its_dns_configuration(emulator: Any) -> None:
    assert [instance["InstanceId"] for instance in _discover(emulator)] == ["i"]


def test_the_zone_has_the_name_of_the_namespace_and_its_id(emulator: Any) -> None:
    _, namespace = _namespace(emulator)
    zone_id = namespace["Properties"]["DnsProperties"]["HostedZoneId"]
    assert _zones(emulator) == [(zone_id, "internal.example.")]


def test_a_deleted_namespace_takes_its_zone_with_it(emulator: Any) -> None:
    discovery, namespace = _namespace(emulator)
    discovery.delete_namespace(Id=namespace["Id"])
    assert _zones(emulator) == []


def test_plain_moto_still_does_not_find_the_service(plain_moto: Any) -> None:
    with pytest.raises(ClientError, match="ServiceNotFound"):
        _discover(plain_moto)


def test_plain_moto_still_leaves_the_zone_behind(plain_moto: Any) -> None:
    discovery, namespace = _namespace(plain_moto)
    discovery.delete_namespace(Id=namespace["Id"])
    assert len(_zones(plain_moto)) == 1
