"""Secrets: who has which, how they change, and who may read them."""

import json
from datetime import UTC, datetime, timedelta

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Live, listed

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"


@check("G.7.1", "G.7.2", about="secrets")
def services_have_their_secrets(live: Live) -> Problems:
    """Every declared secret exists, under a key of the deployment, and nothing else does."""
    yield from differs("secrets", sorted(live.secrets), sorted(live.stated_secrets))
    keys = {found.get("KmsKeyId") for found in live.secrets.values()}
    for key in keys:
        if not key:
            yield "a secret has no key of its own"
            continue
        described = live.client("kms").describe_key(KeyId=key)["KeyMetadata"]
        yield from differs(f"{key}: whose it is", described["KeyManager"], "CUSTOMER")
        rotates = live.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
        yield from differs(f"{key}: rotates", rotates, True)


@check("G.7.1", "G.7.2", about="secrets")
def containers_get_secrets_by_reference(live: Live) -> Problems:
    """Containers are given the variables of the spec by the ARN of their own service's secrets, and no others."""
    for service, containers in live.containers.items():
        own = {name: stated for name, stated in live.stated_secrets.items() if stated["service"] == service}
        expected = {
            variable: live.secrets[name]["ARN"] if name in live.secrets else None
            for name, stated in own.items()
            for variable in stated["variables"]
        }
        found = {
            entry["name"]: ":".join(entry["valueFrom"].split(":")[:7])
            for container in containers
            for entry in container.get("secrets", [])
        }
        yield from differs(f"{service}: variables from secrets", found, expected)


@check("G.7.3", about="secrets")
def secrets_rotate(live: Live) -> Problems:
    """Every secret is rotated by a function of its own, in time, and no rotation hangs."""
    longest = live.spec.get("secrets.longest_rotation_days")
    for component in live.stated_secrets:
        found = live.secrets.get(component, {})
        yield from differs(f"{component}: rotates", found.get("RotationEnabled"), True)
        function = live.functions.get(f"{component}-rotation", {}).get("FunctionArn")
        yield from differs(f"{component}: what rotates it", found.get("RotationLambdaARN"), function)
        days = found.get("RotationRules", {}).get("AutomaticallyAfterDays")
        if not days or days > longest:
            yield f"{component}: rotates every {days} days, expected {longest} at the most"
        stages = [stage for version in found.get("VersionIdsToStages", {}).values() for stage in version]
        yield from differs(f"{component}: current versions", stages.count(CURRENT), 1)
        waiting = [v for v in found.get("VersionIdsToStages", {}).values() if PENDING in v and CURRENT not in v]
        yield from differs(f"{component}: versions that hang in a rotation", waiting, [])


@check("G.7.3", about="secrets")
def secrets_have_been_rotated(live: Live) -> Problems:
    """The first value, which its target never knew, has been replaced, and the new one can be read."""
    for component in live.stated_secrets:
        found = live.secrets.get(component, {})
        rotated = found.get("LastRotatedDate")
        if rotated is None or datetime.now(UTC) - rotated > timedelta(
            days=found["RotationRules"]["AutomaticallyAfterDays"]
        ):
            yield f"{component}: last rotated {rotated}"
            continue
        value = live.client("secretsmanager").get_secret_value(SecretId=found["ARN"])
        if not json.loads(value["SecretString"]):
            yield f"{component}: its value is empty"


@check("G.7.3", "G.3.3", about="secrets")
def rotation_functions_reach_their_secret_only(live: Live) -> Problems:
    """The role of a rotation function reaches its own secret only, and only Secrets Manager may call the function."""
    others = {component: found["ARN"] for component, found in live.secrets.items()}
    for component in live.stated_secrets:
        function = live.functions[f"{component}-rotation"]
        for statement in live.role_policies(function["Role"]):
            named = {str(resource) for resource in listed(statement.get("Resource", []))}
            foreign = [name for name, arn in others.items() if name != component and arn in named]
            yield from differs(f"{component}: other secrets that its function reaches", foreign, [])
        answer = live.client("lambda").get_policy(FunctionName=function["FunctionName"])
        for statement in json.loads(answer["Policy"])["Statement"]:
            yield from differs(
                f"{component}: who may call its function",
                statement["Principal"],
                {"Service": "secretsmanager.amazonaws.com"},
            )
            source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")
            yield from differs(f"{component}: for which secret", source, others.get(component))
