"""The roles of the stacks, who may be given them, and the state of the stacks."""

from infra.bootstrap.reach import Reach, actions
from infra.policy import Statement, allow

ROLES = (
    "CreateRole DeleteRole DeleteRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole "
    "ListRolePolicies ListRoleTags PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole "
    "UpdateRoleDescription"
)
# First part of a role's name -> the one service that it may be passed to.
PASSED_TO = {
    "execution-role": "ecs-tasks.amazonaws.com",
    "task-role": "ecs-tasks.amazonaws.com",
    "infrastructure-role": "ecs.amazonaws.com",
    "hook-role": "ecs.amazonaws.com",
    "function-role": "lambda.amazonaws.com",
    "flow-log-role": "vpc-flow-logs.amazonaws.com",
}
# Roles that AWS services make for themselves, once per account: service -> name.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html (2026-11-26)
OF_SERVICES = {
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
}


def statements(reach: Reach, bucket_arn: str, key_arn: str) -> list[Statement]:
    """Inline policies only: attaching a managed policy (AdministratorAccess) is not among the actions."""
    passing = [
        allow(
            f"Pass{''.join(word.title() for word in service.split('.')[0].split('-'))}",
            ["iam:PassRole"],
            reach.roles(*(prefix for prefix, of in PASSED_TO.items() if of == service)),
            Condition={"StringEquals": {"iam:PassedToService": service}},
        )
        for service in dict.fromkeys(PASSED_TO.values())
    ]
    linked = [
        reach.everywhere("iam", f"role/aws-service-role/{service}/{name}", reach.account_id)
        for service, name in OF_SERVICES.items()
    ]
    service_linked = {"StringEquals": {"iam:AWSServiceName": list(OF_SERVICES)}}
    return [
        allow("Roles", actions("iam", ROLES), reach.roles(*PASSED_TO)),
        *passing,
        allow("RolesOfServices", ["iam:CreateServiceLinkedRole"], linked, Condition=service_linked),
        *_state(reach, bucket_arn, key_arn),
    ]


def _state(reach: Reach, bucket_arn: str, key_arn: str) -> list[Statement]:
    """Read and write; delete locks and owners only. A state that is written over stays as a version of its object.

    Source: https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required (2026-11-26)
    """
    stacks = reach.suffixed("*-{suffix}")
    given_back = ("terraform.tfstate.tflock", "owner.json")
    return [
        allow("FindState", ["s3:ListBucket"], [bucket_arn]),
        allow("WriteState", ["s3:GetObject", "s3:PutObject"], [f"{bucket_arn}/{stack}/*" for stack in stacks]),
        allow(
            "GiveBack", ["s3:DeleteObject"], [f"{bucket_arn}/{stack}/{name}" for stack in stacks for name in given_back]
        ),
        allow("UseStateKey", actions("kms", "Decrypt GenerateDataKey"), [key_arn]),
    ]
