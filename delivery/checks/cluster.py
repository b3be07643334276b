"""The cluster and its capacity."""

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Live

SPOT = "FARGATE_SPOT"


@check("P.1.1", "P.1.2", "G.1.1")
def cluster_offers_both_fargate_providers(live: Live) -> Problems:
    """The cluster is active and associated with FARGATE and FARGATE_SPOT."""
    yield from differs("status of the cluster", live.cluster["status"], "ACTIVE")
    yield from differs("capacity providers", sorted(live.cluster["capacityProviders"]), ["FARGATE", "FARGATE_SPOT"])


@check("P.1.4", "G.1.3")
def container_insights_are_on(live: Live) -> Problems:
    """Container Insights is enabled on the cluster."""
    settings = {setting["name"]: setting["value"] for setting in live.cluster.get("settings", [])}
    if settings.get("containerInsights") not in live.spec.get("container_insights"):
        yield f"containerInsights is {settings.get('containerInsights')!r}"


@check("P.1.3", "G.1.1")
def spot_carries_its_share(live: Live) -> Problems:
    """Of the running tasks of each service at least half are on Spot."""
    minimum = live.spec.get("capacity.minimum_spot_percent")
    for service, tasks in live.tasks.items():
        on_spot = sum(task.get("capacityProviderName") == SPOT for task in tasks)
        if not tasks or on_spot * 100 < minimum * len(tasks):
            yield f"{service}: {on_spot} of {len(tasks)} tasks on Spot, expected at least {minimum} %"
