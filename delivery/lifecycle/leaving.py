"""After a destroy: what AWS still has of the environment, and what it keeps by design."""

from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError

# What AWS keeps of a kind that was destroyed: API_ScheduleKeyDeletion of KMS, API_DeregisterTaskDefinition of ECS.
KEPT = {
    "aws_kms_key": "KMS keys: pending deletion for the days that the settings say, 7 at the least",
    "aws_ecs_task_definition": "revisions of task definitions: INACTIVE, until AWS removes them",
}
STATE = "versions of the state: as long as the state bucket keeps them"


def find_left(deployment: Deployment) -> Outcome:
    """StepFailedError naming everything of this suffix and platform that AWS still lists."""
    from delivery.sweep.finding import find_environment
    from delivery.sweep.names import known_platforms

    platforms = [each for each in known_platforms() if each.name == deployment.platform]
    left = find_environment(deployment.environment, deployment.region, deployment.suffix, platforms)
    if left:
        listed = [f"  {belonging}" for belonging in left]
        mend = f"paygate sweep --suffix {deployment.suffix} --platform {deployment.platform} --yes deletes them"
        raise StepFailedError("\n".join(["AWS still has of this environment:", *listed, mend]))
    stack = deployment.terraform.workspace.config().get("resource", {})
    kept = [reason for kind, reason in KEPT.items() if kind in stack]
    return Outcome("nothing", ("AWS keeps by design:", *(f"  {reason}" for reason in (*kept, STATE))))
