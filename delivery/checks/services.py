"""ECS services and their scaling."""

from collections.abc import Iterator

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Answer, Live

METRICS = {
    "ECSServiceAverageCPUUtilization": "scaling.cpu_target_percent",
    "ECSServiceAverageMemoryUtilization": "scaling.memory_target_percent",
}


@check("P.3.1", "G.3.1")
def one_active_service_per_microservice(live: Live) -> Problems:
    """The cluster runs exactly the services of the spec, all active and stable."""
    yield from differs("services", sorted(live.services), live.service_names)
    for service, found in live.services.items():
        yield from differs(f"{service}: status", found["status"], "ACTIVE")
        yield from differs(f"{service}: deployments under way", len(found["deployments"]), 1)


@check("P.3.2", "G.5.1")
def services_want_and_run_the_desired_count(live: Live) -> Problems:
    """Right after a deployment each service wants the desired count and runs as many tasks."""
    expected = live.spec.get("desired_count")
    for service, found in live.services.items():
        yield from differs(f"{service}: desired count", found["desiredCount"], expected)
        yield from differs(f"{service}: running tasks", found["runningCount"], expected)


@check("P.3.3", "P.11.3", "G.1.2", "G.8.1")
def tasks_spread_over_the_zones(live: Live) -> Problems:
    """Services use private subnets in as many zones as the spec states, rebalance, and run in all of them."""
    zones = live.spec.get("availability_zones")
    for service, found in live.services.items():
        subnets = found["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
        of_service = {live.subnets[subnet]["AvailabilityZone"] for subnet in subnets if subnet in live.subnets}
        yield from differs(f"{service}: zones of its subnets", len(of_service), zones)
        yield from differs(f"{service}: AZ rebalancing", found.get("availabilityZoneRebalancing"), "ENABLED")
        running = {task.get("availabilityZone") for task in live.tasks[service]}
        yield from differs(f"{service}: zones of its tasks", len(running), min(zones, found["desiredCount"]))


@check("P.3.4", "G.4.3", "G.6.1")
def only_public_services_are_attached(live: Live) -> Problems:
    """Public services are attached to a target group of the load balancer, the others to none."""
    for service, found in live.services.items():
        attached = [entry["targetGroupArn"] for entry in found.get("loadBalancers", [])]
        if service in live.public_services:
            if len(attached) != 1 or attached[0] not in live.target_groups:
                yield f"{service}: attached to {attached}, expected one target group of {live.name('alb')}"
        elif attached:
            yield f"{service}: attached to {attached}, expected none"


@check("P.5.1", "P.5.2", "P.5.3", "G.5.2")
def services_track_cpu_and_memory(live: Live) -> Problems:
    """Each service has two target-tracking policies, CPU and memory, at the targets of the spec."""
    expected = {metric: float(live.spec.get(target)) for metric, target in METRICS.items()}
    for service in live.service_names:
        found = dict(_targets(live, service))
        yield from differs(f"{service}: tracked metrics and targets", found, expected)


@check("G.5.3")
def services_scale_in_and_out(live: Live) -> Problems:
    """No policy of a service is kept from taking tasks away again."""
    for service in live.service_names:
        policies = _policies(live, service)
        if not policies:
            yield f"{service}: has no scaling policy"
        for policy in policies:
            tracking = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
            yield from differs(f"{service}: scale-in switched off", tracking.get("DisableScaleIn", False), False)


@check("P.5.4", "G.5.1")
def services_scale_between_the_bounds(live: Live) -> Problems:
    """Each service may scale between the minimum and the maximum of the spec."""
    expected = (live.spec.get("scaling.min_tasks"), live.spec.get("scaling.max_tasks"))
    targets = {
        target["ResourceId"]: (target["MinCapacity"], target["MaxCapacity"])
        for target in live.pages(
            "application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"
        )
    }
    for service in live.service_names:
        yield from differs(f"{service}: minimum and maximum", targets.get(_resource_id(live, service)), expected)


def _policies(live: Live, service: str) -> list[Answer]:
    return live.pages(
        "application-autoscaling",
        "describe_scaling_policies",
        "ScalingPolicies",
        ServiceNamespace="ecs",
        ResourceId=_resource_id(live, service),
    )


def _targets(live: Live, service: str) -> Iterator[tuple[str, float]]:
    for policy in _policies(live, service):
        tracking = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
        metric = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType", policy["PolicyType"])
        yield metric, float(tracking.get("TargetValue", 0))


def _resource_id(live: Live, service: str) -> str:
    return f"service/{live.name('ecs-cluster')}/{live.name('ecs-service', service)}"
