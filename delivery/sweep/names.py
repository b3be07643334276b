"""Which platform and suffix a name speaks of: whole names only, by the naming pattern and the services of a spec.

A suffix is what stands behind the last part that the pattern knows, so `pr4` is never found in `pr42` or in `x-pr4`.
Where a name could be read in two ways, it says nothing: then a tag or a VPC has to.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from policies.spec import Spec, load_spec, spec_names

SUFFIX = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
ZONE = r"[a-z]{2}(?:-[a-z]+)+-[0-9][a-z]"
# Names that AWS makes after something of ours -> the {type} of what they are made after.
DICTATED = (
    (re.compile(r"/aws/ecs/containerinsights/(?P<name>[^/]+)/performance"), "ecs-cluster"),
    (re.compile(r"/aws/lambda/(?P<name>[^/]+)"), "function"),
    (re.compile(r"TargetTracking-service/[^/]+/(?P<name>[^/]+)-Alarm(?:High|Low)-[0-9a-f-]{36}"), "ecs-service"),
    (re.compile(r"(?P<name>namespace-[^./]+)\.[^/]+"), "namespace"),
)
# What a kind of thing may begin with: a role is never read as a flow log with a strange suffix.
TYPES: dict[tuple[str, str], tuple[str, ...]] = {
    ("ec2", "VPC"): ("vpc",),
    ("ec2", "subnet"): ("public-subnet", "private-subnet"),
    ("ec2", "security group"): ("security-group", "default-security-group"),
    ("ec2", "route table"): ("public-route-table", "private-route-table"),
    ("ec2", "internet gateway"): ("internet-gateway",),
    ("ec2", "NAT gateway"): ("nat-gateway",),
    ("ec2", "elastic IP"): ("elastic-ip",),
    ("ec2", "VPC endpoint"): ("vpc-endpoint",),
    ("ec2", "flow log"): ("flow-log",),
    ("ecs", "cluster"): ("ecs-cluster",),
    ("ecs", "service"): ("ecs-service",),
    ("ecs", "task definition"): ("ecs-task",),
    ("elbv2", "load balancer"): ("alb",),
    ("elbv2", "listener"): ("https-listener",),
    ("elbv2", "target group"): ("tg",),
    ("application-autoscaling", "scalable target"): ("ecs-service",),
    ("application-autoscaling", "scaling policy"): ("scaling-policy",),
    ("servicediscovery", "namespace"): ("namespace",),
    ("servicediscovery", "service"): ("discovery",),
    ("ecr", "repository"): ("ecr-repository",),
    ("logs", "log group"): ("log-group", "ecs-cluster", "function"),
    ("cloudwatch", "alarm"): ("alarm", "ecs-service"),
    ("events", "rule"): ("event-rule",),
    ("lambda", "function"): ("function",),
    ("secretsmanager", "secret"): ("secret",),
    ("kms", "key"): ("kms-key",),
    ("kms", "alias"): ("alias/kms-key",),
    ("iam", "role"): (
        "execution-role", "task-role", "infrastructure-role", "hook-role", "flow-log-role", "function-role",
    ),
    ("s3", "bucket"): ("s3-bucket",),
}  # fmt: skip
MADE_BY_AWS = {("logs", "log group"): ("ecs-cluster", "function"), ("cloudwatch", "alarm"): ("ecs-service",)}


@dataclass(frozen=True)
class Platform:
    """What names and tags of a platform look like. region: the only one where its global things are its own.

    tags: those that every taggable resource has; suffix_tag: the key of the tag that holds the suffix.
    """

    name: str
    pattern: str
    environment: str
    region: str
    services: tuple[str, ...]
    tags: dict[str, str] = field(hash=False)
    suffix_tag: str
    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, spec: Spec) -> "Platform":
        held = spec.get("secrets.of_services") if spec.states("secrets.of_services") else {}
        return cls(
            name=spec.platform,
            pattern=spec.get("naming.pattern"),
            environment=spec.get("naming.environment"),
            region=spec.get("region"),
            services=tuple(sorted(spec.get("services"))),
            tags=dict(spec.get("tags")),
            suffix_tag=spec.get("suffix_tag"),
            secrets=tuple(f"{service}-{name}" for service, names in sorted(held.items()) for name in names),
        )

    def stack(self, suffix: str) -> str:
        """`payments-production-pr42`."""
        return f"{self.name}-{self.environment}-{suffix}"


@dataclass(frozen=True)
class Reading:
    """One way to read a name."""

    platform: str
    suffix: str


def known_platforms() -> tuple[Platform, ...]:
    """The platforms whose specs ask for a suffix tag: what is kept, as the bootstrap stack is, asks for none."""
    specs = (load_spec(name) for name in spec_names())
    return tuple(Platform.of(spec) for spec in specs if spec.states("suffix_tag"))


def readings(kind: tuple[str, str], name: str, platforms: Sequence[Platform], account_id: str) -> set[Reading]:
    """Every way to read the whole name of a (service, kind). Empty where it fits no pattern."""
    types = tuple(each for each in TYPES.get(kind, ()) if each not in MADE_BY_AWS.get(kind, ()))
    for form, made_after in DICTATED:
        if (match := form.fullmatch(name)) and made_after in TYPES.get(kind, ()):
            name, types = match["name"], (made_after,)
    environments = {platform.environment for platform in platforms}
    return {
        Reading(platform.name, match["suffix"])
        for platform in platforms
        for expression in _expressions(platform, account_id, types)
        if (match := re.fullmatch(expression, name)) and not _is_an_environment(match["suffix"], platform, environments)
    }


def read(kind: tuple[str, str], name: str, platforms: Sequence[Platform], account_id: str) -> Reading | None:
    """The only way to read a name, or None where there is none or more than one."""
    found = readings(kind, name, platforms, account_id)
    return found.pop() if len(found) == 1 else None


def _is_an_environment(suffix: str, platform: Platform, environments: Iterable[str]) -> bool:
    """Where a pattern has no environment, one that another pattern has is no part of a suffix."""
    if "{environment}" in platform.pattern:
        return False
    return any(suffix == each or suffix.startswith(f"{each}-") for each in environments)


@cache
def _expressions(platform: Platform, account_id: str, types: tuple[str, ...]) -> tuple[str, ...]:
    """One for each type and component; the component is spelled out, so that nothing of it is taken for a suffix."""
    components = _components(platform, account_id)
    made = []
    for kind in types:
        for component in components[kind]:
            parts = {
                "{type}": re.escape(kind),
                "{component}": component,
                "{environment}": re.escape(platform.environment),
                "{suffix}": f"(?P<suffix>{SUFFIX})",
            }
            words = (parts.get(word, re.escape(word)) for word in re.findall(r"\{\w+\}|[^{}-]+", platform.pattern))
            made.append("-".join(filter(None, words)))
    return tuple(made)


def _components(platform: Platform, account_id: str) -> dict[str, list[str]]:
    """The {type} part of names -> what the component may be, as regular expressions; empty for none."""
    services = [re.escape(each) for each in platform.services]
    rotations = [f"{re.escape(each)}-rotation" for each in platform.secrets]
    functions = [*rotations, "redeployment"]
    sides = ["", "-blue", "-green"]
    watched = ["target-5xx", "unhealthy-targets", "slow-answers"]
    alarms = [f"{each}{side}-{what}" for each in services for side in sides for what in watched]
    keys = ["logs", "registry", "secrets"]
    alone = (
        "vpc", "internet-gateway", "public-route-table", "flow-log", "default-security-group", "ecs-cluster",
        "flow-log-role", "alb", "https-listener", "certificate", "namespace",
    )  # fmt: skip
    of_zone = ("public-subnet", "private-subnet", "private-route-table", "nat-gateway", "elastic-ip")
    of_service = (
        "ecs-service", "ecs-task", "execution-role", "task-role", "infrastructure-role", "hook-role", "discovery",
        "ecr-repository",
    )  # fmt: skip
    return {
        **{kind: [""] for kind in alone},
        **{kind: [ZONE] for kind in of_zone},
        **dict.fromkeys(of_service, services),
        "log-group": [*services, "vpc-flows"],
        "tg": [f"{each}{side}" for each in services for side in sides],
        "listener-rule": [f"{each}{end}" for each in services for end in ("", "-test")],
        "scaling-policy": [f"{each}-{metric}" for each in services for metric in ("cpu", "memory")],
        "alarm": [*alarms, *(f"{each}-running-tasks" for each in services)],
        "security-group": ["alb", "vpc-endpoints", *services, *functions],
        "function": functions,
        "function-role": functions,
        "event-rule": ["redeployment"],
        "secret": [re.escape(each) for each in platform.secrets],
        "kms-key": keys,
        "alias/kms-key": keys,
        "vpc-endpoint": ["s3", "ecr-api", "ecr-dkr", "logs", "secretsmanager", "kms", "sts", "ecs", "monitoring"],
        "s3-bucket": [f"access-logs-{account_id}"],
    }
