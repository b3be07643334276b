"""Settings that a spec can state, and the spec that states them: written from the document alone, without infra.

A spec says once for all services what settings may say for each of them, and some choices are wrong under any spec:
`lawful` makes the services alike where the one matters, and takes another choice where the other does.
"""

import copy
import json
from typing import Any

from jsonschema import Draft202012Validator

from policies.spec import SCHEMA, Spec, load_spec
from tests.property.features import secrets_of
from tests.property.strategies import Deployment, Document

STRATEGIES = {"all-at-once": "BLUE_GREEN", "canary": "CANARY", "linear": "LINEAR"}
SPOT_WARNING_SECONDS = 120  # between the warning and the end of a Spot task
# What the spec has one value of, for every service.
SHARED = ("cpu_units", "memory_mib", "platform_version", "desired_count", "scaling", "health_check", "outbound")
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def lawful(deployment: Deployment) -> Deployment:
    """The deployment with what a spec says once taken from the first service, and without what no spec allows."""
    document = copy.deepcopy(deployment.document)
    bodies = services_of(document)
    first = next(iter(bodies.values()))
    for body in bodies.values():
        body |= {key: copy.deepcopy(first[key]) for key in SHARED}
        _obey(body, document["region"])
    return Deployment({**without(document, "service_defaults"), "services": bodies}, deployment.suffix)


def _obey(body: Document, region: str) -> None:
    """What rules demand of each service by itself: time to start and to stop, no outage at a rollout, one region."""
    rollout = body["rollout"]
    grace_seconds = max(1, rollout["health_check_grace_period_seconds"], body["health_check"]["start_period_seconds"])
    body["rollout"] = {**rollout, "minimum_healthy_percent": 100, "health_check_grace_period_seconds": grace_seconds}
    body["stop_timeout_seconds"] = SPOT_WARNING_SECONDS
    for grant in body.get("task_permissions", []):
        grant["resources"] = [arn.replace(":us-east-1:", f":{region}:") for arn in grant["resources"]]


def spec_of(document: Document) -> Spec:
    """The spec of a lawful document; it is valid against the schema of specs."""
    bodies = services_of(document)
    first = next(iter(bodies.values()))
    scaling, health, balancer = first["scaling"], first["health_check"], document["load_balancer"]
    values: Document = {
        "spec": "generated",
        "platform": document["platform"],
        "region": document["region"],
        "availability_zones": len(document["network"]["availability_zones"]),
        "naming": {"pattern": document["naming"], "environment": document["environment"]},
        "tags": document["tags"],
        "capacity": {"minimum_spot_percent": least_spot_percent(document["capacity"], scaling)},
        "container_insights": ["enabled", "enhanced"],
        "services": {name: {"port": body["port"], "public": "routes" in body} for name, body in bodies.items()},
        "kinds": _kinds(document),
        "task": {key: first[key] for key in ("cpu_units", "memory_mib", "platform_version")},
        "container_health_check": {key: health[key] for key in ("retries", "interval_seconds")},
        "desired_count": first["desired_count"],
        "scaling": {key: value for key, value in scaling.items() if "cooldown" not in key},
        "logs": document["logs"],
        "repositories": _repositories(document["registry"]),
        "load_balancer": {
            "port": 443,
            "public_cidrs": balancer["client_cidrs"],
            "tls_policies": [balancer["tls_policy"]],
            "paths": [path for body in bodies.values() if "routes" in body for path in body["routes"]["paths"]],
        },
        "reachability": {
            "edges": [
                {"from": name, "to": callee, "port": bodies[callee]["port"]}
                for name, body in bodies.items()
                for callee in body["calls"]
            ],
            "outbound": [{"port": way["port"], "cidr": way["cidr"]} for way in first["outbound"]],
        },
    }
    values |= _of_features(document, bodies)
    VALIDATOR.validate(values)
    return Spec("generated", document["platform"], "all", values)


def _repositories(registry: Document) -> Document:
    stated: Document = {"created": registry["create_repositories"], "scan_on_push": True}
    if registry["create_repositories"]:
        stated["encryption"] = registry["encryption"]
    for key, value in registry.get("lifecycle", {}).items():
        stated[key] = {"at_least": value, "at_most": value}
    return stated


def _of_features(document: Document, bodies: Document) -> Document:
    """What the spec says of features that the settings have."""
    stated: Document = {"suffix_tag": "EnvironmentSuffix"}
    if "service_tag" in document:
        stated["service_tag"] = document["service_tag"]
    if "discovery" in document:
        stated["discovery"] = {"namespace": document["discovery"]["namespace"]}
    if granted := {name: body["task_permissions"] for name, body in bodies.items() if body.get("task_permissions")}:
        stated["task_permissions"] = granted
    if secrets := list(secrets_of(bodies)):
        stated["secrets"] = _secrets(secrets)
    blue_green = {name: _blue_green(body) for name, body in bodies.items() if "blue_green" in body["rollout"]}
    if blue_green:
        stated["rollout"] = {"blue_green": blue_green}
    return stated


def _secrets(secrets: list[tuple[str, str, Document]]) -> Document:
    of_services: Document = {}
    databases = [wanted["database_user"] for _, _, wanted in secrets if "database_user" in wanted]
    for service, name, wanted in secrets:
        kind = "database-user" if "database_user" in wanted else "api-key"
        of_services.setdefault(service, {})[name] = {"kind": kind, "variables": list(wanted["variables"])}
    return {
        "longest_rotation_days": max(wanted["rotation_days"] for _, _, wanted in secrets),
        "recovery_window_days": 0,
        "of_services": of_services,
        "functions_outbound": [{"port": 443, "cidr": "0.0.0.0/0"}],
        **({"databases": {key: databases[0][key] for key in ("port", "cidr")}} if databases else {}),
    }


def _blue_green(body: Document) -> Document:
    wanted = body["rollout"]["blue_green"]
    slow = ["TargetResponseTime"] if "slowest_answer_seconds" in body["routes"] else []
    minutes = wanted["bake_time_minutes"]
    return {
        "strategies": [STRATEGIES[wanted["shift"]]],
        "bake_time_minutes": {"at_least": minutes, "at_most": minutes},
        "alarms": ["HTTPCode_Target_5XX_Count", "UnHealthyHostCount", *slow],
    }


def services_of(document: Document) -> Document:
    """Every service with the defaults filled in."""
    defaults = document.get("service_defaults", {})
    return {name: filled(defaults, body) for name, body in document["services"].items()}


def filled(defaults: Any, own: Any) -> Any:
    if not (isinstance(defaults, dict) and isinstance(own, dict)):
        return copy.deepcopy(own)
    both = {key: filled(defaults[key], own[key]) for key in own if key in defaults}
    return {**copy.deepcopy(defaults), **copy.deepcopy(own), **both}


def without(document: Document, key: str) -> Document:
    return {name: value for name, value in document.items() if name != key}


def least_spot_percent(capacity: Document, scaling: Document) -> int:
    """The share of Spot, in whole percents rounded down, that every task count reaches if shares are rounded down."""
    spot, on_demand = capacity["spot"], capacity["on_demand"]
    shares = []
    for tasks in range(scaling["min_tasks"], scaling["max_tasks"] + 1):
        rest = tasks - min(tasks, spot["base"] + on_demand["base"])
        on_spot = min(tasks, spot["base"]) + rest * spot["weight"] // (spot["weight"] + on_demand["weight"])
        shares.append(100 * on_spot // tasks)
    return min(shares)


def _kinds(document: Document) -> Document:
    """Those of either platform: what a stack does not have is no matter of the rule."""
    both: Document = {}
    for platform in ("payments", "gateway"):
        for section, kinds in load_spec(platform).get("kinds").items():
            both[section] = [*dict.fromkeys([*both.get(section, []), *kinds])]
    return both
