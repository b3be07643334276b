"""The Secrets Manager of the other tests keeps to the rules of the API reference, as far as a rotation needs them.

These tests hold the model to what is written there (checked 2026-11-26); they say nothing about AWS itself.
"""

import inspect

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.session import Session

from tests.unit.infra.lambdas.ecs import Ecs
from tests.unit.infra.lambdas.secrets_manager import (
    ARN,
    CURRENT,
    FIRST,
    FIRST_VERSION,
    PENDING,
    PREVIOUS,
    SecretsManager,
)

NEW, NEXT = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"


@pytest.fixture
def aws() -> SecretsManager:
    return SecretsManager("first", "admin")


def put(aws: SecretsManager, token: str, value: str, *labels: str) -> None:
    aws.put_secret_value(SecretId=ARN, ClientRequestToken=token, SecretString=value, VersionStages=list(labels) or None)


def move(aws: SecretsManager, label: str, to: str | None = None, off: str | None = None) -> None:
    aws.update_secret_version_stage(SecretId=ARN, VersionStage=label, MoveToVersionId=to, RemoveFromVersionId=off)


def refused(code: str) -> "pytest.RaisesExc[ClientError]":
    return pytest.raises(ClientError, match=rf"\({code}\)")


def test_a_rotation_starts_with_a_version_that_has_a_label_and_no_value(aws: SecretsManager) -> None:
    aws.start_rotation(NEW)

    assert aws.describe_secret(SecretId=ARN)["VersionIdsToStages"] == {FIRST_VERSION: [CURRENT, FIRST], NEW: [PENDING]}
    with refused("ResourceNotFoundException"):
        aws.get_secret_value(SecretId=ARN, VersionId=NEW)
    with refused("ResourceNotFoundException"):
        aws.get_secret_value(SecretId=ARN, VersionStage=PENDING)


def test_without_a_version_the_current_one_is_read_and_a_label_must_be_that_of_the_version(aws: SecretsManager) -> None:
    put(aws, NEW, "new", PENDING)

    assert aws.get_secret_value(SecretId=ARN)["SecretString"] == "first"
    assert aws.get_secret_value(SecretId=ARN, VersionStage=PENDING)["SecretString"] == "new"
    assert aws.get_secret_value(SecretId=ARN, VersionId=NEW)["SecretString"] == "new"
    with refused("ResourceNotFoundException"):
        aws.get_secret_value(SecretId=ARN, VersionId=NEW, VersionStage=CURRENT)


def test_a_value_is_stored_once(aws: SecretsManager) -> None:
    put(aws, NEW, "new", PENDING)
    put(aws, NEXT, "next", PENDING)
    put(aws, NEW, "new", PENDING)
    assert aws.holder_of(PENDING) == NEXT

    with refused("ResourceExistsException"):
        put(aws, NEW, "other", PENDING)


def test_a_value_without_labels_becomes_current(aws: SecretsManager) -> None:
    put(aws, NEW, "new")

    assert aws.versions[NEW].labels == {CURRENT}
    assert aws.versions[FIRST_VERSION].labels == {PREVIOUS, FIRST}


def test_the_first_value_becomes_current_whatever_its_labels(aws: SecretsManager) -> None:
    aws.versions.clear()
    put(aws, NEW, "new", PENDING)

    assert aws.versions[NEW].labels == {CURRENT, PENDING}


@pytest.mark.parametrize("clears_pending", [False, True])
def test_moving_the_current_label_moves_the_previous_one_behind_it(clears_pending: bool) -> None:
    aws = SecretsManager("first", "admin", clears_pending)
    put(aws, NEW, "new", PENDING)
    move(aws, CURRENT, NEW, FIRST_VERSION)

    assert aws.versions[NEW].labels == {CURRENT} | (set() if clears_pending else {PENDING})
    assert aws.versions[FIRST_VERSION].labels == {PREVIOUS, FIRST}

    move(aws, CURRENT, FIRST_VERSION, NEW)
    assert aws.versions[FIRST_VERSION].labels == {CURRENT, FIRST}
    assert aws.holder_of(PREVIOUS) == NEW


def test_a_label_is_moved_from_the_version_that_has_it(aws: SecretsManager) -> None:
    put(aws, NEW, "new", PENDING)

    for off in (None, NEW):
        with refused("InvalidParameterException"):
            move(aws, CURRENT, NEW, off)
    with refused("InvalidParameterException"):
        move(aws, PENDING, off=FIRST_VERSION)
    with refused("InvalidParameterException"):
        move(aws, CURRENT, off=FIRST_VERSION)
    with refused("ResourceNotFoundException"):
        move(aws, PENDING, NEXT, NEW)


def test_a_version_without_labels_may_go_and_one_with_a_label_stays(aws: SecretsManager) -> None:
    for token in (NEW, NEXT):
        put(aws, token, token, PENDING)
    assert aws.get_secret_value(SecretId=ARN, VersionId=NEW)["SecretString"] == NEW
    assert NEW not in aws.describe_secret(SecretId=ARN)["VersionIdsToStages"]

    aws.delete_deprecated()

    assert aws.versions.keys() == {FIRST_VERSION, NEXT}
    with refused("ResourceNotFoundException"):
        aws.get_secret_value(SecretId=ARN, VersionId=NEW)


def test_a_secret_has_twenty_labels_at_the_most(aws: SecretsManager) -> None:
    for number in range(18):
        move(aws, f"LABEL_{number}", FIRST_VERSION)
    with refused("LimitExceededException"):
        move(aws, "LABEL_18", FIRST_VERSION)


@pytest.mark.parametrize(("token", "value"), [("x" * 31, "v"), ("x" * 65, "v"), (NEW, ""), (NEW, "v" * 65537)])
def test_tokens_and_values_have_a_length(aws: SecretsManager, token: str, value: str) -> None:
    with refused("InvalidParameterException"):
        put(aws, token, value, PENDING)


@pytest.mark.parametrize(
    ("service", "model", "method"),
    [
        ("secretsmanager", SecretsManager, "describe_secret"),
        ("secretsmanager", SecretsManager, "get_secret_value"),
        ("secretsmanager", SecretsManager, "put_secret_value"),
        ("secretsmanager", SecretsManager, "update_secret_version_stage"),
        ("ecs", Ecs, "describe_services"),
        ("ecs", Ecs, "update_service"),
    ],
)
def test_methods_take_what_the_operations_of_aws_take(service: str, model: type, method: str) -> None:
    operations = Session().get_service_model(service)
    operation = next(name for name in operations.operation_names if xform_name(name) == method)
    shape = operations.operation_model(operation).input_shape
    parameters = set(inspect.signature(getattr(model, method)).parameters) - {"self"}

    assert set(shape.required_members) <= parameters <= set(shape.members)
