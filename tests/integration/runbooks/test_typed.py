"""What the runbooks tell to type is typed, in an emulated account and in the situation that each is for."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from delivery.aws import ENDPOINT_VARIABLE, clients
from delivery.sandbox.emulator import ACCOUNT_ID, Emulator
from tests.integration.foreign_lock import put_lock
from tests.integration.sandbox.gateway import DATABASE, outage
from tests.runbooks import Block, blocks, blocks_of

pytestmark = pytest.mark.xdist_group("runbooks")  # one account, in which one runbook follows the other

ROOT = Path(__file__).parents[3]
REGION = "us-east-1"
BUCKET = f"paygate-state-{ACCOUNT_ID}-{REGION}"
STATE = "payments-production-prod/terraform.tfstate"
BLOCK_SECONDS = 600
DEPLOYED_ELSEWHERE = ".venv/bin/paygate sandbox --platform payments"  # the deployment of the other integration tests
OF_ITS_OWN = frozenset({".git", ".paygate", "cdktf.out", "environments", "reports"})
PAYGATE = ".venv/bin/paygate "
MISTYPED = ("aws: error", "Unknown options", "Bad value for --query")


@dataclass
class Desk:
    """A folder like a clone of this repository, and the credentials of an emulated account."""

    folder: Path
    environment: dict[str, str]
    output: list[str] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)  # the commands of paygate that went as they should

    def type(self, script: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """What bash makes of it; standard error comes with the output."""
        return subprocess.run(
            ["bash", *options, "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BLOCK_SECONDS,
            check=False,
        )

    def carry_out(
        self, runbook: str, before: dict[int, Callable[[], Any]] | None = None, *, only_new: bool = False
    ) -> str:
        """Type the blocks of a runbook in order, each as it stands; what they wrote. before: what happens to the
        account ahead of the block of this number. only_new: without the commands of paygate that were typed before;
        where nothing happened to the account since, they would do again what they did, for a minute of CPU each.
        """
        written = []
        for block in blocks_of(runbook):
            (before or {}).get(block.number, lambda: None)()
            new = "\n".join(line for line in block.commands if line not in self.typed)
            script = new if only_new else block.script
            if block.by_hand or not script:
                continue
            done = self.type(script.replace(DEPLOYED_ELSEWHERE, "true"), "-eu", "-o", "pipefail")
            assert done.returncode in block.exit_codes, f"{script}\n{done.stdout}"
            self.typed.update(line for line in block.commands if line.startswith(PAYGATE))
            written.append(done.stdout)
        return "\n".join(written)

    def client(self, service: str) -> Any:
        return clients(self.environment, REGION)(service)

    def versions(self) -> dict[str, list[dict[str, Any]]]:
        """Versions and delete markers of the state of payments."""
        found = self.client("s3").list_object_versions(Bucket=BUCKET, Prefix=STATE)
        return {
            kind: [entry for entry in found.get(kind, []) if entry["Key"] == STATE]
            for kind in ("Versions", "DeleteMarkers")
        }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """After the runbook of the first deployment: both platforms stand."""
    folder = tmp_path_factory.mktemp("clone")
    for item in ROOT.iterdir():
        if item.name not in OF_ITS_OWN:
            (folder / item.name).symlink_to(item)
    shutil.copytree(ROOT / "environments", folder / "environments")
    (folder / ".paygate").mkdir()
    (folder / ".paygate" / "cache").symlink_to(ROOT / ".paygate" / "cache")
    people = {
        f"GIT_{who}_{what}": f"{who}@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    with Emulator.start() as emulator:
        own = {"AWS_MAX_ATTEMPTS": "1", "PYTHONPATH": str(folder)}  # its settings, not those of this repository
        environment = emulator.environment(os.environ, REGION) | people | own
        desk = Desk(folder, environment)
        started = desk.type("git init -q && git add environments && git commit -qm 'as it was'", "-eu")
        assert started.returncode == 0, started.stdout
        desk.output.append(desk.carry_out("first-deployment"))
        yield desk


def test_the_first_deployment_brings_up_both_platforms(desk: Desk) -> None:
    assert desk.output[0].count("\npassed\n") >= 4
    clusters = desk.client("ecs").list_clusters()["clusterArns"]
    assert sorted(arn.rpartition("/")[2] for arn in clusters) == ["ecs-cluster-prod", "ecs-cluster-production-prod"]


def test_a_stuck_lock_is_broken(desk: Desk) -> None:
    put_lock(desk.client("s3"), BUCKET, STATE)
    locked = desk.type(".venv/bin/paygate plan --platform payments --suffix prod --lock-timeout-minutes 0")
    assert locked.returncode == 2
    assert "the state is locked; found eve@elsewhere" in locked.stdout
    assert "the lock of payments-production-prod is broken" in desk.carry_out("lock-stuck")


def test_a_version_is_rolled_back(desk: Desk) -> None:
    settings = desk.folder / "environments" / "payments.production.yaml"
    good = settings.read_text(encoding="utf-8")
    settings.write_text(good.replace("sha256:3f9a1c5b", "sha256:0bad0bad"), encoding="utf-8")
    deployed = desk.type(
        "git commit -qam 'a bad version' && .venv/bin/paygate deploy --platform payments --suffix prod --yes", "-eu"
    )
    assert deployed.returncode == 0, deployed.stdout
    assert image_of_payment_api(desk).rpartition("@")[2].startswith("sha256:0bad0bad")
    assert "a bad version" in desk.carry_out("rollback")
    assert settings.read_text(encoding="utf-8") == good
    assert image_of_payment_api(desk).rpartition("@")[2].startswith("sha256:3f9a1c5b")


def image_of_payment_api(desk: Desk) -> str:
    """Of the task definition that its service runs."""
    ecs = desk.client("ecs")
    cluster, service = "ecs-cluster-production-prod", "ecs-service-payment-api-production-prod"
    running = ecs.describe_services(cluster=cluster, services=[service])["services"][0]["taskDefinition"]
    image: str = ecs.describe_task_definition(taskDefinition=running)["taskDefinition"]["containerDefinitions"][0][
        "image"
    ]
    return image


def test_a_lost_state_comes_back_from_its_versions_or_from_what_is_there(desk: Desk) -> None:
    s3 = desk.client("s3")

    def delete() -> None:
        s3.delete_object(Bucket=BUCKET, Key=STATE)
        assert desk.versions()["DeleteMarkers"]

    def delete_for_good() -> None:
        for entries in desk.versions().values():
            for entry in entries:
                s3.delete_object(Bucket=BUCKET, Key=STATE, VersionId=entry["VersionId"])
        assert desk.versions() == {"Versions": [], "DeleteMarkers": []}

    written = desk.carry_out("lost-state", {1: delete, 4: delete_for_good})
    assert "0 changes" in written
    assert len(desk.versions()["Versions"]) >= 1


def test_a_spot_shortage_is_looked_at(desk: Desk) -> None:
    assert "[\n    3,\n    3," in desk.carry_out("spot-shortage", only_new=True)


def test_a_failed_blue_green_deployment_is_compared_with_the_state(desk: Desk) -> None:
    """Its last block, deploy and verify of gateway, is that of the first deployment: what failed in ECS, the emulator
    has not.
    """
    said = desk.carry_out("failed-blue-green", only_new=True)
    assert "no drift" in said or "legal drift only" in said


def test_a_rotation_that_is_stuck_is_taken_up_again(desk: Desk) -> None:
    secrets, name = desk.client("secretsmanager"), "secret-payment-processor-database-prod"
    before = labels_of(secrets, name)["AWSCURRENT"]
    with outage(desk.environment[ENDPOINT_VARIABLE], DATABASE):
        secrets.rotate_secret(SecretId=name)
    stuck = labels_of(secrets, name)
    assert stuck["AWSCURRENT"] == before != stuck["AWSPENDING"]
    assert "A previous rotation isn't complete" in desk.carry_out("rotation-failure")
    assert labels_of(secrets, name)["AWSCURRENT"] == stuck["AWSPENDING"]


def labels_of(secrets: Any, name: str) -> dict[str, str]:
    """Label -> version of a secret."""
    versions = secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
    return {label: version for version, labels in versions.items() for label in labels}


@pytest.mark.parametrize("runbook", ["upgrade-provider", "move-to-cdktn"])
def test_another_toolchain_is_compared_with_this_one(desk: Desk, runbook: str) -> None:
    desk.carry_out(runbook, only_new=True)


OF_AWS = [block for block in blocks() if block.by_hand and "/aws " in block.script]


@pytest.mark.parametrize("block", OF_AWS, ids=lambda block: f"{block.runbook}-{block.number}")
def test_the_aws_cli_knows_what_only_aws_can_carry_out(desk: Desk, block: Block) -> None:
    """The emulator may refuse what it does not know; the AWS CLI itself has to take every command and option."""
    script = "\n".join(line for line in block.script.splitlines() if not line.startswith("docker "))
    written = desk.type(script.replace("| docker login", "| cat; true")).stdout
    assert [mistake for mistake in MISTYPED if mistake in written] == [], written


def test_both_platforms_are_swept_when_their_states_are_lost(desk: Desk) -> None:
    s3 = desk.client("s3")
    for stack in ("payments-production-prod", "gateway-production-prod"):
        s3.delete_object(Bucket=BUCKET, Key=f"{stack}/terraform.tfstate")
    swept = desk.type(".venv/bin/paygate sweep --suffix prod --confirm prod --yes")
    assert swept.returncode == 0, swept.stdout
    again = desk.type(".venv/bin/paygate sweep --suffix prod --fail-if-found")
    assert again.returncode == 0, again.stdout
    assert desk.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert [vpc for vpc in desk.client("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
