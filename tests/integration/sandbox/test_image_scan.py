"""The gate of image scans against the ECR API of the emulator. How AWS scans is not shown here."""

import json
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from delivery.cli.main import exit_code_of
from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.lifecycle.scanning import NOT_ASKED_FOR, scan_images
from delivery.processes.interrupts import Cancellation, Interrupted
from delivery.sandbox.created_images import CreatedImage
from delivery.sandbox.emulator import ACCOUNT_ID
from delivery.sandbox.prerequisites import put_into
from delivery.scan import gate
from delivery.scan.gate import ScanRequest, judge_images
from delivery.scan.settings import ScanSettings
from tests.integration.sandbox.conftest import REGION
from tests.unit.delivery.scan.standins import DIGESTS, REGISTRY, plan_of

TODAY = date(2026, 11, 26)
REPOSITORY = "gateway/api"
IMAGE = f"{REGISTRY}/{REPOSITORY}@{DIGESTS['a']}"
VULNERABLE = {
    "status": "COMPLETE",
    "findings": [
        {
            "name": "CVE-2026-1234",
            "severity": "CRITICAL",
            "attributes": [
                {"key": "package_name", "value": "openssl"},
                {"key": "package_version", "value": "3.0.2"},
            ],
        },
        {"name": "CVE-2026-5", "severity": "LOW"},
    ],
    "findingSeverityCounts": {"CRITICAL": 1, "LOW": 1},
}
ENHANCED = {
    "status": "ACTIVE",
    "enhancedFindings": [
        {
            "severity": "HIGH",
            "packageVulnerabilityDetails": {
                "vulnerabilityId": "CVE-2026-77",
                "vulnerablePackages": [{"name": "musl", "version": "1.2"}],
            },
        }
    ],
    "findingSeverityCounts": {"HIGH": 1},
}
PENDING = {"status": "PENDING", "description": "Waiting."}
CLEAN = {"status": "COMPLETE", "findings": [], "findingSeverityCounts": {}}
ENTRY = {
    "vulnerability": "CVE-2026-1234",
    "repository": REPOSITORY,
    "reason": "the code that has it is not reachable",
    "approver": "security",
    "granted": "2026-11-01",
    "expires": "2027-01-15",
}
SETTINGS = "image_scan: {block_severity: HIGH, wait_minutes: 0}\n"

pytestmark = pytest.mark.clause("G.2.4", proof="live")


def variables(account: Any) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT_ID,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


def hold(account: Any, *scan: Mapping[str, Any], image: str = f"@{DIGESTS['a']}") -> None:
    """Have the repository hold the image, with these answers about its scan."""
    account.client("ecr").create_repository(repositoryName=REPOSITORY)
    put_into(account, [CreatedImage(REGION, REPOSITORY, image, scan)])


@pytest.fixture
def accepted(tmp_path: Path) -> Callable[..., Path]:
    """A list of accepted findings."""

    def write(*entries: dict[str, str]) -> Path:
        path = tmp_path / "image_findings.yaml"
        path.write_text(json.dumps({"findings": entries}))
        return path

    return write


def request(account: Any, acceptances: Path, *images: str, wait_minutes: int = 0) -> ScanRequest:
    return ScanRequest(
        shown=plan_of(api=list(images or (IMAGE,))),
        source=Path("plan.json"),
        settings=ScanSettings("HIGH", wait_minutes),
        environment=variables(account),
        region=REGION,
        acceptances=acceptances,
        poll_seconds=0.05,
    )


def test_an_image_whose_scan_found_nothing_may_run(emulator: Any, accepted: Callable[..., Path]) -> None:
    hold(emulator, CLEAN)
    verdict = judge_images(request(emulator, accepted()), TODAY)
    assert [(judged.digest, judged.may_run) for judged in verdict.images] == [(DIGESTS["a"], True)]
    assert verdict.exit_code == 0


def test_a_tag_is_judged_by_its_digest(emulator: Any, accepted: Callable[..., Path]) -> None:
    hold(emulator, VULNERABLE, image=":1.0")
    (details,) = emulator.client("ecr").describe_images(repositoryName=REPOSITORY)["imageDetails"]
    (judged,) = judge_images(request(emulator, accepted(), f"{REGISTRY}/{REPOSITORY}:1.0"), TODAY).images
    assert judged.digest == details["imageDigest"]
    assert not judged.may_run


@pytest.mark.parametrize(
    ("scan", "found"),
    [(VULNERABLE, ["CVE-2026-1234 CRITICAL in openssl 3.0.2"]), (ENHANCED, ["CVE-2026-77 HIGH in musl 1.2"])],
)
def test_a_grave_finding_stops(
    emulator: Any, accepted: Callable[..., Path], scan: dict[str, Any], found: list[str]
) -> None:
    hold(emulator, scan)
    verdict = judge_images(request(emulator, accepted()), TODAY)
    assert verdict.exit_code == 1
    assert [str(finding) for finding in verdict.images[0].blocking] == found


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        ((), "the image was never scanned"),
        (({"status": "FAILED"},), "the scan failed"),
        (({"status": "UNSUPPORTED_IMAGE"},), "ECR cannot scan an image of this kind"),
        ((PENDING,), "the scan is pending (Waiting.), and the time to wait for it is up"),
    ],
)
def test_an_image_without_a_result_stops(
    emulator: Any, accepted: Callable[..., Path], scan: tuple[dict[str, Any], ...], reason: str
) -> None:
    hold(emulator, *scan)
    verdict = judge_images(request(emulator, accepted()), TODAY)
    assert (verdict.exit_code, verdict.images[0].stopped) == (1, reason)


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (f"{REGISTRY}/{REPOSITORY}@{DIGESTS['b']}", "there is no such image in the repository"),
        (f"{REGISTRY}/{REPOSITORY}:2.0", "there is no such image in the repository"),
        (f"{REGISTRY}/elsewhere@{DIGESTS['a']}", "there is no such repository"),
        ("public.ecr.aws/x/y:1", f"it does not lie in the private registry of account {ACCOUNT_ID} in {REGION}"),
    ],
)
def test_an_image_that_is_not_there_stops_and_the_others_are_judged_all_the_same(
    emulator: Any, accepted: Callable[..., Path], image: str, reason: str
) -> None:
    hold(emulator, CLEAN)
    verdict = judge_images(request(emulator, accepted(), IMAGE, image), TODAY)
    assert verdict.exit_code == 1
    assert {judged.image.text: judged.stopped for judged in verdict.images} == {IMAGE: "", image: reason}


def test_a_scan_that_is_under_way_is_waited_for(emulator: Any, accepted: Callable[..., Path]) -> None:
    hold(emulator, PENDING, {"status": "IN_PROGRESS"}, CLEAN)
    assert judge_images(request(emulator, accepted(), wait_minutes=1), TODAY).exit_code == 0


def test_a_scan_that_ends_with_findings_stops_after_the_wait(emulator: Any, accepted: Callable[..., Path]) -> None:
    hold(emulator, PENDING, VULNERABLE)
    assert judge_images(request(emulator, accepted(), wait_minutes=1), TODAY).exit_code == 1


def test_an_accepted_finding_does_not_stop(emulator: Any, accepted: Callable[..., Path]) -> None:
    hold(emulator, VULNERABLE)
    verdict = judge_images(request(emulator, accepted(ENTRY)), TODAY)
    assert verdict.exit_code == 0
    assert [(str(found), reason) for found, reason in verdict.images[0].accepted] == [
        ("CVE-2026-1234 CRITICAL in openssl 3.0.2", ENTRY["reason"])
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({**ENTRY, "expires": "2026-11-25"}, "expired on 2026-11-25"),
        ({**ENTRY, "vulnerability": "CVE-2026-5"}, "hides nothing that would stop the deployment"),
    ],
)
def test_a_faulty_entry_stops_and_hides_nothing(
    emulator: Any, accepted: Callable[..., Path], entry: dict[str, str], fault: str
) -> None:
    hold(emulator, VULNERABLE)
    verdict = judge_images(request(emulator, accepted(entry)), TODAY)
    assert verdict.exit_code == 2
    assert [finding.vulnerability for finding in verdict.images[0].blocking] == ["CVE-2026-1234"]
    assert fault in verdict.errors[0]


def test_an_entry_is_not_called_unused_while_the_scan_is_pending(emulator: Any, accepted: Callable[..., Path]) -> None:
    hold(emulator, PENDING)
    verdict = judge_images(request(emulator, accepted(ENTRY)), TODAY)
    assert (verdict.exit_code, verdict.errors) == (1, ())


@pytest.mark.clause("G.9.8", proof="test")
def test_a_registry_that_does_not_answer_is_one_error(accepted: Callable[..., Path], unused_endpoint: Any) -> None:
    with pytest.raises(UserError, match="AWS does not answer"):
        judge_images(request(unused_endpoint, accepted()), TODAY)


class Terraform:
    """A plan that was made."""

    class workspace:  # noqa: N801  (an attribute of Terraform)
        plan_file = Path("apply.tfplan")

    def __init__(self, shown: dict[str, Any], cancellation: Cancellation | None = None) -> None:
        self._shown = shown
        self.cancellation = cancellation

    def planned_state(self) -> dict[str, Any]:
        return self._shown


def deployment(account: Any, folder: Path, settings: str, cancellation: Cancellation | None = None) -> Deployment:
    file = folder / "gateway.yaml"
    file.write_text(settings)
    return Deployment(
        platform="gateway",
        settings_file=file,
        suffix="pr42",
        stack="gateway-production-pr42",
        stack_file=folder / "cdk.tf.json",
        region=REGION,
        environment=variables(account),
        terraform=cast(Any, Terraform(plan_of(api=[IMAGE]), cancellation)),
    )


def test_the_step_passes_clean_images(emulator: Any, tmp_path: Path) -> None:
    hold(emulator, CLEAN)
    assert scan_images(deployment(emulator, tmp_path, SETTINGS)) == Outcome("1 image, no finding of HIGH or above")


def test_the_step_stops_the_deployment_and_names_image_digest_and_finding(emulator: Any, tmp_path: Path) -> None:
    hold(emulator, VULNERABLE)
    with pytest.raises(StepFailedError) as failed:
        scan_images(deployment(emulator, tmp_path, SETTINGS))
    assert failed.value.exit_code == 1
    assert str(failed.value) == (
        f"1 of 1 images may not run:\n  {IMAGE}, run by api / main\n    CVE-2026-1234 CRITICAL in openssl 3.0.2"
    )


def test_the_step_does_nothing_where_the_settings_do_not_ask(unused_endpoint: Any, tmp_path: Path) -> None:
    assert scan_images(deployment(unused_endpoint, tmp_path, "platform: payments\n")).note == NOT_ASKED_FOR


def test_the_step_ends_when_the_run_is_cancelled(emulator: Any, tmp_path: Path) -> None:
    hold(emulator, PENDING)
    cancellation = Cancellation()
    settings = "image_scan: {block_severity: HIGH, wait_minutes: 10}\n"
    timer = threading.Timer(0.3, cancellation.cancel, [signal.SIGTERM])
    timer.start()
    with pytest.raises(Interrupted):
        scan_images(deployment(emulator, tmp_path, settings, cancellation))
    timer.join()


@pytest.mark.parametrize(("scan", "exit_code"), [(CLEAN, 0), (VULNERABLE, 1)])
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_judges_the_plan_with_the_credentials_of_the_environment(
    emulator: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    scan: dict[str, Any],
    exit_code: int,
    form: str,
) -> None:
    hold(emulator, scan)
    for name, value in variables(emulator).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "plan.json").write_text(json.dumps(plan_of(api=[IMAGE])))
    (tmp_path / "gateway.yaml").write_text(SETTINGS)
    arguments = ["scan", str(tmp_path / "plan.json"), "--settings", str(tmp_path / "gateway.yaml")]
    assert exit_code_of([*arguments, "--json"] if form == "json" else arguments) == exit_code
    said = capsys.readouterr().out
    if form == "json":
        told = json.loads(said)
        assert (told["exit_code"], told["images"][0]["digest"]) == (exit_code, DIGESTS["a"])
    else:
        assert said.startswith("1 of 1 images may not run" if exit_code else "1 image, no finding of HIGH or above")


def test_the_list_of_the_project_is_the_one_that_counts() -> None:
    assert ScanRequest.acceptances == gate.ACCEPTED
    assert gate.ACCEPTED.name == "image_findings.yaml"
