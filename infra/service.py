"""One microservice: its roles, task definition, ECS service, alarms and scaling."""

from dataclasses import dataclass

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ecs_service import (
    EcsService,
    EcsServiceAlarms,
    EcsServiceCapacityProviderStrategy,
    EcsServiceDeploymentController,
    EcsServiceLoadBalancer,
    EcsServiceNetworkConfiguration,
    EcsServiceServiceRegistries,
    EcsServiceTimeouts,
)
from cdktf_cdktf_provider_aws.ecs_task_definition import EcsTaskDefinition, EcsTaskDefinitionRuntimePlatform
from constructs import Construct

from infra.alarms import Alarms, Watch, watch_targets, watch_tasks
from infra.capacity import strategy
from infra.cluster import Cluster
from infra.container import Surroundings, container_definitions
from infra.context import Context, Part
from infra.identity import Identity
from infra.load_balancer import Entrance, LoadBalancer
from infra.policy import Statement
from infra.registry import Repository
from infra.rollout import BlueGreenRollout, task_by_task
from infra.scaling import ServiceScaling
from infra.settings.model import Routes, Service


@dataclass(frozen=True)
class Place:
    """Where a service runs and what it is connected to."""

    cluster: Cluster
    load_balancer: LoadBalancer
    repository: Repository
    log_group_arn: str
    surroundings: Surroundings
    subnet_ids: list[str]
    security_group_id: str
    registry_arn: str | None  # Cloud Map service, when others call this one
    needs: list[ITerraformDependable]  # what has to stand while its tasks run
    reads_secrets: list[Statement]


class Microservice(Part):
    """Everything that belongs to one service and to no other."""

    def __init__(self, scope: Construct, context: Context, service: Service, place: Place) -> None:
        super().__init__(scope, f"service-{service.name}", context)
        self._service, self._place = service, place
        self._identity = Identity(
            self, context, service, place.repository.arn, place.log_group_arn, place.reads_secrets
        )
        self._watches: list[Watch] = [self._watch_own_tasks()]
        self._depends_on = [place.cluster.capacity_providers, *self._identity.policies, *place.needs]
        self._rollout: BlueGreenRollout | None = None
        targets = self._forwarded()
        alarms = Alarms(self, context, service.name, tuple(self._watches))
        ecs_service = self._ecs_service(targets, alarms.names)
        ServiceScaling(self, context, service, place.cluster.cluster.name, ecs_service)

    def _watch_own_tasks(self) -> Watch:
        service = self._service
        cluster_name = self._place.cluster.cluster.name
        return watch_tasks(cluster_name, self.name("ecs-service", service.name), service.scaling.min_tasks)

    def _forwarded(self) -> list[EcsServiceLoadBalancer] | None:
        """Attach a public service to the load balancer; others stay unattached."""
        routes = self._service.routes
        if routes is None:
            return None
        balancer = self._place.load_balancer
        entrance = balancer.forward(self._service, routes)
        # ECS refuses a target group that no listener uses yet.
        self._depends_on += entrance.rules
        self._watch_targets(entrance, routes)
        if blue_green := self._service.rollout.blue_green:
            self._rollout = BlueGreenRollout(self, self.context, self._service, blue_green, entrance)
            self._depends_on += self._rollout.policies
        return [
            EcsServiceLoadBalancer(
                target_group_arn=entrance.target_group.arn,
                container_name=self._service.name,
                container_port=self._service.port,
                advanced_configuration=self._rollout.of_target if self._rollout else None,
            )
        ]

    def _watch_targets(self, entrance: Entrance, routes: Routes) -> None:
        """Both groups of a blue/green rollout: either may hold the version that is new."""
        balancer, slowest = self._place.load_balancer.load_balancer.arn_suffix, routes.slowest_answer_seconds
        groups = {"": entrance.target_group}
        if entrance.green:
            groups = {"blue-": entrance.target_group, "green-": entrance.green}
        for color, group in groups.items():
            self._watches += watch_targets(balancer, group.arn_suffix, slowest, color)

    def _task_definition(self) -> EcsTaskDefinition:
        service = self._service
        return self.add(
            EcsTaskDefinition,
            service.name,
            service.name,
            family=self.name("task-definition", service.name),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(service.cpu_units),
            memory=str(service.memory_mib),
            runtime_platform=EcsTaskDefinitionRuntimePlatform(
                operating_system_family="LINUX", cpu_architecture="X86_64"
            ),
            execution_role_arn=self._identity.execution_role.arn,
            task_role_arn=self._identity.task_role.arn,
            container_definitions=container_definitions(service, self._place.surroundings),
            # The old revision stays registered until the new one runs: a rollback needs it.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _ecs_service(self, targets: list[EcsServiceLoadBalancer] | None, alarm_names: list[str]) -> EcsService:
        service, place = self._service, self._place
        rollout = service.rollout
        registry_arn = place.registry_arn
        return self.add(
            EcsService,
            service.name,
            service.name,
            name=self.name("ecs-service", service.name),
            cluster=place.cluster.cluster.arn,
            task_definition=self._task_definition().arn,
            platform_version=service.platform_version,
            desired_count=service.desired_count,
            capacity_provider_strategy=[
                EcsServiceCapacityProviderStrategy(
                    capacity_provider=share.provider, base=share.base, weight=share.weight
                )
                for share in strategy(self.settings.capacity)
            ],
            network_configuration=EcsServiceNetworkConfiguration(
                subnets=place.subnet_ids, security_groups=[place.security_group_id], assign_public_ip=False
            ),
            load_balancer=targets,
            health_check_grace_period_seconds=rollout.health_check_grace_period_seconds if targets else None,
            service_registries=EcsServiceServiceRegistries(registry_arn=registry_arn) if registry_arn else None,
            availability_zone_rebalancing="ENABLED",
            deployment_controller=EcsServiceDeploymentController(type="ECS"),
            deployment_minimum_healthy_percent=rollout.minimum_healthy_percent,
            deployment_maximum_percent=rollout.maximum_percent,
            alarms=EcsServiceAlarms(alarm_names=alarm_names, enable=True, rollback=True),
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            force_delete=True,
            force_new_deployment=True,  # else a changed capacity strategy would replace the service, not roll it
            wait_for_steady_state=True,
            timeouts=EcsServiceTimeouts(create="20m", update="20m", delete="20m"),
            lifecycle=TerraformResourceLifecycle(ignore_changes=["desired_count"]),  # scaling owns it after creation
            depends_on=self._depends_on,
            **(self._rollout.arguments() if self._rollout else task_by_task()),
        )
