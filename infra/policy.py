"""IAM policy documents as JSON strings: statements name their actions and resources, trust names its source."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from infra.literal import literal
from infra.settings.model import Permission

Statement = dict[str, Any]


def document(statements: Iterable[Statement]) -> str:
    """A policy document; the JSON is stable, because Terraform compares it as text in some places."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(sid: str, actions: Iterable[str], resources: Iterable[str], **more: Any) -> Statement:
    """An Allow statement for an identity policy; `more` adds Principal or Condition."""
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources), **more}


def granted(permissions: Iterable[Permission]) -> list[Statement]:
    """What the settings grant to a task role, one statement per permission."""
    return [
        allow(f"Granted{number}", permission.actions, map(literal, permission.resources))
        for number, permission in enumerate(permissions, start=1)
    ]


def pull_images(repository_arns: Iterable[str]) -> list[Statement]:
    """Pull from these repositories. GetAuthorizationToken supports no resource-level permission.

    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html (2026-11-22)
    """
    return [
        allow("AuthorizeToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
        allow(
            "PullImages",
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            repository_arns,
        ),
    ]


def write_logs(log_group_arns: Iterable[str]) -> Statement:
    """Write to the streams of these groups (the stream part of a log ARN follows the second-last colon)."""
    return allow(
        "WriteLogs",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        [f"{arn}:log-stream:*" for arn in log_group_arns],
    )


def read_secrets(secret_arns: Iterable[str], key_arn: str) -> list[Statement]:
    """Read these secrets, and decrypt them with their key.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html (2026-11-26)
    """
    return [
        allow("ReadSecrets", ["secretsmanager:GetSecretValue"], secret_arns),
        allow("DecryptSecrets", ["kms:Decrypt"], [key_arn]),
    ]


def trust(service_principal: str, account_id: str, source_arn: str) -> str:
    """A trust policy for one AWS service, acting only for this account's resources (no confused deputy).

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (2026-11-22)
    """
    statement: Mapping[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service_principal},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": source_arn},
        },
    }
    return document([dict(statement)])
