"""What the roles of a stack may do: their inline and attached policies, and instance profiles that hand them out.

Answers: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html (checked 2026-11-26). Roles that the
stack does not know are not its own: nothing in it says that they belong here. Service-linked roles are such.
"""

from collections.abc import Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import document, tagged
from delivery.verify.kind import Kind, by
from delivery.verify.known import Known

ROLE = "aws_iam_role"


def role_policy(answer: Answer) -> dict[str, Any]:
    role, name = answer["RoleName"], answer["PolicyName"]
    return {"id": f"{role}:{name}", "role": role, "name": name, "policy": document(answer["PolicyDocument"])}


def attachment(answer: Answer) -> dict[str, Any]:
    role, arn = answer["RoleName"], answer["PolicyArn"]
    return {"id": f"{role}/{arn}", "role": role, "policy_arn": arn}


def instance_profile(answer: Answer) -> dict[str, Any]:
    name = answer["InstanceProfileName"]
    return {"id": name, "name": name, "role": answer["RoleName"], **tagged(answer)}


def _of_roles(known: Known, ask: Ask, operation: str, key: str) -> Iterator[tuple[str, Any]]:
    for role in known.values("name", ROLE):
        yield from ((role, each) for each in ask.all("iam", operation, key, RoleName=role))


def _inline(known: Known, ask: Ask) -> Iterator[Answer]:
    for role, name in _of_roles(known, ask, "list_role_policies", "PolicyNames"):
        yield ask.one("iam", "get_role_policy", RoleName=role, PolicyName=name)


def _attached(known: Known, ask: Ask) -> Iterator[Answer]:
    for role, each in _of_roles(known, ask, "list_attached_role_policies", "AttachedPolicies"):
        yield {**each, "RoleName": role}


def _profiles(known: Known, ask: Ask) -> Iterator[Answer]:
    for role, each in _of_roles(known, ask, "list_instance_profiles_for_role", "InstanceProfiles"):
        yield {**each, "RoleName": role}


KINDS = (
    Kind("aws_iam_role_policy", _inline, role_policy, same=by("role", "name")),
    Kind("aws_iam_role_policy_attachment", _attached, attachment, same=by("role", "policy_arn")),
    Kind("aws_iam_instance_profile", _profiles, instance_profile, same=by("name")),
)
