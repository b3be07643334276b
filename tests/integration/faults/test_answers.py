"""AWS throttles, fails, and hangs up in the middle: what a deployment makes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from delivery.recovery.advice import advise
from delivery.sandbox.faults import Cut, Fault
from delivery.state.lock import lock_key
from delivery.terraform.runner import TerraformError
from tests.integration.faults.life import Life
from tests.integration.faults.outcomes import record
from tests.integration.faults.repeating import deploy_until_it_stands
from tests.integration.faults.world import SERVICES, World

RARE = frozenset({"sts"})  # asked a few times only: struck once by each fault, one request after the other

# Fault -> status and code by service, and of all others; no code at all: the connection is cut.
AGAIN: dict[str, tuple[dict[str, tuple[int, str]], tuple[int, str]]] = {
    "throttling on every service": (
        {"ec2": (503, "RequestLimitExceeded"), "s3": (503, "SlowDown")},
        (400, "ThrottlingException"),
    ),
    "5xx on every service": ({"ec2": (500, "InternalError"), "s3": (500, "InternalError")}, (500, "InternalFailure")),
    "connection cut before the request was carried out": ({}, (0, "")),
}


def faults_of_every_service() -> list[Fault]:
    """Each of AGAIN at each service, at intervals of 4, 5 and 6 requests, at most five times."""
    faults = []
    for number, (fault, (codes, otherwise)) in enumerate(AGAIN.items()):
        for service in SERVICES:
            status, code = codes.get(service, otherwise)
            often = {"skip": number, "first": 1} if service in RARE else {"every": 4 + number, "first": 5}
            cut = Cut.NEVER if status else Cut.BEFORE
            faults.append(Fault(f"{fault}: {service}", service, status=status, code=code, cut=cut, **often))
    return faults


def test_requests_to_every_service_that_fail_are_made_again_until_they_are_answered(
    world: World, stack: dict[str, Any]
) -> None:
    life = world.life("again", stack)
    life.set_faults(*faults_of_every_service())
    life.deploy()
    assert life.second_plan_is_empty()
    secrets = life.secrets()
    life.destroy()
    struck = life.struck()
    life.set_faults()
    assert [name for name, times in struck.items() if not times] == []
    assert life.left_behind() == []
    assert life.leaks(secrets) == []
    for fault in AGAIN:
        record(fault, runs=sum(times for name, times in struck.items() if name.startswith(fault)))


# What is made once per name is not made twice, and what a lost answer hid is adopted. What has no name of its own
# is made again, and the first one stays until it is swept.
CUTS = {
    Cut.AFTER: "connection cut in the middle of the answer",
    Cut.UNANSWERED: "connection cut before the answer",
}
NAMELESS = ("ec2 VPC", "kms key", "ecs task definition", "ec2 route table", "ec2 network ACL", "ec2 security group")


@pytest.mark.parametrize("cut", CUTS)
def test_what_a_connection_cut_in_the_middle_of_an_apply_hid_is_found_again(
    world: World, stack: dict[str, Any], cut: Cut
) -> None:
    life = world.life(f"cut-{cut}", stack)
    operations = ("Create*", "Register*", "Put*", "Authorize*")
    life.set_faults(
        *(Fault(operation, operation=operation, cut=cut, every=3, first=8) for operation in operations),
        Fault("lock", operation=f"PUT */{lock_key(life.state.key)}", cut=cut, skip=1, first=1),
    )
    errors, broken = deploy_until_it_stands(life)
    struck = sum(life.struck().values())
    life.set_faults()
    assert life.second_plan_is_empty()
    secrets = life.secrets()
    life.destroy()
    strays = life.left_behind()
    assert [stray for stray in strays if cut is Cut.AFTER or not stray.startswith(NAMELESS)] == []
    assert life.leaks(secrets, *errors) == []
    assert struck > 0
    record(
        CUTS[cut],
        runs=struck,
        needed={
            "runs again": len(errors),
            "the lock of the run broken": broken,
            "things adopted": sum(life.adopted),
            "things to sweep": len(strays),
        },
    )


BEFORE_EXPIRY = 150  # requests of the deployment; of the destroy, which asks less in all, 100


def test_credentials_that_expire_in_the_middle_end_the_run_with_what_to_do(world: World, stack: dict[str, Any]) -> None:
    life = world.life("expired", stack)
    expired = expire(life, "ExpiredToken", BEFORE_EXPIRY, life.deploy)
    locks = int(life.unlock())
    errors, more_locks = deploy_until_it_stands(life)
    assert life.second_plan_is_empty()
    secrets = life.secrets()
    revoked = expire(life, "InvalidClientTokenId", 100, life.destroy)
    destroy_locks = int(life.unlock())
    life.destroy()
    assert life.left_behind() == []
    assert life.leaks(secrets, expired, revoked, *errors) == []
    needed = {"credentials renewed": 1, "runs again": len(errors), "things adopted": sum(life.adopted)}
    record(
        "ExpiredToken in the middle of apply",
        runs=1,
        needed=needed | {"the lock of the run broken": locks + more_locks},
    )
    record(
        "InvalidClientTokenId in the middle of destroy",
        runs=1,
        needed={"credentials renewed": 1, "the lock of the run broken": destroy_locks},
    )


def expire(life: Life, code: str, requests: int, run: Callable[[], object]) -> TerraformError:
    """Carry out a run whose credentials are refused after so many requests; the credentials are good again after it."""
    life.set_faults(Fault(code, status=403, code=code, skip=requests))
    with pytest.raises(TerraformError) as ended:
        run()
    life.set_faults()
    advice = advise(ended.value.diagnostics)
    assert advice is not None
    assert advice.reason == "credentials"
    return ended.value
