"""AWS throttles, fails, and hangs up in the middle: what a deployment makes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from delivery.recovery.advice import advice_on, advise
from delivery.sandbox.faults import Cut, Fault
from delivery.state.lock import lock_key
from delivery.terraform.runner import TerraformError
from tests.integration.faults.outcomes import record
from tests.integration.faults.world import SERVICES, Life, World

MOST_RUNS = 6
EVERY = 4  # of the requests to each service; sts is asked a few times only
RARE = frozenset({"sts"})

THROTTLED = {"ec2": (503, "RequestLimitExceeded"), "s3": (503, "SlowDown")}
FAILED = {"ec2": (500, "InternalError"), "s3": (500, "InternalError")}
ON_EVERY_SERVICE = {
    "throttling on every service": (THROTTLED, (400, "ThrottlingException")),
    "5xx on every service": (FAILED, (500, "InternalFailure")),
}


@pytest.mark.parametrize("fault", ON_EVERY_SERVICE)
def test_refused_requests_of_every_service_are_made_again_until_they_are_answered(
    world: World, stack: dict[str, Any], fault: str
) -> None:
    codes, otherwise = ON_EVERY_SERVICE[fault]
    life = world.life(fault.split()[0], stack)
    life.set_faults(
        *(
            Fault(service, service, status=status, code=code, every=2 if service in RARE else EVERY, first=9)
            for service in SERVICES
            for status, code in [codes.get(service, otherwise)]
        )
    )
    life.deploy()
    assert life.second_plan_is_empty()
    secrets = life.secrets()
    life.destroy()
    struck = life.struck()
    life.set_faults()
    assert [service for service in SERVICES if not struck[service]] == []
    assert life.left_behind() == []
    assert life.leaks(secrets) == []
    record(fault, runs=sum(struck.values()))


def error_of(run: Callable[[], object]) -> TerraformError | None:
    try:
        run()
    except TerraformError as error:
        return error
    return None


def deploy_until_it_stands(life: Life) -> tuple[list[TerraformError], int]:
    """The errors of the runs before the one that ended well, each of which says what to do, and how many locks of runs
    that were over had to be broken.
    """
    errors: list[TerraformError] = []
    broken = 0
    while error := error_of(life.deploy):
        errors.append(error)
        assert advice_on(error), str(error)
        assert len(errors) < MOST_RUNS, "\n".join(map(str, errors))
        broken += life.unlock()
    return errors, broken


# What is made once per name is not made twice, and what a lost answer hid is adopted. What has no name of its own
# is made again, and the first one stays until it is swept.
CUTS = {
    Cut.BEFORE: "connection cut before the request was carried out",
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
    assert [stray for stray in strays if cut is Cut.BEFORE or not stray.startswith(NAMELESS)] == []
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


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId"])
def test_credentials_that_expire_in_the_middle_end_the_run_with_what_to_do(
    world: World, stack: dict[str, Any], code: str
) -> None:
    life = world.life(code.lower(), stack)
    life.set_faults(Fault(code, status=403, code=code, skip=150))
    with pytest.raises(TerraformError) as ended:
        life.deploy()
    advice = advise(ended.value.diagnostics)
    assert advice is not None
    assert advice.reason == "credentials"
    life.set_faults()
    broken = life.unlock()
    errors, broken_later = deploy_until_it_stands(life)
    assert life.second_plan_is_empty()
    secrets = life.secrets()
    life.destroy()
    assert life.left_behind() == []
    assert life.leaks(secrets, ended.value, *errors) == []
    record(
        f"{code} in the middle of apply",
        runs=1,
        needed={
            "credentials renewed": 1,
            "the lock of the run broken": broken + broken_later,
            "things adopted": sum(life.adopted),
            "runs again": len(errors),
        },
    )
