"""What a settings file says, as frozen dataclasses. Everything in infra/ is built from one `Settings` and a suffix.

The meaning and limits of each field stand in environments/settings.schema.json, in the words editors show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


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
class ImageLifecycle:
    """Which images a created repository keeps: the newest tagged ones, untagged ones for some days."""

    keep_tagged_images: int
    expire_untagged_days: int


@dataclass(frozen=True)
class Registry:
    """Whether the repositories of the images are created here or exist already; `aes256` or `kms` for created ones."""

    create_repositories: bool
    encryption: str = "aes256"
    lifecycle: ImageLifecycle | None = None


@dataclass(frozen=True)
class ImageScan:
    """What the scan gate of a deployment stops on, and how long it waits. Delivery reads it; nothing is built of it."""

    block_severity: str
    wait_minutes: int


@dataclass(frozen=True)
class Discovery:
    """Private DNS: a namespace of the deployment below `namespace`, and in it one name per called service."""

    namespace: str


@dataclass(frozen=True)
class Image:
    """An image in a private ECR repository, pinned by exactly one of digest and immutable tag.

    repository: the name of one that exists; None where repositories are created, and named by the pattern
    """

    repository: str | None = None
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
class TestRoute:
    """Requests with this header reach the new version before the others do."""

    header: str
    value: str
    priority: int


@dataclass(frozen=True)
class Hook:
    """A function that ECS asks at some stages of a deployment whether to go on."""

    function_arn: str
    stages: tuple[str, ...]


@dataclass(frozen=True)
class BlueGreen:
    """A second set of tasks beside the first; `shift`: requests move at once, after a canary, or in steps."""

    bake_time_minutes: int
    test_route: TestRoute
    shift: str = "all-at-once"
    step_percent: int | None = None
    step_bake_time_minutes: int | None = None
    hooks: tuple[Hook, ...] = ()


@dataclass(frozen=True)
class Rollout:
    """How a new task definition replaces the old one: task by task, or blue/green where that block is given."""

    minimum_healthy_percent: int
    maximum_percent: int
    health_check_grace_period_seconds: int
    blue_green: BlueGreen | None = None


@dataclass(frozen=True)
class Routes:
    """What the load balancer sends to a public service, and how slow its answers may be before that is an alarm."""

    paths: tuple[str, ...]
    health_check_path: str
    priority: int
    slowest_answer_seconds: int | None = None


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
class DatabaseUser:
    """A user of a PostgreSQL database outside this deployment. authorities_file: PEM, beside the settings file."""

    host: str
    port: int
    cidr: str
    database: str
    username: str
    authorities_file: str | None = None


@dataclass(frozen=True)
class ApiKey:
    """A key of somebody else's API, set and tried at this HTTPS endpoint."""

    endpoint: str


@dataclass(frozen=True)
class Secret:
    """What one service must know and nobody else: a database user or an API key, and how often it changes.

    admin_secret_arn: an existing secret whose holder may set the new value; variables: container variable -> JSON key
    """

    rotation_days: int
    admin_secret_arn: str
    variables: Mapping[str, str]
    admin_key_arn: str | None = None
    database_user: DatabaseUser | None = None
    api_key: ApiKey | None = None


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
    secrets: Mapping[str, Secret] = field(default_factory=dict)


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
    image_scan: ImageScan | None = None
    service_tag: str | None = None
    folder: Path = Path()  # of the settings file: files that it names lie there

    @property
    def stack_name(self) -> str:
        """Name of the Terraform stack, and of its folder below cdktf.out/stacks."""
        return f"{self.platform}-{self.environment}-{self.suffix}"

    @property
    def has_secrets(self) -> bool:
        return any(service.secrets for service in self.services)
