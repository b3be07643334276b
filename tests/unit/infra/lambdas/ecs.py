"""ECS in memory: the services of a cluster, and the deployments that are started."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError


@dataclass
class Service:
    """A service and when its deployments began, the newest first as in the answers of ECS."""

    deployments: list[datetime]
    status: str = "ACTIVE"


@dataclass
class Ecs:
    """`now` is when the next deployment begins. Methods are those of boto3's client."""

    now: datetime
    services: dict[str, Service]
    cluster: str = "ecs-cluster-pr42"
    updated: list[str] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)
    reason: str = "MISSING"

    def describe_services(self, *, cluster: str, services: list[str]) -> dict[str, Any]:
        self._find(cluster, "DescribeServices")
        found = [
            {
                "serviceName": name,
                "status": self.services[name].status,
                "deployments": [{"createdAt": moment} for moment in self.services[name].deployments],
            }
            for name in services
            if name in self.services
        ]
        missing = [{"arn": name, "reason": self.reason} for name in services if name not in self.services]
        return {"services": found, "failures": missing}

    def update_service(self, *, cluster: str, service: str, forceNewDeployment: bool) -> dict[str, Any]:  # noqa: N803
        self._find(cluster, "UpdateService")
        if service in self.refusing:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "UpdateService")
        if forceNewDeployment:
            self.updated.append(service)
            self.services[service].deployments.insert(0, self.now)
        return {}

    def _find(self, cluster: str, operation: str) -> None:
        if cluster != self.cluster:
            raise ClientError({"Error": {"Code": "ClusterNotFoundException", "Message": "no cluster"}}, operation)
