"""The one module that knows how a resource is named and what AWS allows in each kind of name.

A name is `{type}[-{component}]-{environment}-{suffix}`, or the same without the environment, as the settings say.
Every limit was read in the named AWS page on 2026-11-22.
"""

import re
from dataclasses import dataclass

from infra.settings.model import Settings

ACCOUNT_ID_STAND_IN = "0" * 12  # what an account id, known only to Terraform, counts as

EC2_TAGS = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html"
EC2_GROUP = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"
ECS_CLUSTER = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html"
ECS_SERVICE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"
ECS_TASK = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html"
LOGS_GROUP = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
IAM_ROLE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
IAM_POLICY = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html"
ALB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"
ALB_TARGETS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"
S3_BUCKET = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
SCALING = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html"
ALARM = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
KMS_ALIAS = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html"
CLOUD_MAP = "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html"
SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"
EVENT_RULE = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"
ECR = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"


@dataclass(frozen=True)
class Kind:
    """What AWS allows in one kind of name. `prefix` is the {type} part; `allowed` says `pattern` in words."""

    prefix: str
    max_length: int
    pattern: str
    allowed: str
    source: str


def _name_tag(prefix: str) -> Kind:
    return Kind(prefix, 256, r"[\w +\-=.:/@]+", "letters, digits, spaces and + - = . _ : / @", EC2_TAGS)


def _iam(prefix: str, max_length: int, source: str) -> Kind:
    return Kind(prefix, max_length, r"[A-Za-z0-9_+=,.@-]+", "letters, digits and _ + = , . @ -", source)


def _dns_label(prefix: str) -> Kind:
    allowed = "lowercase letters, digits and -, no - at either end: one label of a DNS name"
    return Kind(prefix, 63, r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", allowed, CLOUD_MAP)


def _ecs(prefix: str, source: str) -> Kind:
    return Kind(prefix, 255, r"[A-Za-z0-9_-]+", "letters, digits, _ and -", source)


_ELB_PATTERN = r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_ELB_ALLOWED = "letters, digits and -, no - at either end, not starting with internal-"
_BUCKET_PATTERN = (
    r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]+[a-z0-9](?<!-s3alias)(?<!--ol-s3)(?<!--x-s3)(?<!--table-s3)"
)
_GROUP_PATTERN = r"(?!sg-)[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+"
_REPOSITORY_PATTERN = r"([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*"

_NAME_TAGS = (
    "vpc", "internet-gateway", "public-subnet", "private-subnet", "public-route-table", "private-route-table",
    "nat-gateway", "elastic-ip", "vpc-endpoint", "flow-log", "security-group-rule", "default-security-group",
    "https-listener", "listener-rule", "certificate", "kms-key",
)  # fmt: skip

KINDS: dict[str, Kind] = {
    **{kind: _name_tag(kind) for kind in _NAME_TAGS},
    "security-group": Kind(
        "security-group",
        255,
        _GROUP_PATTERN,
        "letters, digits and ._-:/()#,@[]+=&;{}!$*, not starting with sg-",
        EC2_GROUP,
    ),
    "ecs-cluster": _ecs("ecs-cluster", ECS_CLUSTER),
    "ecs-service": _ecs("ecs-service", ECS_SERVICE),
    "task-definition": _ecs("ecs-task", ECS_TASK),
    "log-group": Kind("log-group", 512, r"[.\-_/#A-Za-z0-9]+", "letters, digits and . - _ / #", LOGS_GROUP),
    "execution-role": _iam("execution-role", 64, IAM_ROLE),
    "task-role": _iam("task-role", 64, IAM_ROLE),
    "flow-log-role": _iam("flow-log-role", 64, IAM_ROLE),
    "function-role": _iam("function-role", 64, IAM_ROLE),
    "infrastructure-role": _iam("infrastructure-role", 64, IAM_ROLE),
    "hook-role": _iam("hook-role", 64, IAM_ROLE),
    "role-policy": _iam("role-policy", 128, IAM_POLICY),
    "alb": Kind("alb", 32, _ELB_PATTERN, _ELB_ALLOWED, ALB),
    "target-group": Kind("tg", 32, _ELB_PATTERN, _ELB_ALLOWED, ALB_TARGETS),
    "s3-bucket": Kind(
        "s3-bucket", 63, _BUCKET_PATTERN, "lowercase letters, digits and -, without the affixes AWS reserves", S3_BUCKET
    ),
    "scaling-policy": Kind("scaling-policy", 256, r"[ -~]+", "printable characters", SCALING),
    "alarm": Kind("alarm", 255, r"[ -~]+", "printable characters", ALARM),
    # Both become part of a host name, where each label is short; so are their types.
    "service-discovery-namespace": _dns_label("namespace"),
    "service-discovery-service": _dns_label("discovery"),
    # AWS adds a hyphen and six characters; a name that ends like that would be taken for an ARN.
    "secret": Kind("secret", 512, r"[A-Za-z0-9/_+=.@-]+", "letters, digits and / _ + = . @ -", SECRETS),
    "function": Kind("function", 64, r"[A-Za-z0-9_-]+", "letters, digits, _ and -", LAMBDA),
    "event-rule": Kind("event-rule", 64, r"[.\-_A-Za-z0-9]+", "letters, digits and . - _", EVENT_RULE),
    "kms-alias": Kind("alias/kms-key", 256, r"alias/(?!aws/)[A-Za-z0-9:/_-]+", "letters, digits and / _ -", KMS_ALIAS),
    "ecr-repository": Kind(
        "ecr-repository", 256, _REPOSITORY_PATTERN, "lowercase letters and digits, with single . _ - / between", ECR
    ),
}


@dataclass(frozen=True)
class NameProblem:
    """One name that AWS would refuse. `length` counts an account id as its 12 digits."""

    kind: str
    component: str
    name: str
    length: int
    limit: int
    found: str
    allowed: str
    source: str

    def __str__(self) -> str:
        return f"{self.kind} name {self.name!r} {self.found}; allowed: {self.allowed} ({self.source})"


class NameRefusedError(Exception):
    """Raised instead of building a name that AWS would refuse; `problem` says which and why."""

    def __init__(self, problem: NameProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Names:
    """Builds the names of one deployment: `Names(settings.naming, settings.environment, settings.suffix)`."""

    pattern: str
    environment: str
    suffix: str

    @classmethod
    def for_settings(cls, settings: Settings) -> "Names":
        return cls(settings.naming, settings.environment, settings.suffix)

    def of(self, kind: str, component: str = "", account_id: str = "") -> str:
        """The name of one resource. `account_id`, a Terraform expression, is appended to the component.

        Raises NameRefusedError when AWS would refuse the name, KeyError for a kind that is not in KINDS.
        """
        problem = self.problem(kind, _joined(component, account_id and ACCOUNT_ID_STAND_IN))
        if problem:
            raise NameRefusedError(problem)
        return self._render(kind, _joined(component, account_id))

    def problem(self, kind: str, component: str = "") -> NameProblem | None:
        """Why AWS would refuse the name, or None."""
        name = self._render(kind, component)
        rule = KINDS[kind]
        found = ""
        if len(name) > rule.max_length:
            found = f"has {len(name)} characters"
        elif not re.fullmatch(rule.pattern, name, re.ASCII):
            found = "has characters or an affix that AWS refuses"
        if not found:
            return None
        allowed = f"at most {rule.max_length} characters: {rule.allowed}"
        return NameProblem(kind, component, name, len(name), rule.max_length, found, allowed, rule.source)

    def _render(self, kind: str, component: str) -> str:
        parts = {
            "{type}": KINDS[kind].prefix,
            "{component}": component,
            "{environment}": self.environment,
            "{suffix}": self.suffix,
        }
        return _joined(*(parts.get(part, part) for part in self.pattern.split("-")))


def _joined(*parts: str) -> str:
    return "-".join(filter(None, parts))
