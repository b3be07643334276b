"""A destroy removes everything and leaves nothing behind."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import Stack, walk

# Arguments that keep a resource, or part of it, alive after a destroy.
KEEPERS = {"prevent_destroy", "enable_deletion_protection", "deletion_protection", "skip_destroy", "skip_final_backup"}


@pytest.mark.clause("P.12.1", proof="synth")
@red_when(
    add("aws_vpc/main/lifecycle", {"prevent_destroy": True}),
    change("aws_lb/public/enable_deletion_protection", True),
    add("aws_cloudwatch_log_group/payment-api/skip_destroy", True),
    add("aws_ecs_task_definition/payment-api/skip_destroy", True),
    change("aws_s3_bucket/access-logs/force_destroy", False),
    drop("aws_s3_bucket/access-logs/force_destroy"),
    drop("aws_ecs_service/payment-api/force_delete"),
    drop("aws_service_discovery_service/fraud-detection/force_destroy"),
    add("aws_iam_role/payment-api-task-role/force_detach_policies", "retain"),
    drop("aws_security_group/payment-api/revoke_rules_on_delete"),
    add("aws_s3_bucket/access-logs/object_lock_enabled", True),
)
def test_nothing_resists_a_destroy_or_outlives_it(stack: Stack) -> None:
    for path, value in walk(stack.document["resource"]):
        key = path.rpartition(".")[2]
        assert key not in KEEPERS or value is False, path
        assert "retain" not in str(value).lower() or not isinstance(value, str), path
    blocked_by_contents = {
        "aws_s3_bucket": "force_destroy",
        "aws_ecs_service": "force_delete",
        "aws_service_discovery_service": "force_destroy",
        "aws_security_group": "revoke_rules_on_delete",  # groups that name each other cannot be deleted otherwise
    }
    for kind, switch in blocked_by_contents.items():
        assert stack.all(kind)
        for name, values in stack.all(kind).items():
            assert values.get(switch) is True, f"{kind}.{name}"
            assert not values.get("object_lock_enabled")
