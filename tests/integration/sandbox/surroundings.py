"""What an ECS service needs around it: network, cluster, task definition, target group, Cloud Map service."""

from typing import Any

CIDRS = ("172.31.0.0/28", "172.31.0.16/28", "172.31.0.32/28")
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


class Surroundings:
    """A VPC with three subnets, a cluster `c`, the task definition `t:1`, a target group and a Cloud Map service."""

    def __init__(self, account: Any) -> None:
        self.account = account
        self.ecs = account.client("ecs")
        self.ec2 = account.client("ec2")
        self.vpc_id = self.ec2.create_vpc(CidrBlock="172.31.0.0/24")["Vpc"]["VpcId"]
        self.subnet_ids = [
            self.ec2.create_subnet(VpcId=self.vpc_id, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for cidr, zone in zip(CIDRS, ZONES, strict=True)
        ]
        self.group_id = self.ec2.create_security_group(GroupName="g", Description="g", VpcId=self.vpc_id)["GroupId"]
        self.ecs.create_cluster(clusterName="c")
        self.task_definition = self.register_task_definition()
        self.target_group = account.client("elbv2").create_target_group(
            Name="tg", Protocol="HTTP", Port=8080, VpcId=self.vpc_id, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        self.registry = self._registry()

    def register_task_definition(self) -> str:
        arn: str = self.ecs.register_task_definition(
            family="t",
            cpu="512",
            memory="1024",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            containerDefinitions=[{"name": "main", "image": "i"}, {"name": "side", "image": "j", "essential": False}],
            tags=[{"key": "From", "value": "definition"}],
        )["taskDefinition"]["taskDefinitionArn"]
        return arn

    def _registry(self) -> str:
        discovery = self.account.client("servicediscovery")
        discovery.create_private_dns_namespace(Name="internal.example", Vpc=self.vpc_id)
        namespace_id = discovery.list_namespaces()["Namespaces"][0]["Id"]
        records = [{"Type": "A", "TTL": 10}]
        arn: str = discovery.create_service(Name="s", DnsConfig={"NamespaceId": namespace_id, "DnsRecords": records})[
            "Service"
        ]["Arn"]
        return arn

    def create_service(self, **overrides: Any) -> dict[str, Any]:
        """A Fargate service `s` of three tasks behind the target group and in Cloud Map."""
        network = {"subnets": self.subnet_ids, "securityGroups": [self.group_id], "assignPublicIp": "DISABLED"}
        request = {
            "cluster": "c",
            "serviceName": "s",
            "desiredCount": 3,
            "taskDefinition": self.task_definition,
            "platformVersion": "1.4.0",
            "networkConfiguration": {"awsvpcConfiguration": network},
            "loadBalancers": [{"targetGroupArn": self.target_group, "containerName": "main", "containerPort": 8080}],
            "serviceRegistries": [{"registryArn": self.registry}],
            "tags": [{"key": "From", "value": "service"}],
            **overrides,
        }
        service: dict[str, Any] = self.ecs.create_service(**request)["service"]
        return service

    def tasks(self) -> list[dict[str, Any]]:
        arns = self.ecs.list_tasks(cluster="c", serviceName="s")["taskArns"]
        tasks: list[dict[str, Any]] = (
            self.ecs.describe_tasks(cluster="c", tasks=arns, include=["TAGS"])["tasks"] if arns else []
        )
        return tasks

    def service(self) -> dict[str, Any]:
        service: dict[str, Any] = self.ecs.describe_services(cluster="c", services=["s"])["services"][0]
        return service

    def targets(self) -> list[str]:
        health = self.account.client("elbv2").describe_target_health(TargetGroupArn=self.target_group)
        return sorted(entry["Target"]["Id"] for entry in health["TargetHealthDescriptions"])

    def interfaces(self) -> list[dict[str, Any]]:
        found = self.ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [self.vpc_id]}])
        interfaces: list[dict[str, Any]] = found["NetworkInterfaces"]
        return interfaces


def details(task: dict[str, Any]) -> dict[str, str]:
    """The network details of a task."""
    return {entry["name"]: entry["value"] for entry in task["attachments"][0]["details"]}
