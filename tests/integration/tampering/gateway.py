"""Changes of what only the gateway has: repositories, secrets, names of services."""

import json
from typing import Any

from tests.integration.tampering.change import GATEWAY, Change, Target, Undo, unknown

REPOSITORY = "aws_ecr_repository.api-gateway"
LIFECYCLE = "aws_ecr_lifecycle_policy.api-gateway"
SECRET, ROTATION = (
    "aws_secretsmanager_secret.fraud-detector-database",
    "aws_secretsmanager_secret_rotation.fraud-detector-database",
)
NAMED = "aws_service_discovery_service.fraud-detector"
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
            "suffix-tag",
            "service-tag",
        ),
    ),
)
