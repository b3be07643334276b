"""A service runs its tasks (our simulation; it shows nothing about AWS)."""

import ipaddress
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

STRATEGY = [
    {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE", "weight": 1},
]
CIDRS = ("172.31.0.0/28", "172.31.0.16/28", "172.31.0.32/28")

Surround = Callable[[Any], Any]


def _details(task: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in task["attachments"][0]["details"]}


def test_a_service_runs_as_many_tasks_as_desired_and_they_stay_running(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service()
    for _ in range(5):  # moto moves a task one step towards STOPPED on every look
        assert [task["lastStatus"] for task in around.tasks()] == ["RUNNING"] * 3
    service = around.service()
    assert (service["runningCount"], service["pendingCount"]) == (3, 0)
    assert service["deployments"][0]["rolloutState"] == "COMPLETED"
    cluster = around.ecs.describe_clusters(clusters=["c"])["clusters"][0]
    assert (cluster["runningTasksCount"], cluster["activeServicesCount"]) == (3, 1)


def test_tasks_have_the_size_and_containers_of_their_definition(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service()
    for task in around.tasks():
        assert (task["cpu"], task["memory"], task["platformVersion"]) == ("512", "1024", "1.4.0")
        assert [(container["name"], container["lastStatus"]) for container in task["containers"]] == [
            ("main", "RUNNING"),
            ("side", "RUNNING"),
        ]


def test_each_task_has_its_own_address_in_its_subnet_and_zones_share_the_tasks(
    emulator: Any, surround: Surround
) -> None:
    around = surround(emulator)
    around.create_service(desiredCount=6)
    tasks = around.tasks()
    networks = dict(zip(around.subnet_ids, map(ipaddress.ip_network, CIDRS), strict=True))
    found = [_details(task) for task in tasks]
    assert len({each["privateIPv4Address"] for each in found}) == 6
    assert all(ipaddress.ip_address(each["privateIPv4Address"]) in networks[each["subnetId"]] for each in found)
    assert Counter(task["availabilityZone"] for task in tasks) == dict.fromkeys(
        ("us-east-1a", "us-east-1b", "us-east-1c"), 2
    )
    interfaces = {each["NetworkInterfaceId"]: each["PrivateIpAddress"] for each in around.interfaces()}
    assert interfaces == {each["networkInterfaceId"]: each["privateIPv4Address"] for each in found}


def test_tasks_are_targets_and_cloud_map_instances(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service()
    addresses = sorted(_details(task)["privateIPv4Address"] for task in around.tasks())
    assert around.targets() == addresses
    discovered = emulator.client("servicediscovery").discover_instances(
        NamespaceName="internal.example", ServiceName="s", HealthStatus="HEALTHY"
    )["Instances"]
    assert sorted(each["Attributes"]["AWS_INSTANCE_IPV4"] for each in discovered) == addresses
    assert {each["Attributes"]["ECS_SERVICE_NAME"] for each in discovered} == {"s"}


def test_tasks_are_split_by_the_strategy(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service(capacityProviderStrategy=STRATEGY)
    assert Counter(task["capacityProviderName"] for task in around.tasks()) == {"FARGATE_SPOT": 2, "FARGATE": 1}


def test_scaling_out_keeps_running_tasks_and_scaling_in_cleans_up(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service(capacityProviderStrategy=STRATEGY)
    three = {task["taskArn"] for task in around.tasks()}
    around.ecs.update_service(cluster="c", service="s", desiredCount=5)
    five = {task["taskArn"] for task in around.tasks()}
    assert three < five
    assert len(five) == 5
    around.ecs.update_service(cluster="c", service="s", desiredCount=3)
    tasks = around.tasks()
    assert Counter(task["capacityProviderName"] for task in tasks) == {"FARGATE_SPOT": 2, "FARGATE": 1}
    assert around.targets() == sorted(_details(task)["privateIPv4Address"] for task in tasks)
    assert len(around.interfaces()) == 3


def test_a_new_task_definition_replaces_every_task(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service()
    before = {task["taskArn"] for task in around.tasks()}
    newer = around.register_task_definition()
    around.ecs.update_service(cluster="c", service="s", taskDefinition=newer)
    tasks = around.tasks()
    assert before.isdisjoint(task["taskArn"] for task in tasks)
    assert {task["taskDefinitionArn"] for task in tasks} == {newer}
    assert around.service()["deployments"][0]["taskDefinition"] == newer


@pytest.mark.clause("G.7.3", proof="test")
def test_a_forced_deployment_is_a_new_one_with_new_tasks(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    before = around.create_service()["deployments"][0]
    old = {task["taskArn"] for task in around.tasks()}
    around.ecs.update_service(cluster="c", service="s", forceNewDeployment=True)
    (after,) = around.service()["deployments"]
    tasks = around.tasks()
    assert after["id"] != before["id"]
    assert after["createdAt"] > before["createdAt"]
    assert after["rolloutState"] == "COMPLETED"
    assert len(tasks) == 3
    assert old.isdisjoint(task["taskArn"] for task in tasks)
    assert {task["startedBy"] for task in tasks} == {after["id"]}


def test_a_stopped_task_is_replaced(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service()
    victim = around.tasks()[0]["taskArn"]
    around.ecs.stop_task(cluster="c", task=victim)
    arns = [task["taskArn"] for task in around.tasks()]
    assert len(arns) == 3
    assert victim not in arns


def _interfaces_of_a_task_that_was_stopped(account: Any, around: Any) -> int:
    network = {"subnets": around.subnet_ids[:1], "securityGroups": [around.group_id]}
    made = around.ecs.run_task(
        cluster="c",
        taskDefinition=around.register_task_definition(),
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    around.ecs.stop_task(cluster="c", task=made["tasks"][0]["taskArn"])
    assert around.ecs.list_tasks(cluster="c")["taskArns"] == []
    return len(account.client("ec2").describe_network_interfaces()["NetworkInterfaces"])


def test_a_task_that_somebody_started_takes_its_interface_with_it(emulator: Any, surround: Surround) -> None:
    assert _interfaces_of_a_task_that_was_stopped(emulator, surround(emulator)) == 0


def test_a_cluster_has_no_tasks_of_one_whose_name_holds_its_own(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.ecs.create_cluster(clusterName="c-too")
    network = {"subnets": around.subnet_ids[:1], "securityGroups": [around.group_id]}
    around.ecs.run_task(
        cluster="c-too",
        taskDefinition=around.register_task_definition(),
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    assert around.ecs.list_tasks(cluster="c")["taskArns"] == []
    assert len(around.ecs.list_tasks(cluster="c-too")["taskArns"]) == 1


def test_a_deleted_service_leaves_nothing(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service()
    around.ecs.delete_service(cluster="c", service="s", force=True)
    assert around.ecs.list_tasks(cluster="c")["taskArns"] == []
    assert around.interfaces() == []
    assert around.targets() == []
    cluster = around.ecs.describe_clusters(clusters=["c"])["clusters"][0]
    assert (cluster["runningTasksCount"], cluster["activeServicesCount"]) == (0, 0)


def test_tags_reach_tasks_only_from_where_the_service_says(emulator: Any, surround: Surround) -> None:
    sources = {"SERVICE": [{"key": "From", "value": "service"}], "NONE": []}
    for source, expected in sources.items():
        around = surround(emulator)
        around.create_service(propagateTags=source)
        assert [task["tags"] for task in around.tasks()] == [expected] * 3
        around.ecs.delete_service(cluster="c", service="s", force=True)
        emulator.client("servicediscovery").delete_namespace(
            Id=emulator.client("servicediscovery").list_namespaces()["Namespaces"][0]["Id"]
        )
        emulator.client("elbv2").delete_target_group(TargetGroupArn=around.target_group)


def test_managed_tags_name_cluster_and_service(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    around.create_service(propagateTags="TASK_DEFINITION", enableECSManagedTags=True, desiredCount=1)
    assert {tag["key"]: tag["value"] for tag in around.tasks()[0]["tags"]} == {
        "From": "definition",
        "aws:ecs:clusterName": "c",
        "aws:ecs:serviceName": "s",
    }


def test_a_task_outside_a_service_still_runs_to_its_end(emulator: Any, surround: Surround) -> None:
    around = surround(emulator)
    network = {"awsvpcConfiguration": {"subnets": around.subnet_ids[:1], "securityGroups": [around.group_id]}}
    (task,) = around.ecs.run_task(
        cluster="c", taskDefinition="t:1", launchType="FARGATE", networkConfiguration=network
    )["tasks"]
    looks = [around.ecs.describe_tasks(cluster="c", tasks=[task["taskArn"]])["tasks"][0] for _ in range(5)]
    assert looks[-1]["lastStatus"] == "STOPPED"


def test_plain_moto_still_runs_no_tasks(plain_moto: Any, surround: Surround) -> None:
    around = surround(plain_moto)
    around.create_service()
    assert around.tasks() == []
    assert around.targets() == []
