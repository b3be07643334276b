"""Changes of roles, keys and resource policies."""

import json
from typing import Any

from tests.integration.tampering.change import GATEWAY, PAYMENTS, Change, Target, Undo, unknown

ROLE, EXECUTION = "aws_iam_role.payment-api-task-role", "aws_iam_role_policy.payment-api-execution-role"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OTHERS = {"AWS": "arn:aws:iam::210987654321:root"}
INFRASTRUCTURE = "aws_iam_role_policy.api-gateway-infrastructure-role"
KEY = "aws_kms_key.secrets"


def statement(**changed: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **changed}


def with_statement(policy: str, added: dict[str, Any]) -> str:
    decoded = json.loads(policy)
    return json.dumps({**decoded, "Statement": [*decoded["Statement"], added]})


def attached(target: Target) -> Undo:
    iam, place = target.client("iam"), {"RoleName": target.id(ROLE), "PolicyArn": ADMINISTRATOR}
    iam.attach_role_policy(**place)
    return lambda: iam.detach_role_policy(**place)


def inline_added(target: Target) -> Undo:
    iam, place = target.client("iam"), {"RoleName": target.id(ROLE), "PolicyName": "more"}
    iam.put_role_policy(**place, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement()]}))
    return lambda: iam.delete_role_policy(**place)


def inline_widened(address: str, **added: Any) -> Any:
    def make(target: Target) -> Undo:
        iam, values = target.client("iam"), target[address]
        place = {"RoleName": values["role"], "PolicyName": values["name"]}
        iam.put_role_policy(**place, PolicyDocument=with_statement(values["policy"], statement(**added)))
        return lambda: iam.put_role_policy(**place, PolicyDocument=values["policy"])

    return make


def trust_widened(target: Target) -> Undo:
    iam, values = target.client("iam"), target[ROLE]
    wider = with_statement(
        values["assume_role_policy"], {"Effect": "Allow", "Principal": OTHERS, "Action": "sts:AssumeRole"}
    )
    iam.update_assume_role_policy(RoleName=values["name"], PolicyDocument=wider)
    return lambda: iam.update_assume_role_policy(RoleName=values["name"], PolicyDocument=values["assume_role_policy"])


def profile_made(target: Target) -> Undo:
    iam, place = target.client("iam"), {"InstanceProfileName": "more", "RoleName": target.id(ROLE)}
    iam.create_instance_profile(InstanceProfileName="more")
    iam.add_role_to_instance_profile(**place)

    def undo() -> None:
        iam.remove_role_from_instance_profile(**place)
        iam.delete_instance_profile(InstanceProfileName="more")

    return undo


def key_policy_widened(target: Target) -> Undo:
    kms, values = target.client("kms"), target[KEY]
    wider = with_statement(
        values["policy"], {"Effect": "Allow", "Principal": OTHERS, "Action": "kms:Decrypt", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=values["key_id"], PolicyName="default", Policy=wider)
    return lambda: kms.put_key_policy(KeyId=values["key_id"], PolicyName="default", Policy=values["policy"])


def key_rotation_off(target: Target) -> Undo:
    kms, key = target.client("kms"), target[KEY]["key_id"]
    kms.disable_key_rotation(KeyId=key)
    return lambda: kms.enable_key_rotation(KeyId=key)


def key_granted(target: Target) -> Undo:
    kms, key = target.client("kms"), target[KEY]["key_id"]
    made = kms.create_grant(KeyId=key, GranteePrincipal=OTHERS["AWS"], Operations=["Decrypt"])
    return lambda: kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])


CHANGES = (
    Change(
        PAYMENTS,
        "AdministratorAccess attached to a task role",
        attached,
        "attached-policies",
        unknown("aws_iam_role_policy_attachment"),
        also=("known-kinds",),
    ),
    Change(
        PAYMENTS,
        "an inline policy for everything given to a task role",
        inline_added,
        "explicit-actions",
        unknown("aws_iam_role_policy"),
        also=(
            "explicit-resource-arns",
            "name-pattern",
            "name-suffix",
            "task-role-reach",
        ),
    ),
    Change(
        PAYMENTS,
        "the execution role let read every secret",
        inline_widened(EXECUTION, Action="secretsmanager:GetSecretValue"),
        "execution-role-reach",
        EXECUTION,
        also=("explicit-resource-arns",),
    ),
    Change(
        PAYMENTS,
        "another account let assume a task role",
        trust_widened,
        "role-trust",
        ROLE,
        also=("own-account-principals",),
    ),
    Change(
        PAYMENTS,
        "a task role handed out by an instance profile",
        profile_made,
        "known-kinds",
        unknown("aws_iam_instance_profile"),
        also=(
            "name-pattern",
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "role-trust",
            "roles-per-service",
        ),
    ),
    Change(
        GATEWAY,
        "the infrastructure role let change every listener",
        inline_widened(INFRASTRUCTURE, Action="elasticloadbalancing:ModifyListener"),
        "infrastructure-role",
        INFRASTRUCTURE,
        also=("explicit-resource-arns",),
    ),
    Change(
        GATEWAY,
        "another account let decrypt with a key",
        key_policy_widened,
        "key-policy",
        KEY,
        also=(
            "own-account-principals",
            "secret-encryption",
        ),
    ),
    Change(
        GATEWAY,
        "the rotation of a key switched off",
        key_rotation_off,
        "encryption-keys",
        KEY,
        also=("secret-encryption",),
    ),
    Change(
        GATEWAY,
        "a grant on a key for another account",
        key_granted,
        "known-kinds",
        unknown("aws_kms_grant"),
        also=("name-suffix",),
    ),
)
