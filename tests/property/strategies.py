"""Settings documents of any size that the schema and the checks of meaning allow.

A document is plain data as YAML gives it; `write` puts one into a file.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from infra.settings.meaning.platform import RESERVED_SERVICE_NAMES
from infra.settings.meaning.services import FARGATE_MEMORY_MIB, FARGATE_SMALLEST_MEMORY_MIB
from infra.settings.schema import SCHEMA_PATH
from tests.property.features import with_features

Document = dict[str, Any]

SCHEMA: Document = json.loads(SCHEMA_PATH.read_text())
MOST_SERVICES = 12
SHARED_FIELDS = tuple(SCHEMA["properties"]["service_defaults"]["properties"])
# Service names that parts of the stack also bear: they must not get in each other's way.
NAMES_OF_PARTS = ("network", "logs", "cluster", "registry", "traffic", "endpoints", "discovery", "identity", "scaling",
                  "alarms", "certificate", "aws", "public", "closed", "main", "current", "load-balancer")  # fmt: skip
# First address, prefix length, and first address of the last sixteenth of a VPC.
RANGES = (("10.20.0.0", 16, "10.20.240.0"), ("172.16.64.0", 18, "172.16.124.0"), ("100.64.16.0", 20, "100.64.31.0"))
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")


@dataclass(frozen=True)
class Deployment:
    """A document and the suffix it is deployed under."""

    document: Document
    suffix: str


def write(document: object, file: Path) -> Path:
    """As JSON, which is YAML with every text in quotes."""
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def _enum(section: str, key: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(SCHEMA["properties"][section]["properties"][key]["enum"])


def _labels(longest: int) -> st.SearchStrategy[str]:
    made = st.from_regex(rf"[a-z][a-z0-9]{{0,{max(0, min(longest, 12) - 3)}}}(-[a-z0-9])?", fullmatch=True)
    long = st.just("x" * longest)
    known = [name for name in NAMES_OF_PARTS if len(name) <= longest]
    return st.one_of([made, long, *([st.sampled_from(known)] if known else [])]).filter(_is_free)


def _is_free(name: str) -> bool:
    """Not a shared part's name, and no edge between such names reads like another edge."""
    parts = set(name.split("-"))
    return name not in RESERVED_SERVICE_NAMES | {"s3"} and not parts & {"to", "outbound"}


@st.composite
def deployments(draw: st.DrawFn, most_services: int = MOST_SERVICES) -> Deployment:
    """Any valid document, with any suffix that its names have room for."""
    environment = draw(st.sampled_from(["production", "dev", "qa-2"]))
    suffix = draw(st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9])?", fullmatch=True))
    naming = draw(st.sampled_from(SCHEMA["properties"]["naming"]["enum"]))
    region = draw(st.sampled_from(REGIONS))
    tail = len(f"-{environment}-{suffix}") if "{environment}" in naming else len(f"-{suffix}")
    short, long = 32 - len("tg-") - tail, 64 - len("execution-role-") - tail
    names = [draw(_labels(short))]
    others = _labels(long).filter(lambda name: name != names[0])
    more = draw(st.integers(0, most_services - 1))
    names += draw(st.lists(others, min_size=more, max_size=more, unique=True))
    network, task_room = draw(_networks(region))
    services = draw(_services(names, short, network["vpc_cidr"], max(1, task_room // len(names))))
    least_stop = min(service["stop_timeout_seconds"] for service in services.values())
    document: Document = {
        "platform": draw(st.sampled_from(["payments", "gateway", "x-1"])),
        "environment": environment,
        "region": region,
        "naming": naming,
        "tags": draw(_tags()),
        "network": network,
        "capacity": draw(_capacities()),
        "logs": {key: draw(_enum("logs", key)) for key in ("retention_days", "encryption")},
        "load_balancer": draw(_load_balancers(region, suffix, least_stop)),
        "registry": {"create_repositories": False},
        "services": services,
    }
    if draw(st.booleans()):
        document["discovery"] = {"namespace": draw(st.sampled_from(["internal", "payments.internal", "a.b.c.local"]))}
    document = draw(with_features(document, tail))
    _hoist(document, draw(st.lists(st.sampled_from(SHARED_FIELDS), unique=True)))
    return Deployment(document, suffix)


def _hoist(document: Document, shared: list[str]) -> None:
    """Move fields of the first service into service_defaults, and drop them where others have the same."""
    services = document["services"].values()
    first = next(iter(services))
    defaults = {field: first[field] for field in shared if field in first and field != "environment"}
    if "blue_green" in defaults.get("rollout", {}):  # is for one service, not for all
        del defaults["rollout"]
    for service in services:
        for field in defaults:
            if service[field] == defaults[field]:
                del service[field]
    if defaults:
        document["service_defaults"] = defaults


@st.composite
def _networks(draw: st.DrawFn, region: str) -> tuple[Document, int]:
    """A network, and how many tasks its private subnets hold."""
    base, prefix, last = draw(st.sampled_from(RANGES))
    zones = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=6, unique=True))
    private = draw(st.integers(prefix + 4, 26))
    endpoints = draw(st.lists(st.sampled_from(["s3", "ecr", "logs"]), unique=True))
    network = {
        "vpc_cidr": f"{base}/{prefix}",
        "availability_zones": [f"{region}{zone}" for zone in zones],
        "public_subnet_prefix_length": draw(st.integers(prefix + 4, 27)),
        "private_subnet_prefix_length": private,
        "vpc_endpoints": endpoints,
    }
    if draw(st.booleans()):
        network["reserved_cidrs"] = [f"{last}/{prefix + 4}"]
    interfaces = 2 * ("ecr" in endpoints) + ("logs" in endpoints)
    return network, len(zones) * (2 ** (32 - private) - 5 - interfaces)


@st.composite
def _services(draw: st.DrawFn, names: list[str], longest_public: int, vpc: str, task_room: int) -> Document:
    ports = draw(st.lists(st.integers(1024, 65535), min_size=len(names), max_size=len(names), unique=True))
    services: Document = {}
    for position, (name, port) in enumerate(zip(names, ports, strict=True)):
        others = [other for other in names if other != name]
        service = draw(_service_bodies(task_room))
        service["port"] = port
        service["image"] = {"repository": f"team/{name}", **draw(_pins())}
        service["calls"] = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
        if position == 0 or (len(name) <= longest_public and draw(st.booleans())):
            paths = [f"/{name}", f"/{name}/*", f"/{name}.?"][: draw(st.integers(1, 3))]
            service["routes"] = {"paths": paths, "health_check_path": "/health", "priority": 10 * (position + 1)}
        services[name] = service
    return services


@st.composite
def _service_bodies(draw: st.DrawFn, task_room: int) -> Document:
    cpu = draw(st.sampled_from([256, *FARGATE_MEMORY_MIB]))
    least, most, step = FARGATE_MEMORY_MIB.get(cpu, (0, 0, 1))
    memories = list(range(least, most + 1, step)) if least else list(FARGATE_SMALLEST_MEMORY_MIB)
    max_tasks = draw(st.integers(1, max(1, min(task_room // 2, 20))))
    min_tasks = draw(st.integers(1, max_tasks))
    interval = draw(st.integers(5, 300))
    body: Document = {
        "cpu_units": cpu,
        "memory_mib": draw(st.sampled_from(memories)),
        "platform_version": "1.4.0",
        "user": draw(st.sampled_from(["1", "10001", "10001:10001"])),
        "stop_timeout_seconds": draw(st.integers(2, 120)),
        "desired_count": draw(st.integers(min_tasks, max_tasks)),
        "scaling": {
            "min_tasks": min_tasks,
            "max_tasks": max_tasks,
            "cpu_target_percent": draw(st.integers(10, 95)),
            "memory_target_percent": draw(st.integers(10, 95)),
            "scale_out_cooldown_seconds": 60,
            "scale_in_cooldown_seconds": 300,
        },
        "health_check": {
            "command": ["CMD-SHELL", "wget -q http://127.0.0.1:$PORT/health || exit 1"],
            "interval_seconds": interval,
            "timeout_seconds": draw(st.integers(2, min(60, interval - 1))),
            "retries": draw(st.integers(1, 10)),
            "start_period_seconds": draw(st.integers(0, 300)),
        },
        "rollout": {
            "minimum_healthy_percent": draw(st.integers(0, 100)),
            "maximum_percent": 200,
            "health_check_grace_period_seconds": draw(st.integers(0, 600)),
        },
    }
    optional = {"outbound": _ways_out(), "environment": _variables(), "task_permissions": _permissions()}
    body |= {key: draw(values) for key, values in optional.items() if draw(st.booleans())}
    body.setdefault("outbound", [])
    return body


def _ways_out() -> st.SearchStrategy[list[Document]]:
    ranges = st.sampled_from(["0.0.0.0/0", "203.0.113.0/24", "198.51.100.7/32"])
    ports = st.sampled_from([443, 5432])
    way = st.fixed_dictionaries({"port": ports, "cidr": ranges, "purpose": st.just("Card networks")})
    return st.lists(way, max_size=4, unique_by=lambda item: (item["port"], item["cidr"]))


def _variables() -> st.SearchStrategy[dict[str, str]]:
    values = st.text("aZ0 ${}\"'\\\n%é", max_size=12)
    return st.dictionaries(st.sampled_from(["LOG_LEVEL", "X", "A_1"]), values, max_size=3)


def _permissions() -> st.SearchStrategy[list[Document]]:
    account = "123456789012"
    grants = (
        (["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::receipts/*"]),
        (["dynamodb:GetItem"], [f"arn:aws:dynamodb:us-east-1:{account}:table/payments"]),
        (["sqs:SendMessage"], [f"arn:aws:sqs:us-east-1:{account}:events", f"arn:aws:sqs:us-east-1:{account}:audit"]),
    )
    return st.lists(
        st.sampled_from(grants).map(lambda grant: {"actions": grant[0], "resources": grant[1]}),
        max_size=3,
        unique_by=lambda grant: grant["actions"][0],
    )


def _pins() -> st.SearchStrategy[dict[str, str]]:
    digests = st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True).map(lambda digest: {"digest": digest})
    tags = st.one_of(st.from_regex(r"v?[0-9]\.[0-9]{1,2}\.[0-9](-rc1)?", fullmatch=True),
                     st.from_regex(r"[0-9a-f]{7,40}", fullmatch=True))  # fmt: skip
    return st.one_of(digests, tags.map(lambda tag: {"tag": tag}))


def _tags() -> st.SearchStrategy[dict[str, str]]:
    values = st.text("aZ0 _.:/=+@-", min_size=1, max_size=20)
    return st.dictionaries(st.sampled_from(["Environment", "Team", "CostCenter", "team:owner"]), values, min_size=1)


@st.composite
def _capacities(draw: st.DrawFn) -> Document:
    base_of = draw(st.sampled_from(["spot", "on_demand", "neither"]))
    base = draw(st.integers(1, 10))
    return {
        provider: {"base": base if provider == base_of else 0, "weight": draw(st.integers(1, 1000))}
        for provider in ("spot", "on_demand")
    }


@st.composite
def _load_balancers(draw: st.DrawFn, region: str, suffix: str, least_stop_seconds: int) -> Document:
    existing = {"arn": f"arn:aws:acm:{region}:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab"}
    longest = "d" * (63 - len(suffix) - len(".example.com")) + ".example.com"
    made = {"domain_name": draw(st.sampled_from(["payments.example.com", longest])), "hosted_zone_id": "Z0EXAMPLE"}
    return {
        "certificate": draw(st.sampled_from([existing, made])),
        "tls_policy": draw(_enum("load_balancer", "tls_policy")),
        "client_cidrs": draw(st.sampled_from([["0.0.0.0/0"], ["203.0.113.0/24", "198.51.100.0/24"]])),
        "deregistration_delay_seconds": draw(st.integers(0, least_stop_seconds - 1)),
        "access_log_retention_days": draw(st.integers(1, 3653)),
    }
