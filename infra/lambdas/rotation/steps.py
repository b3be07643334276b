"""The four steps. Each may be repeated, come out of turn, or end after any of its calls; the next goes on from there.

Nothing is kept between two calls of the function: what is done is read from the labels of the versions and from their
values. A value is made once and never changed, and the target is told nothing but the value of the version that has
AWSPENDING. AWSCURRENT moves in one call, to a version whose credential has just worked, from the one that had it.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html (2026-11-26)
"""

from collections.abc import Callable, Mapping

from .problem import RotationError, told_as
from .request import Request
from .secret import CURRENT, PENDING, Secret, parsed
from .target import Target, Value

Stages = Mapping[str, list[str]]
Step = Callable[[Secret, Target, str, str], str]  # secret, target, new version, current version -> what was done


def take_step(request: Request, secret: Secret, target: Target, steps: Mapping[str, Step]) -> str:
    """Take one step, and say in a few words what was done; RotationError when it cannot be taken now."""
    stages, new = secret.stages(), request.token
    current = _only_current(stages)
    if new == current:
        return _settle(secret, new, stages)
    if PENDING not in stages.get(new, ()):
        raise RotationError(
            "the version is not the one to come", found="a version without AWSPENDING", mend="Rotate the secret again."
        )
    return steps[request.step](secret, target, new, current)


def create_value(secret: Secret, target: Target, new: str, current: str) -> str:
    """Give the new version its value, if it has none."""
    text = secret.text_of(new)
    if text is None:
        secret.store(new, target.renew(_value_of_current(secret, current)))
        return "value made"
    value = parsed(text)
    if value is None or not target.fits(value):
        # It cannot be changed, and as long as it has AWSPENDING every further rotation would start with it.
        secret.drop_pending(new)
        raise RotationError(
            "the new version has a value for another target, and has been given up", mend="Rotate the secret again."
        )
    return "value was there"


def set_credential(secret: Secret, target: Target, new: str, _current: str) -> str:
    """Make the new credential work."""
    value, admin = _value_to_come(secret, target, new), secret.admin()
    with told_as("the target could not be given the new credential"):
        target.set(admin, value)
    return "credential set"


def try_credential(secret: Secret, target: Target, new: str, _current: str) -> str:
    """Use the new credential."""
    _prove(target, _value_to_come(secret, target, new))
    return "credential works"


def finish(secret: Secret, target: Target, new: str, current: str) -> str:
    """Make the new version the current one, once its credential has been seen to work here as well."""
    _prove(target, _value_to_come(secret, target, new))
    secret.make_current(new, instead_of=current)
    return _settle(secret, new, secret.stages())


STEPS: Mapping[str, Step] = {
    "createSecret": create_value,
    "setSecret": set_credential,
    "testSecret": try_credential,
    "finishSecret": finish,
}


def _settle(secret: Secret, current: str, stages: Stages) -> str:
    """The end of every rotation: AWSPENDING is not on the version that has become current."""
    if PENDING in stages.get(current, ()):
        secret.drop_pending(current)
    return "version is current"


def _only_current(stages: Stages) -> str:
    current = [version for version, labels in stages.items() if CURRENT in labels]
    if len(current) != 1:
        # A first value would become current by itself when it is stored, before anybody has set or tried it.
        raise RotationError(
            "the secret cannot be rotated", f"{len(current)} current versions", "one", "Store a first value."
        )
    return current[0]


def _value_of_current(secret: Secret, current: str) -> Value:
    value = parsed(secret.text_of(current))
    if value is None:
        raise RotationError("the current value cannot be replaced", "something else", "a JSON object", "Correct it.")
    return value


def _value_to_come(secret: Secret, target: Target, new: str) -> Value:
    value = parsed(secret.text_of(new))
    if value is None or not target.fits(value):
        raise RotationError(
            "the new version has no value for this target", allowed="what createSecret makes", mend="Rotate again."
        )
    return value


def _prove(target: Target, value: Value) -> None:
    with told_as("the new credential does not work"):
        target.test(value)
