"""The step before the apply that reads the scan of every image about to run."""

from datetime import date

from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.scan.gate import ScanRequest, judge_images
from delivery.scan.report import as_text, detail_lines, headline
from delivery.scan.settings import scan_settings_of
from delivery.scan.waiting import POLL_SECONDS

NOT_ASKED_FOR = "not asked for by the settings"


def scan_images(deployment: Deployment, poll_seconds: float = POLL_SECONDS) -> Outcome:
    """StepFailedError naming every image that may not run; exit code 2 for a fault in the list of accepted findings."""
    settings = scan_settings_of(deployment.settings_file)
    if settings is None:
        return Outcome(NOT_ASKED_FOR)
    request = ScanRequest(
        shown=deployment.terraform.planned_state(),
        source=deployment.terraform.workspace.plan_file,
        settings=settings,
        environment=deployment.environment,
        region=deployment.region,
        cancellation=deployment.terraform.cancellation,
        poll_seconds=poll_seconds,
    )
    verdict = judge_images(request, date.today())
    if verdict.exit_code:
        raise StepFailedError(as_text(verdict), verdict.exit_code)
    return Outcome(headline(verdict), detail_lines(verdict))
