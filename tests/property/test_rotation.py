"""The rotation function, repeated, reordered and ended at every call it makes; and broken ones that are found out."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.lambdas.rotation.configuration import Configuration
from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.request import read_request
from infra.lambdas.rotation.secret import CURRENT, PENDING, Secret, parsed
from infra.lambdas.rotation.steps import STEPS, Step, take_step
from infra.lambdas.rotation.target import Target, Value
from tests.property.rotations import Rotations, Run
from tests.unit.infra.lambdas.targets import Api, Database

SOUND = settings(max_examples=150, stateful_step_count=30, suppress_health_check=list(HealthCheck))
BROKEN = settings(SOUND, max_examples=500, phases=[Phase.generate], derandomize=True, database=None)


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("clears_pending", [False, True], ids=["label-stays", "label-goes"])
@pytest.mark.parametrize("target", [Database, Api])
def test_rotation_survives_whatever_happens_between_its_calls(
    target: type[Database | Api], clears_pending: bool
) -> None:
    run_state_machine_as_test(lambda: Rotations(target(), clears_pending, STEPS), settings=SOUND)


def store(secret: Secret, value: Value, **stages: Any) -> str:
    """PutSecretValue as it comes, without what makes it safe to repeat."""
    secret._client.put_secret_value(SecretId=secret.arn, SecretString=json.dumps(value), **stages)
    return "stored"


def value_of(secret: Secret, version: str) -> Value:
    value = parsed(secret.text_of(version))
    if value is None:
        raise RotationError("no value")
    return value


def create_anew_each_time(secret: Secret, target: Target, new: str, current: str) -> str:
    value = target.renew(value_of(secret, current))
    return store(secret, value, ClientRequestToken=new, VersionStages=[PENDING])


def create_as_another_version(secret: Secret, target: Target, new: str, current: str) -> str:
    value = target.renew(value_of(secret, current))
    return store(secret, value, ClientRequestToken=f"{new[:-1]}f", VersionStages=[PENDING])


def create_as_current(secret: Secret, target: Target, new: str, current: str) -> str:
    if secret.text_of(new) is None:
        store(secret, target.renew(value_of(secret, current)), ClientRequestToken=new)
    return "stored"


def create_without_the_rest_of_the_value(secret: Secret, target: Target, new: str, _current: str) -> str:
    if secret.text_of(new) is None:
        store(secret, target.renew({}), ClientRequestToken=new, VersionStages=[PENDING])
    return "stored"


def create_after_telling_the_target(secret: Secret, target: Target, new: str, current: str) -> str:
    if secret.text_of(new) is not None:
        return STEPS["createSecret"](secret, target, new, current)
    value = target.renew(value_of(secret, current))
    target.set(secret.admin(), value)
    return store(secret, value, ClientRequestToken=new, VersionStages=[PENDING])


def create_for_good(secret: Secret, target: Target, new: str, current: str) -> str:
    if secret.text_of(new) is None:
        store(secret, target.renew(value_of(secret, current)), ClientRequestToken=new, VersionStages=[PENDING])
    return "stored"


def set_what_is_stored_nowhere(secret: Secret, target: Target, new: str, _current: str) -> str:
    target.set(secret.admin(), target.renew(value_of(secret, new)))
    return "set"


def finish_without_moving(_secret: Secret, _target: Target, _new: str, _current: str) -> str:
    return "finished"


def finish_without_proof(secret: Secret, _target: Target, new: str, current: str) -> str:
    value_of(secret, new)
    secret.make_current(new, instead_of=current)
    secret.drop_pending(new)
    return "finished"


def finish_and_leave_the_label(secret: Secret, target: Target, new: str, current: str) -> str:
    target.test(value_of(secret, new))
    secret.make_current(new, instead_of=current)
    return "finished"


def function_that_takes_any_version(
    event: object, configured: Callable[[], Configuration], connected: Callable[[], Any], steps: Mapping[str, Step]
) -> None:
    """Without the check that the version is the one to come: a late step of an older rotation is taken."""
    configuration = configured()
    request = read_request(event, configuration.secret_arn)
    secret = Secret(connected(), configuration.secret_arn, configuration.admin_secret_arn)
    failed = False
    try:
        current = next(version for version, labels in secret.stages().items() if CURRENT in labels)
        steps[request.step](secret, configuration.target, request.token, current)
    except Exception:
        failed = True
    if failed:
        raise RotationError("the step was not finished")


def function_that_tells_causes(
    event: object, configured: Callable[[], Configuration], connected: Callable[[], Any], steps: Mapping[str, Step]
) -> None:
    """Without the net: whatever went wrong hangs on what is raised, with its text."""
    configuration = configured()
    secret = Secret(connected(), configuration.secret_arn, configuration.admin_secret_arn)
    try:
        take_step(read_request(event, configuration.secret_arn), secret, configuration.target, steps)
    except Exception as error:
        raise RotationError("the step was not finished") from error


BROKEN_STEPS: tuple[tuple[str, Step, str], ...] = (
    ("createSecret", create_anew_each_time, "a_rotation_goes_through"),
    ("createSecret", create_as_another_version, "a_rotation_goes_through"),
    ("createSecret", create_as_current, "_proven_before_it_became_current"),
    ("createSecret", create_without_the_rest_of_the_value, "the_current_value_can_be_read"),
    ("createSecret", create_after_telling_the_target, "the_current_credential_works"),
    ("createSecret", create_for_good, "a_rotation_goes_through"),
    ("setSecret", set_what_is_stored_nowhere, "a_rotation_goes_through"),
    ("finishSecret", finish_without_moving, "a_rotation_goes_through"),
    ("finishSecret", finish_without_proof, "_proven_before_it_became_current"),
    ("finishSecret", finish_and_leave_the_label, "a_rotation_goes_through"),
)
BROKEN_FUNCTIONS = (
    (function_that_takes_any_version, "the_current_credential_works"),
    (function_that_tells_causes, "_holds_no_secret"),
)


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(("name", "step", "where"), BROKEN_STEPS, ids=[step.__name__ for _, step, _ in BROKEN_STEPS])
def test_a_broken_step_is_found_out(name: str, step: Step, where: str) -> None:
    broken = {**STEPS, name: step}

    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(lambda: Rotations(Database(), False, broken), settings=BROKEN)

    assert where in [entry.name for entry in found.traceback]


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(("function", "where"), BROKEN_FUNCTIONS, ids=[each.__name__ for each, _ in BROKEN_FUNCTIONS])
def test_a_broken_function_is_found_out(function: Run, where: str) -> None:
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(lambda: Rotations(Database(), False, STEPS, function), settings=BROKEN)

    assert where in [entry.name for entry in found.traceback]
