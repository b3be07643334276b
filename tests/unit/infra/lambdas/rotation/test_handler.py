"""The rotation function as Lambda calls it: what it refuses, what it tells, and what it never tells."""

import json
import logging
import traceback
from typing import Any

import pytest

from infra.lambdas.rotation.configuration import Configuration
from infra.lambdas.rotation.handler import handle, logger, run
from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.request import STEPS
from tests.unit.infra.lambdas.interruptions import KINDS, Interruption, Killed
from tests.unit.infra.lambdas.secrets_manager import ADMIN_ARN, ARN, FIRST_VERSION, PENDING, failed
from tests.unit.infra.lambdas.targets import ADMIN_PASSWORD, Database
from tests.unit.infra.lambdas.world import NEW, World


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(("step", "what"), [
    ("setSecret", "the target could not be given the new credential"),
    ("testSecret", "the new credential does not work"),
    ("finishSecret", "the new credential does not work"),
])  # fmt: skip
def test_a_target_that_fails_in_its_own_way_is_told_by_what_was_tried(step: str, what: str) -> None:
    class Failing(Database):
        def set(self, admin: Any, pending: Any) -> None:
            raise ValueError(f"canary {admin} {pending}")

        def test(self, pending: Any) -> None:
            raise ValueError(f"canary {pending}")

    world = World(Failing())
    world.aws.start_rotation(NEW)
    world.take("createSecret")

    with pytest.raises(RotationError, match=rf"^{what}; found ValueError \(steps.py:\d+\)$"):
        world.take(step)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("enabled", [False, None])
def test_a_secret_that_does_not_rotate_is_left_alone(enabled: bool | None) -> None:
    world = World()
    world.aws.start_rotation(NEW)
    world.aws.rotation_enabled = enabled

    with pytest.raises(RotationError, match=r"the secret does not rotate. Turn its rotation on"):
        world.take("createSecret")


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("step", STEPS)
def test_a_token_that_is_no_version_of_the_secret_is_refused(step: str) -> None:
    with pytest.raises(RotationError, match="found a version without AWSPENDING"):
        World().take(step, NEW)


@pytest.mark.clause("G.9.8", proof="test")
def test_a_secret_without_a_value_is_not_given_one_that_nobody_has_tried() -> None:
    world = World()
    world.aws.versions.clear()
    world.aws.start_rotation(NEW)

    with pytest.raises(RotationError, match=r"found 0 current versions; allowed: one. Store a first value."):
        world.take("createSecret")
    assert world.aws.versions[NEW].value is None


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("value", ["canary", "[]", "null", ""])
def test_a_current_value_that_is_no_object_is_told_and_not_shown(value: str) -> None:
    world = World()
    world.aws.versions[FIRST_VERSION].value = value
    world.aws.start_rotation(NEW)

    with pytest.raises(RotationError, match=r"^the current value cannot be replaced; found something else; ") as error:
        world.take("createSecret")
    assert "canary" not in str(error.value)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("value", ["canary", "[]"])
def test_an_admin_secret_that_is_no_object_is_told_and_not_shown(value: str) -> None:
    world = World()
    world.aws.admin_value = value
    world.aws.start_rotation(NEW)
    world.take("createSecret")

    with pytest.raises(RotationError, match=r"^the admin secret cannot be used; found something else; ") as error:
        world.take("setSecret")
    assert "canary" not in str(error.value)


def outcome_of(step: str, interruption: Interruption) -> tuple[str, list[str]]:
    """What the function raised, as text, and every secret there is; "" when it went through."""
    world = World()
    world.aws.start_rotation(NEW)
    for before in STEPS[: STEPS.index(step)]:
        world.take(before)
    interruption.quoted = f"unknown {ADMIN_PASSWORD} {world.aws.value_of(PENDING)}"
    configuration = Configuration(ARN, ADMIN_ARN, interruption.around(world.target))
    event, raised = {"Step": step, "SecretId": ARN, "ClientRequestToken": NEW}, ""
    try:
        run(event, lambda: configuration, lambda: interruption.around(world.aws))
    except RotationError as error:
        raised = f"{''.join(traceback.format_exception(error))} {error!r} {error.__cause__} {error.__context__}"
    except Killed as killed:
        raised = repr(killed)
    values = [json.loads(version.value)["credential"] for version in world.aws.versions.values() if version.value]
    return raised, ["unknown", ADMIN_PASSWORD, *values]


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("step", "calls"), [*zip(STEPS, (5, 5, 4, 7), strict=True)])
def test_no_failure_tells_a_secret(
    step: str,
    calls: int,
    after: bool,
    kind: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Each call of each step ends in an error that quotes every secret there is; nobody repeats it."""
    caplog.set_level(logging.DEBUG)
    for at in range(1, calls + 1):
        raised, secrets = outcome_of(step, Interruption(at, after, kind))
        everything = "\n".join([raised, caplog.text, *capfd.readouterr()])

        assert raised
        assert not [secret for secret in secrets if secret in everything]

    assert outcome_of(step, Interruption(calls + 1, after, kind))[0] == ""


@pytest.mark.clause("G.7.3", proof="test")
def test_each_step_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        World().rotate()

    assert [record.getMessage() for record in caplog.records] == [
        f"createSecret of version {NEW}: value made",
        f"setSecret of version {NEW}: credential set",
        f"testSecret of version {NEW}: credential works",
        f"finishSecret of version {NEW}: version is current",
    ]
    assert logger.level == logging.INFO


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    "library", ["botocore.endpoint", "botocore.parsers", "boto3.resources", "urllib3.connectionpool"]
)
def test_libraries_log_no_requests_at_any_level_of_the_function(library: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    assert not logging.getLogger(library).isEnabledFor(logging.INFO)


@pytest.mark.clause("G.9.8", proof="test")
def test_a_function_without_its_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TARGET", raising=False)
    monkeypatch.setenv("SECRET_ARN", ARN)
    monkeypatch.setenv("ADMIN_SECRET_ARN", ADMIN_ARN)

    with pytest.raises(RotationError, match="the function is not configured; found no TARGET"):
        handle({}, None)


@pytest.mark.clause("G.9.8", proof="test")
def test_an_admin_secret_that_may_not_be_read_is_told_as_that() -> None:
    world = World()
    world.aws.start_rotation(NEW)
    world.take("createSecret")

    class Denied:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.aws, name)

        def get_secret_value(self, **arguments: Any) -> dict[str, Any]:
            if arguments["SecretId"] == ADMIN_ARN:
                raise failed("AccessDeniedException", "GetSecretValue")
            return world.aws.get_secret_value(**arguments)

    with pytest.raises(RotationError, match=r"^the admin secret cannot be read; found ClientError \(AccessDenied"):
        world.take("setSecret", client=Denied())
