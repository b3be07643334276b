"""What a settings file says, as frozen dataclasses. Everything in infra/ is built from one `Settings` and a suffix.

The meaning and limits of each field stand in environments/settings.schema.json, in the words editors show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Network:
    """Address plan of the VPC; subnets are computed from it by infra.subnets."""

    vpc_cidr: str
    availability_zones: tuple[str, ...]
    public_subnet_prefix_length: int
    private_subnet_prefix_length: int
    reserved_cidrs: tuple[str, ...] = ()
    vpc_endpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class CapacityShare:
    """One provider's part of a capacity-provider strategy: `base` tasks first, the rest by `weight`."""

    base: int
    weight: int


@dataclass(frozen=True)
class Capacity:
    """The strategy of every service."""

    spot: CapacityShare
    on_demand: CapacityShare


@dataclass(frozen=True)
class Logs:
    """Log groups: days kept, and `aws-managed` or `customer-managed` encryption."""

    retention_days: int
    encryption: str


@dataclass(frozen=True)
class Certificate:
    """Either the ARN of an existing certificate, or a domain in a hosted zone to create and validate one in."""

    arn: str | None = None
    domain_name: str | None = None
    hosted_zone_id: str | None = None


@dataclass(frozen=True)
class LoadBalancer:
    """The public HTTPS entrance."""

    certificate: Certificate
    tls_policy: str
    client_cidrs: tuple[str, ...]
    deregistration_delay_seconds: int
    access_log_retention_days: int


@dataclass(frozen=True)
class Registry:
    """Whether the repositories of the images are created here or exist already."""

    create_repositories: bool


@dataclass(frozen=True)
class Discovery:
    """Private DNS: a namespace of the deployment below `namespace`, and in it one name per called service."""

    namespace: str


@dataclass(frozen=True)
class Image:
    """An image in a private ECR repository, pinned by exactly one of digest and immutable tag."""

    repository: str
    digest: str | None = None
    tag: str | None = None

    @property
    def reference(self) -> str:
        """What follows the repository URL: `@sha256:...` or `:tag`."""
        return f"@{self.digest}" if self.digest else f":{self.tag}"


@dataclass(frozen=True)
class Scaling:
    """Target tracking between two task counts."""

    min_tasks: int
    max_tasks: int
    cpu_target_percent: int
    memory_target_percent: int
    scale_out_cooldown_seconds: int
    scale_in_cooldown_seconds: int


@dataclass(frozen=True)
class HealthCheck:
    """The container's own health check (an image's HEALTHCHECK is ignored by ECS)."""

    command: tuple[str, ...]
    interval_seconds: int
    timeout_seconds: int
    retries: int
    start_period_seconds: int


@dataclass(frozen=True)
class Rollout:
    """How a new task definition replaces the old one."""

    minimum_healthy_percent: int
    maximum_percent: int
    health_check_grace_period_seconds: int


@dataclass(frozen=True)
class Routes:
    """What the load balancer sends to a public service."""

    paths: tuple[str, ...]
    health_check_path: str
    priority: int


@dataclass(frozen=True)
class Outbound:
    """One way out of a task, through the NAT gateway of its zone."""

    port: int
    cidr: str
    purpose: str


@dataclass(frozen=True)
class Permission:
    """What the task role of a service may do: explicit actions on explicit ARNs."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    """One microservice: one task definition, one ECS service, one set of roles, log group, security group."""

    name: str
    port: int
    image: Image
    cpu_units: int
    memory_mib: int
    platform_version: str
    user: str
    stop_timeout_seconds: int
    desired_count: int
    scaling: Scaling
    health_check: HealthCheck
    rollout: Rollout
    outbound: tuple[Outbound, ...] = ()
    routes: Routes | None = None
    calls: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    task_permissions: tuple[Permission, ...] = ()


@dataclass(frozen=True)
class Settings:
    """A whole deployment, valid in form and meaning."""

    platform: str
    environment: str
    region: str
    suffix: str
    naming: str
    tags: Mapping[str, str]
    network: Network
    capacity: Capacity
    logs: Logs
    load_balancer: LoadBalancer
    registry: Registry
    services: tuple[Service, ...]
    discovery: Discovery | None = None

    @property
    def stack_name(self) -> str:
        """Name of the Terraform stack, and of its folder below cdktf.out/stacks."""
        return f"{self.platform}-{self.environment}-{self.suffix}"
