"""ECS, scaling and private DNS: what runs the microservices and lets them find each other."""

from infra.bootstrap.reach import Reach, actions
from infra.policy import Statement, allow

CLUSTERS = (
    "CreateCluster DeleteCluster DescribeClusters ListTagsForResource PutClusterCapacityProviders TagResource "
    "UntagResource UpdateCluster UpdateClusterSettings"
)
SERVICES = (
    "CreateService DeleteService DescribeServiceDeployments DescribeServiceRevisions DescribeServices DescribeTasks "
    "ListServiceDeployments ListTagsForResource TagResource UntagResource UpdateService"
)
SCALING = (
    "DeleteScalingPolicy DeregisterScalableTarget ListTagsForResource PutScalingPolicy RegisterScalableTarget "
    "TagResource UntagResource"
)
DISCOVERY = (
    "CreateService DeleteNamespace DeleteService GetNamespace GetService UpdatePrivateDnsNamespace UpdateService"
)


def statements(reach: Reach) -> list[Statement]:
    """ECS by name; scalable targets, namespaces and new task definitions, which have none, by tag."""
    cluster = "ecs-cluster*-{suffix}"
    service = f"{cluster}/ecs-service-*-{{suffix}}"
    services = [f"service/{service}", f"service-deployment/{service}/*", f"service-revision/{service}/*"]
    definitions = reach.named("ecs", "task-definition/ecs-task-*-{suffix}:*")
    scalable = [reach.arn("application-autoscaling", "scalable-target/*")]
    discovery = [reach.arn("servicediscovery", "namespace/*"), reach.arn("servicediscovery", "service/*")]
    asking, tagged = reach.asking(), reach.tagged()
    return [
        allow("Clusters", actions("ecs", CLUSTERS), reach.named("ecs", f"cluster/{cluster}")),
        allow("Services", actions("ecs", SERVICES), reach.named("ecs", *services, f"task/{cluster}/*")),
        allow("NewTaskDefinitions", actions("ecs", "RegisterTaskDefinition"), ["*"], Condition=asking),
        allow("TaskDefinitions", actions("ecs", "ListTagsForResource TagResource UntagResource"), definitions),
        allow(
            "NewScaling", actions("application-autoscaling", "RegisterScalableTarget TagResource"), scalable,
            Condition=asking,
        ),
        allow("Scaling", actions("application-autoscaling", SCALING), scalable, Condition=tagged),
        allow(
            "NewDiscovery", actions("servicediscovery", "CreatePrivateDnsNamespace TagResource"), ["*"],
            Condition=asking,
        ),
        allow("NewDiscoveryServices", actions("servicediscovery", "CreateService"), discovery[1:], Condition=asking),
        allow("Discovery", actions("servicediscovery", DISCOVERY), discovery, Condition=tagged),
    ]  # fmt: skip
