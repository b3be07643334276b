"""Secrets of the deployed gateway: they change, their services follow, and no value of one is written anywhere."""

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from delivery.aws import clients
from delivery.lifecycle.deployment import Deployment
from delivery.lifecycle.rotating import rotate_secrets
from policies.gate import judge
from tests.integration.targets import Deployed

GATEWAY = "gateway"


def texts_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that a delivery has written: JSON, plan (also what is packed in it) and state."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or ".terraform" in path.parts:
            continue
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                yield from ((f"{path}: {name}", packed.read(name)) for name in packed.namelist())


def states_of(deployment: Deployment) -> Iterator[tuple[str, bytes]]:
    """Every version of the state that its bucket holds."""
    s3, state = clients(deployment.environment, deployment.region)("s3"), deployment.state
    assert state is not None
    for version in s3.list_object_versions(Bucket=state.bucket, Prefix=state.key)["Versions"]:
        read = s3.get_object(Bucket=state.bucket, Key=version["Key"], VersionId=version["VersionId"])
        yield f"{version['VersionId']}/{version['Key']}", read["Body"].read()


def values_of(deployed: Deployed) -> list[str]:
    """Every value that a secret has had: of all versions that Secrets Manager still has."""
    live = deployed.live(GATEWAY)
    client = live.client("secretsmanager")
    return [
        client.get_secret_value(SecretId=secret["ARN"], VersionId=version)["SecretString"]
        for secret in live.secrets.values()
        for version in secret["VersionIdsToStages"]
    ]


@pytest.mark.clause("G.7.3", proof="live")
def test_a_rotation_changes_every_secret_and_deploys_its_services_anew(deployed: Deployed) -> None:
    outcome = rotate_secrets(deployed.of(GATEWAY))
    assert outcome.note == "3 secrets changed, 2 services deployed anew"


@pytest.mark.clause("G.7.3", proof="live")
def test_no_value_of_a_secret_is_in_json_plan_or_state(deployed: Deployed) -> None:
    """The random part of each value is the canary: no other text has 48 characters like these by chance."""
    values = [json.loads(value) for value in values_of(deployed)]
    canaries = {str(value.get("password") or value.get("api_key")).encode() for value in values}
    assert len(canaries) >= 6, "three secrets, each with its first value and at least one after it"
    deployment = deployed.of(GATEWAY)
    written = {**dict(texts_of(deployment.terraform.workspace.folder)), **dict(states_of(deployment))}
    assert {"cdk.tf.json", "plan.json", "state.json", "terraform.tfstate", "apply.tfplan"} <= {
        Path(name).name for name in written
    }
    leaks = [(name, canary[:4]) for name, text in written.items() for canary in canaries if canary in text]
    assert leaks == []


@pytest.mark.clause("G.7.3", proof="live")
def test_nothing_in_plan_and_state_looks_like_a_secret(deployed: Deployed) -> None:
    folder = deployed.of(GATEWAY).terraform.workspace.folder
    for name in ("cdk.tf.json", "plan.json", "state.json"):
        verdict = judge(folder / name, today=date.today(), spec_name=GATEWAY, only=["no-credentials"])
        assert (verdict.findings, verdict.errors) == ((), ())
        assert verdict.resources > 100
