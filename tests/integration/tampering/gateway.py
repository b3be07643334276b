"""Changes of what only the gateway has: repositories, secrets and their functions, events, names."""

import json
from typing import Any

from tests.integration.tampering.change import GATEWAY, Change, Target, Undo, unknown

REPOSITORY = "aws_ecr_repository.api-gateway"
LIFECYCLE = "aws_ecr_lifecycle_policy.api-gateway"
SECRET, ROTATION = (
    "aws_secretsmanager_secret.fraud-detector-database",
    "aws_secretsmanager_secret_rotation.fraud-detector-database",
)
FUNCTION = "aws_lambda_function.fraud-detector-database-rotation"
RULE, NAMED = "aws_cloudwatch_event_rule.redeployment", "aws_service_discovery_service.fraud-detector"
OTHERS = {"AWS": "arn:aws:iam::210987654321:root"}


def _policy(*actions: str, principal: Any, **more: Any) -> str:
    statement = {"Sid": "More", "Effect": "Allow", "Principal": principal, "Action": list(actions), **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def scan_off(target: Target) -> Undo:
    ecr, name = target.client("ecr"), target[REPOSITORY]["name"]

    def put(value: bool) -> None:
        ecr.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration={"scanOnPush": value})

    put(False)
    return lambda: put(True)


def tags_mutable(target: Target) -> Undo:
    ecr, name = target.client("ecr"), target[REPOSITORY]["name"]

    def put(value: str) -> None:
        ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability=value)

    put("MUTABLE")
    return lambda: put("IMMUTABLE")


def repository_shared(target: Target) -> Undo:
    ecr, name = target.client("ecr"), target[REPOSITORY]["name"]
    ecr.set_repository_policy(repositoryName=name, policyText=_policy("ecr:PutImage", principal=OTHERS))
    return lambda: ecr.delete_repository_policy(repositoryName=name)


def lifecycle_deleted(target: Target) -> Undo:
    ecr, values = target.client("ecr"), target[LIFECYCLE]
    ecr.delete_lifecycle_policy(repositoryName=values["repository"])
    return lambda: ecr.put_lifecycle_policy(repositoryName=values["repository"], lifecyclePolicyText=values["policy"])


def rotation_cancelled(target: Target) -> Undo:
    client, values = target.client("secretsmanager"), target[ROTATION]
    client.cancel_rotate_secret(SecretId=values["secret_id"])
    return lambda: _rotated_every(target, 30)


def _rotated_every(target: Target, days: int) -> None:
    values = target[ROTATION]
    target.client("secretsmanager").rotate_secret(
        SecretId=values["secret_id"],
        RotationLambdaARN=values["rotation_lambda_arn"],
        RotationRules={"AutomaticallyAfterDays": days},
        RotateImmediately=False,
    )


def rotated_rarely(target: Target) -> Undo:
    _rotated_every(target, 365)
    return lambda: _rotated_every(target, 30)


def secret_shared(target: Target) -> Undo:
    client, secret = target.client("secretsmanager"), target.id(SECRET)
    policy = _policy("secretsmanager:GetSecretValue", principal=OTHERS, Resource="*")
    client.put_resource_policy(SecretId=secret, ResourcePolicy=policy)
    return lambda: client.delete_resource_policy(SecretId=secret)


def event_rule_off(target: Target) -> Undo:
    events, name = target.client("events"), target[RULE]["name"]
    events.disable_rule(Name=name)
    return lambda: events.enable_rule(Name=name)


def event_target_added(target: Target) -> Undo:
    events, name = target.client("events"), target[RULE]["name"]
    events.put_targets(Rule=name, Targets=[{"Id": "more", "Arn": "arn:aws:sqs:us-east-1:210987654321:more"}])
    return lambda: events.remove_targets(Rule=name, Ids=["more"])


def caller_added(target: Target) -> Undo:
    events, function = target.client("events"), target[FUNCTION]["arn"]
    events.put_rule(Name="more", ScheduleExpression="rate(1 minute)", State="ENABLED")
    events.put_targets(Rule="more", Targets=[{"Id": "more", "Arn": function}])

    def undo() -> None:
        events.remove_targets(Rule="more", Ids=["more"])
        events.delete_rule(Name="more")

    return undo


def permission_added(target: Target) -> Undo:
    client, name = target.client("lambda"), target[FUNCTION]["function_name"]
    client.add_permission(FunctionName=name, StatementId="more", Action="lambda:InvokeFunction", Principal="*")
    return lambda: client.remove_permission(FunctionName=name, StatementId="more")


def url_made(target: Target) -> Undo:
    client, name = target.client("lambda"), target[FUNCTION]["function_name"]
    client.create_function_url_config(FunctionName=name, AuthType="NONE")
    return lambda: client.delete_function_url_config(FunctionName=name)


def configured(**changed: Any) -> Any:
    def make(target: Target) -> Undo:
        client, name = target.client("lambda"), target[FUNCTION]["function_name"]
        before = client.get_function_configuration(FunctionName=name)
        new = {key: value(before.get(key)) for key, value in changed.items()}
        client.update_function_configuration(FunctionName=name, **new)
        kept = {key: _taken(key, before.get(key)) for key in changed}
        return lambda: client.update_function_configuration(FunctionName=name, **kept)

    return make


def _taken(key: str, value: Any) -> Any:
    """What UpdateFunctionConfiguration takes of what GetFunctionConfiguration says."""
    return {part: value[part] for part in ("SubnetIds", "SecurityGroupIds")} if key == "VpcConfig" else value


def concurrency_off(target: Target) -> Undo:
    client, name = target.client("lambda"), target[FUNCTION]["function_name"]
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    return lambda: client.delete_function_concurrency(FunctionName=name)


def instance_registered(target: Target) -> Undo:
    discovery, service = target.client("servicediscovery"), target.id(NAMED)
    attributes = {"AWS_INSTANCE_IPV4": "10.30.250.250"}
    discovery.register_instance(ServiceId=service, InstanceId="more", Attributes=attributes)
    return lambda: discovery.deregister_instance(ServiceId=service, InstanceId="more")


def name_added(target: Target) -> Undo:
    discovery = target.client("servicediscovery")
    namespace = target.id("aws_service_discovery_private_dns_namespace.main")
    records = {"NamespaceId": namespace, "DnsRecords": [{"Type": "A", "TTL": 10}]}
    made = discovery.create_service(Name="more", NamespaceId=namespace, DnsConfig=records)["Service"]["Id"]
    return lambda: discovery.delete_service(Id=made)


def owner_changed(target: Target) -> Undo:
    ecr, values = target.client("ecr"), target[REPOSITORY]

    def put(owner: str) -> None:
        ecr.tag_resource(resourceArn=values["arn"], tags=[{"Key": "Service", "Value": owner}])

    put("fraud-detector")
    return lambda: put(values["tags_all"]["Service"])


WITH_PASSWORD = {"DATABASE_PASSWORD": "correct-horse-battery-staple"}
CHANGES = (
    Change(GATEWAY, "scan on push switched off", scan_off, "scan-on-push", REPOSITORY),
    Change(GATEWAY, "tags of images made mutable", tags_mutable, "repository-immutable-tags", REPOSITORY),
    Change(
        GATEWAY,
        "another account let push images",
        repository_shared,
        "own-account-principals",
        unknown("aws_ecr_repository_policy"),
        also=("known-kinds",),
    ),
    Change(
        GATEWAY, "the lifecycle policy of a repository deleted", lifecycle_deleted, "repository-lifecycle", REPOSITORY
    ),
    Change(GATEWAY, "a repository given to another owner", owner_changed, "service-tag", REPOSITORY),
    Change(GATEWAY, "a rotation cancelled", rotation_cancelled, "secret-rotation", ROTATION),
    Change(GATEWAY, "a secret rotated once a year", rotated_rarely, "secret-rotation", ROTATION),
    Change(
        GATEWAY,
        "another account let read a secret",
        secret_shared,
        "own-account-principals",
        SECRET,
        also=("secret-readers",),
    ),
    Change(GATEWAY, "the event rule of the redeployment disabled", event_rule_off, "redeploy-on-rotation", RULE),
    Change(
        GATEWAY,
        "events sent to another account, too",
        event_target_added,
        "redeploy-on-rotation",
        unknown("aws_cloudwatch_event_target"),
    ),
    Change(
        GATEWAY,
        "a rotation function called every minute by another rule",
        caller_added,
        "redeploy-on-rotation",
        unknown("aws_cloudwatch_event_rule"),
        also=(
            "name-pattern",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
    Change(
        GATEWAY,
        "anybody let call a rotation function",
        permission_added,
        "function-invokers",
        unknown("aws_lambda_permission"),
        also=("wildcard-principals",),
    ),
    Change(
        GATEWAY,
        "a rotation function with an address on the internet",
        url_made,
        "function-invokers",
        unknown("aws_lambda_function_url"),
        also=(
            "known-kinds",
            "one-door",
        ),
    ),
    Change(
        GATEWAY,
        "a password in the environment of a function",
        configured(Environment=lambda before: {"Variables": {**(before or {}).get("Variables", {}), **WITH_PASSWORD}}),
        "function-environment",
        FUNCTION,
        also=("no-credentials",),
    ),
    Change(
        GATEWAY,
        "a function taken out of the VPC",
        configured(VpcConfig=lambda _before: {"SubnetIds": [], "SecurityGroupIds": []}),
        "function-in-private-subnets",
        FUNCTION,
        also=(
            "rotation-function-reach",
            "security-group-rules",
        ),
    ),
    Change(GATEWAY, "a rotation function switched off", concurrency_off, "function-invokers", FUNCTION),
    Change(
        GATEWAY,
        "an address registered under the name of a service",
        instance_registered,
        "known-kinds",
        unknown("aws_service_discovery_instance"),
    ),
    Change(
        GATEWAY,
        "a name added to the namespace",
        name_added,
        "callees-registered",
        unknown("aws_service_discovery_service"),
        also=(
            "destroyable",
            "name-pattern",
            "name-suffix",
            "required-tags",
            "service-tag",
        ),
    ),
)
