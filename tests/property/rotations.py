"""Rotations of one secret as AWS, people and accidents may drive them, and what must hold all the time."""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from infra.lambdas.rotation.configuration import Configuration
from infra.lambdas.rotation.handler import logger, run
from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.random_text import random_text
from infra.lambdas.rotation.request import STEPS
from infra.lambdas.rotation.steps import Step
from tests.unit.infra.lambdas.interruptions import KINDS, Interruption, Killed
from tests.unit.infra.lambdas.secrets_manager import (
    ADMIN_ARN,
    ARN,
    CURRENT,
    FIRST,
    FIRST_VERSION,
    PENDING,
    PREVIOUS,
    SecretsManager,
)
from tests.unit.infra.lambdas.targets import ADMIN_PASSWORD, Database, Target

Run = Callable[[object, Callable[[], Configuration], Callable[[], Any], Mapping[str, Step]], None]
NOTE = {"note": "kept by every rotation"}

interruptions = st.builds(Interruption, at=st.integers(1, 7), after=st.booleans(), kind=st.sampled_from(KINDS))


class Heard(logging.Handler):
    """Everything that was logged, at any level, by anybody."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


class Rotations(RuleBasedStateMachine):
    """`function` and `steps` are those of the rotation function, or broken ones that must be found out."""

    def __init__(self, target: Target, clears_pending: bool, steps: Mapping[str, Step], function: Run = run) -> None:
        super().__init__()
        self.target, self.steps, self.function = target, steps, function
        first = {"place": target.place, "credential": random_text(), **NOTE}
        self.aws = SecretsManager(json.dumps(first), json.dumps({"password": ADMIN_PASSWORD}), clears_pending)
        self.tokens = [FIRST_VERSION]
        self.credentials: dict[str, str] = {FIRST_VERSION: first["credential"]}  # of every version that ever had one
        self.have_been_current = {FIRST_VERSION}
        self.rotated = self.meddled = False
        self.heard = Heard()
        logger.addHandler(self.heard)

    def teardown(self) -> None:
        logger.removeHandler(self.heard)

    # What happens.

    @rule()
    def aws_starts_a_rotation(self) -> None:
        """A rotation that is not finished is tried again; otherwise there is a new version."""
        self._start()

    @rule()
    def aws_starts_a_new_rotation_while_one_hangs(self) -> None:
        self._start_new()

    @rule(step=st.sampled_from(STEPS), age=st.integers(0, 3))
    def a_step_is_called(self, step: str, age: int) -> None:
        """In any order, as often as you like, and for rotations that are over, too."""
        self._call(step, self.tokens[-1 - min(age, len(self.tokens) - 1)], Interruption(0, False, "none"))

    @rule(step=st.sampled_from(STEPS), interruption=interruptions)
    def a_step_is_interrupted(self, step: str, interruption: Interruption) -> None:
        self._call(step, self.tokens[-1], interruption)

    @rule(steps_done=st.integers(0, 3), interruption=interruptions)
    def a_rotation_is_interrupted(self, steps_done: int, interruption: Interruption) -> None:
        """The way to the later steps, which single calls rarely find."""
        token = self._start()
        for step in STEPS[:steps_done]:
            self._call(step, token, Interruption(0, False, "none"))
        self._call(STEPS[steps_done], token, interruption)

    @rule()
    def old_versions_are_deleted(self) -> None:
        self.aws.delete_deprecated()

    @precondition(lambda self: self._hanging())
    @rule()
    def somebody_takes_the_label_off_what_hangs(self) -> None:
        self.aws.update_secret_version_stage(SecretId=ARN, VersionStage=PENDING, RemoveFromVersionId=self._hanging())

    @rule()
    def the_target_is_configured_anew(self) -> None:
        self.target.place += 1

    @precondition(lambda self: isinstance(self.target, Database))
    @rule()
    def somebody_sets_the_password_by_hand(self) -> None:
        self.target.accept("by hand")
        self.meddled = True

    @rule()
    def a_rotation_goes_through(self) -> None:
        """Undisturbed it succeeds, whatever was before; when its target has changed meanwhile, at the second start."""
        before, value_before = self.aws.holder_of(CURRENT), self.aws.value_of(CURRENT)
        hanging = self._hanging()
        stale = hanging is not None and not self._is_new_or_fits(hanging)
        token = self._start()
        if stale:
            assert self._call(STEPS[0], token) == "failed"
            token = self._start()
        assert [self._call(step, token) for step in STEPS] == ["done"] * len(STEPS)

        assert self.aws.holder_of(CURRENT) == token
        assert self.aws.holder_of(PREVIOUS) == before
        assert self.aws.holder_of(PENDING) is None
        old, new = json.loads(value_before or ""), json.loads(self.aws.value_of(CURRENT) or "")
        assert old["credential"] != new["credential"]
        assert self.target.takes(new["credential"])

    # What must hold.

    @invariant()
    def the_current_value_can_be_read(self) -> None:
        value = json.loads(self.aws.get_secret_value(SecretId=ARN)["SecretString"])
        assert value.items() >= NOTE.items()

    @invariant()
    def labels_are_where_they_belong(self) -> None:
        labels = [label for version in self.aws.versions.values() for label in version.labels]
        assert labels.count(CURRENT) == 1
        assert labels.count(PENDING) <= 1
        assert self.aws.holder_of(FIRST) == FIRST_VERSION

    @invariant()
    def the_current_credential_works(self) -> None:
        """From the first finished rotation on, with one exception: a user with one password.

        Between setSecret and finishSecret the database knows the new password only, and when the rotation ends there,
        until one is finished. Then, and only then, what works is the value of a version that was never current.
        """
        current = self.credentials[str(self.aws.holder_of(CURRENT))]
        if not self.rotated or self.target.takes(current) or self.meddled:
            return
        assert isinstance(self.target, Database)
        never_current = {self.credentials[token] for token in self.credentials.keys() - self.have_been_current}
        assert self.target.password in never_current

    @invariant()
    def nothing_secret_was_logged(self) -> None:
        self._holds_no_secret("\n".join(self.heard.texts))
        self.heard.texts.clear()

    # How it is done.

    def _start(self) -> str:
        return self._hanging() or self._start_new()

    def _start_new(self) -> str:
        token = f"{len(self.tokens):08d}-0000-4000-8000-000000000000"
        self.tokens.append(token)
        self.aws.start_rotation(token)
        return token

    def _hanging(self) -> str | None:
        token = self.aws.holder_of(PENDING)
        return None if token == self.aws.holder_of(CURRENT) else token

    def _is_new_or_fits(self, token: str) -> bool:
        value = self.aws.versions[token].value
        return value is None or self.target.fits(json.loads(value))

    def _call(self, step: str, token: str, interruption: Interruption | None = None) -> str:
        interruption = interruption or Interruption(0, False, "none")
        interruption.quoted = f"{ADMIN_PASSWORD} and {', '.join(self.credentials.values())}"
        configuration = Configuration(ARN, ADMIN_ARN, interruption.around(self.target))
        event = {"Step": step, "SecretId": ARN, "ClientRequestToken": token}
        before = self.aws.holder_of(CURRENT)
        try:
            self.function(event, lambda: configuration, lambda: interruption.around(self.aws), self.steps)
            outcome = "done"
        except Killed:
            outcome = "killed"
        except RotationError as error:
            self._holds_no_secret("".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__))
            outcome = "failed"
        self._proven_before_it_became_current(before)
        return outcome

    def _proven_before_it_became_current(self, current_before: str | None) -> None:
        """Takes note of what a call has changed."""
        for token, version in self.aws.versions.items():
            if version.value is not None:
                self.credentials[token] = json.loads(version.value)["credential"]
        current = str(self.aws.holder_of(CURRENT))
        if current != current_before:
            assert self.target.takes(self.credentials.get(current, ""))
            self.have_been_current.add(current)
            self.rotated, self.meddled = True, False

    def _holds_no_secret(self, text: str) -> None:
        assert not [secret for secret in (ADMIN_PASSWORD, *self.credentials.values()) if secret in text]
