"""The most that the CI role can ever do, whatever policy it has: services of the platforms, no way to more rights.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html (2026-11-26)
"""

from infra.bootstrap.grants.identity import PASSED_TO, ROLES
from infra.bootstrap.reach import actions
from infra.policy import Statement, allow

SERVICES = (
    "acm", "application-autoscaling", "cloudwatch", "ec2", "ecr", "ecs", "elasticloadbalancing", "events", "kms",
    "lambda", "logs", "route53", "s3", "secretsmanager", "servicediscovery",
)  # fmt: skip
KEEP_BUCKET = (
    "GetBucketLocation GetBucketPolicy GetBucketVersioning GetEncryptionConfiguration ListBucket ListBucketVersions"
)
KEEP_OBJECTS = "DeleteObject GetObject GetObjectVersion PutObject"
USE_KEY = "Decrypt DescribeKey Encrypt GenerateDataKey"


def deny(sid: str, resources: list[str], **what: object) -> Statement:
    """A Deny statement; `what` is Action or NotAction, and Condition."""
    return {"Sid": sid, "Effect": "Deny", "Resource": resources, **what}


def statements(own: list[str], bucket_arn: str, key_arn: str, own_state: str) -> list[Statement]:
    """own: ARNs of the role, its policies and the identity provider; own_state: the object of this stack's state."""
    roles = [*actions("iam", f"{ROLES} CreateServiceLinkedRole PassRole"), "sts:GetCallerIdentity"]
    elsewhere = {"StringNotEqualsIfExists": {"iam:PassedToService": sorted(set(PASSED_TO.values()))}}
    return [
        allow("ServicesOfThePlatforms", [f"{service}:*" for service in SERVICES], ["*"]),
        allow("RolesOfTheStacks", roles, ["*"]),
        deny("KeepThisRole", own, Action="iam:*"),
        deny("PassToTheseServicesOnly", ["*"], Action="iam:PassRole", Condition=elsewhere),
        deny("KeepTheStateBucket", [bucket_arn], NotAction=actions("s3", KEEP_BUCKET)),
        deny("KeepTheVersions", [f"{bucket_arn}/*"], NotAction=actions("s3", KEEP_OBJECTS)),
        deny("KeepThisState", [f"{bucket_arn}/{own_state}*"], Action="s3:*"),
        deny("KeepTheStateKey", [key_arn], NotAction=actions("kms", USE_KEY)),
    ]
