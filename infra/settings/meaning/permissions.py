"""Are the permissions of the tasks explicit? Clauses P.7.3 and P.7.4."""

import json
import re
from collections.abc import Iterator

from infra.settings.errors import KeyPath
from infra.settings.meaning.subject import Subject, check
from infra.settings.model import Permission, Service
from infra.settings.problem import Problem

ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
# arn:partition:service:region:account:resource, without wildcards before the resource.
ARN = re.compile(r"arn:aws(-[a-z]+)*:(?P<service>[a-z0-9-]+):[a-z0-9-]*:([0-9]{12}|aws)?:(?P<resource>\S+)")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11-22)
LARGEST_ROLE_POLICY_CHARACTERS = 10_240


def actions_are_spelled_out(subject: Subject) -> Iterator[Problem]:
    for path, permission in _permissions(subject):
        for index, action in enumerate(permission.actions):
            if not ACTION.fullmatch(action):
                yield Problem(
                    (*path, "actions", index),
                    "is not one action",
                    action,
                    "service:Action without wildcards, such as dynamodb:GetItem",
                    "list the actions that the code uses",
                )


def resources_are_named(subject: Subject) -> Iterator[Problem]:
    for path, permission in _permissions(subject):
        for index, resource in enumerate(permission.resources):
            if not names_a_resource(resource):
                yield Problem(
                    (*path, "resources", index),
                    "does not name a resource",
                    resource,
                    "an ARN whose resource name starts without a wildcard",
                    "write the ARN of the resource; a wildcard may only follow its name",
                )


def names_a_resource(arn: str) -> bool:
    """Whether a wildcard, if there is one, comes after the beginning of the resource's own name.

    arn:aws:s3:::bucket/* and ...:secret:name-?????? do, `*`, ...:table/* and arn:aws:s3:::* do not.
    """
    match = ARN.fullmatch(arn)
    if not match:
        return False
    parts = re.split("[/:]", match["resource"])
    has_type = len(parts) > 1 and match["service"] != "s3"
    leading = parts[:2] if has_type else parts[:1]
    return all(part and part[0] not in "*?" for part in leading) and not (has_type and re.search("[*?]", parts[0]))


def policies_fit_into_a_role(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        size = _policy_characters(service)
        if size > LARGEST_ROLE_POLICY_CHARACTERS:
            yield Problem(
                ("services", service.name, "task_permissions"),
                "is too long for a role",
                f"{size} characters",
                f"{LARGEST_ROLE_POLICY_CHARACTERS} characters as JSON",
                "split the service, or name fewer actions and resources",
            )


def _policy_characters(service: Service) -> int:
    statements = [
        {"Sid": "Granted00", "Effect": "Allow", "Action": list(grant.actions), "Resource": list(grant.resources)}
        for grant in service.task_permissions
    ]
    return len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))


def _permissions(subject: Subject) -> Iterator[tuple[KeyPath, Permission]]:
    for service in subject.settings.services:
        for index, permission in enumerate(service.task_permissions):
            yield ("services", service.name, "task_permissions", index), permission


CHECKS = (
    check(actions_are_spelled_out, fields="task_permissions"),
    check(resources_are_named, fields="task_permissions"),
    check(policies_fit_into_a_role, fields="task_permissions"),
)
