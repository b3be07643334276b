"""A run that failed is started again, as its message says, until it ends well."""

from collections.abc import Callable

from delivery.recovery.advice import advice_on
from delivery.terraform.runner import TerraformError
from tests.integration.faults.life import Life

MOST_RUNS = 6


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
