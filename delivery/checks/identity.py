"""What the roles of each service may do."""

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Answer, Live, listed

PULL = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
AUTHORIZE = "ecr:GetAuthorizationToken"  # supports no resource-level permission
READ_SECRETS = {"secretsmanager:GetSecretValue", "kms:Decrypt"}
WRITE_LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}


@check("P.7.1", "P.7.2", "G.3.3")
def execution_roles_pull_and_log(live: Live) -> Problems:
    """Each execution role may pull the image of its service and write to its log group."""
    for service, found in live.task_definitions.items():
        granted = {
            action
            for statement in live.role_policies(found["executionRoleArn"])
            if statement["Effect"] == "Allow"
            for action in listed(statement["Action"])
        }
        reads = READ_SECRETS if _secrets_of(live, service) else set()
        expected = PULL | WRITE_LOGS | reads | {AUTHORIZE}
        yield from differs(f"{service}: actions of the execution role", granted, expected)


@check("P.7.3", "G.3.3")
def roles_are_not_shared(live: Live) -> Problems:
    """Each service has an execution role and a task role of its own, for ECS tasks of this account only."""
    roles = [found[key] for found in live.task_definitions.values() for key in ("executionRoleArn", "taskRoleArn")]
    yield from differs("different roles", len(set(roles)), len(roles))
    for arn in roles:
        role = live.client("iam").get_role(RoleName=arn.rsplit("/", 1)[-1])["Role"]
        for statement in listed(role["AssumeRolePolicyDocument"]["Statement"]):
            yield from differs(
                f"{arn}: who may assume it", statement["Principal"], {"Service": "ecs-tasks.amazonaws.com"}
            )
            account = statement.get("Condition", {}).get("StringEquals", {}).get("aws:SourceAccount")
            yield from differs(f"{arn}: for which account", account, arn.split(":")[4])


@check("P.7.3", "P.7.4", "G.3.3")
def policies_name_their_resources(live: Live) -> Problems:
    """Every statement names full ARNs of the service's own repository, log group and secrets, without wildcards."""
    for service, found in live.task_definitions.items():
        repository = found["containerDefinitions"][0]["image"].partition("/")[2].replace("@", ":", 1).partition(":")[0]
        own = (f":repository/{repository}", f":log-group:{live.name('log-group', service)}:log-stream:*")
        own += tuple(arn for secret in _secrets_of(live, service) for arn in (secret["ARN"], secret["KmsKeyId"]))
        for key in ("executionRoleArn", "taskRoleArn"):
            for statement in live.role_policies(found[key]):
                yield from _too_wide(service, statement, own)


def _too_wide(service: str, statement: dict[str, object], own: tuple[str, ...]) -> Problems:
    actions, resources = listed(statement["Action"]), listed(statement["Resource"])
    yield from (f"{service}: action {action} has a wildcard" for action in actions if "*" in str(action))
    for resource in resources:
        if resource == "*":
            yield from differs(f"{service}: actions on *", actions, [AUTHORIZE])
        elif not str(resource).endswith(own):
            yield f"{service}: {resource} is neither its repository, nor its log group, nor one of its secrets"


def _secrets_of(live: Live, service: str) -> list[Answer]:
    return [
        live.secrets[component]
        for component, stated in live.stated_secrets.items()
        if stated["service"] == service and component in live.secrets
    ]
