"""What any settings may have on top: owner tags, repositories of their own, a scan gate, secrets, blue/green."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

ACCOUNT = "123456789012"
SECRET_NAMES = ("db", "k")
# The longest names that a service with a secret or with blue/green leads to, without the service and the tail.
LONGEST_ROLE = len("function-role--db-rotation")
LONGEST_TARGET_GROUP = len("tg--green")
STEPS = {"step_percent": 10, "step_bake_time_minutes": 5}


@st.composite
def with_features(draw: st.DrawFn, document: Document, tail: int) -> Document:
    """The document with any mix of features; `tail` is the length of what follows the component of every name."""
    region, services = document["region"], document["services"]
    if draw(st.booleans()):
        document["service_tag"] = draw(st.sampled_from(["Service", "owner"]))
    if draw(st.booleans()):
        document["image_scan"] = {"block_severity": "HIGH", "wait_minutes": draw(st.integers(0, 60))}
    if draw(st.booleans()):
        document["registry"] = draw(_own_repositories())
        for service in services.values():
            del service["image"]["repository"]
    database = draw(_databases(document["network"]))
    called = {callee for service in services.values() for callee in service["calls"]}
    for number, (name, service) in enumerate(services.items()):
        if LONGEST_ROLE + len(name) + tail <= 64 and draw(st.booleans()):
            service["secrets"] = draw(_secrets(region, database, number))
        if "routes" in service and draw(st.booleans()):
            service["routes"]["slowest_answer_seconds"] = draw(st.integers(1, 60))
        fits = LONGEST_TARGET_GROUP + len(name) + tail <= 32 and not (name in called and "discovery" in document)
        if "routes" in service and fits and draw(st.booleans()):
            service["rollout"] |= {"minimum_healthy_percent": 100, "maximum_percent": 200}
            service["rollout"]["blue_green"] = draw(_blue_green(region, service["routes"]["priority"] - 5))
    return document


@st.composite
def _own_repositories(draw: st.DrawFn) -> Document:
    registry: Document = {"create_repositories": True, "encryption": draw(st.sampled_from(["aes256", "kms"]))}
    if draw(st.booleans()):
        kept, days = draw(st.integers(2, 1000)), draw(st.integers(1, 365))
        registry["lifecycle"] = {"keep_tagged_images": kept, "expire_untagged_days": days}
    return registry


@st.composite
def _databases(draw: st.DrawFn, network: Document) -> Document:
    """Where all databases of a deployment are: outside of the VPC, or in a range reserved for them."""
    ranges = ["192.0.2.0/24", *network.get("reserved_cidrs", [])]
    return {"port": draw(st.sampled_from([5432, 6432])), "cidr": draw(st.sampled_from(ranges))}


@st.composite
def _secrets(draw: st.DrawFn, region: str, database: Document, number: int) -> Document:
    names = draw(st.lists(st.sampled_from(SECRET_NAMES), min_size=1, unique=True))
    made: Document = {}
    for position, name in enumerate(names):
        secret: Document = {
            "rotation_days": draw(st.integers(1, 1000)),
            "admin_secret_arn": f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:admin-Ex4mPl",
        }
        if draw(st.booleans()):
            secret["admin_key_arn"] = f"arn:aws:kms:{region}:{ACCOUNT}:key/0123abcd-0123-0123-0123-0123456789ab"
        if draw(st.booleans()):
            user = {"host": "db.example.com", "database": "main", "username": f"user_{number}_{position}"}
            secret |= {"database_user": {**database, **user}, "variables": {f"URL_{position}": "connection_string"}}
        else:
            endpoint = "https://keys.example.com/v1/key"
            secret |= {"api_key": {"endpoint": endpoint}, "variables": {f"KEY_{position}": "api_key"}}
        made[name] = secret
    return made


@st.composite
def _blue_green(draw: st.DrawFn, region: str, priority: int) -> Document:
    shift = draw(st.sampled_from(["all-at-once", "canary", "linear"]))
    wanted: Document = {
        "bake_time_minutes": draw(st.integers(1, 1440)),
        "test_route": {"header": "X-Test", "value": "green", "priority": priority},
        "shift": shift,
        **(STEPS if shift != "all-at-once" else {}),
    }
    if draw(st.booleans()):
        function = f"arn:aws:lambda:{region}:{ACCOUNT}:function:ask"
        wanted["hooks"] = [{"function_arn": function, "stages": ["POST_TEST_TRAFFIC_SHIFT"]}]
    return wanted


def secrets_of(services: Document) -> Iterator[tuple[str, str, Document]]:
    """(service, secret, what it says) of every secret."""
    for name, service in services.items():
        for secret, wanted in service.get("secrets", {}).items():
            yield name, secret, wanted
