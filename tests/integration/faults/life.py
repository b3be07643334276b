"""One environment of the tests, from its first plan to its destroy."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delivery.aws import Clients, clients
from delivery.recovery.adoption import adopt, end_adoption
from delivery.sandbox.fault_client import set_faults, struck
from delivery.sandbox.faults import Fault
from delivery.sandbox.leftovers import find_leftovers
from delivery.state.bucket import StateObject
from delivery.state.lock import lock_key
from delivery.terraform.events import Event
from delivery.terraform.runner import Terraform

REGION = "us-east-1"


@dataclass
class Life:
    """One environment from its first plan to its destroy. `said` is everything that terraform told anybody."""

    name: str
    terraform: Terraform
    state: StateObject
    endpoint: str
    listeners: list[Callable[[Event], None]]
    said: list[str] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)  # how many things, by deployment

    @property
    def environment(self) -> Mapping[str, str]:
        return self.terraform.environment

    @property
    def key(self) -> str:
        return self.environment["AWS_ACCESS_KEY_ID"]

    @property
    def folder(self) -> Path:
        return self.terraform.workspace.folder

    @property
    def aws(self) -> Clients:
        return clients(self.environment, REGION)

    def set_faults(self, *faults: Fault) -> None:
        """Replace the faults that strike this life's requests."""
        set_faults(self.endpoint, faults, self.key)

    def struck(self) -> dict[str, int]:
        return struck(self.endpoint, self.key)

    def deploy(self) -> None:
        """What a deployment does: plan, adopt what a dead run left, apply."""
        end_adoption(self.terraform.workspace)
        adoption = adopt(self.terraform.workspace, self._planned(), self._planned, self.terraform.untaint, self.aws)
        self.adopted.append(len(adoption.imports) + len(adoption.kept))
        self.terraform.apply()
        end_adoption(self.terraform.workspace)

    def second_plan_is_empty(self) -> bool:
        return not self.terraform.plan().has_changes

    def destroy(self) -> None:
        """What `paygate destroy` does: AWS is read first."""
        self.terraform.destroy(refresh=True)

    def left_behind(self) -> list[str]:
        """What is in the account beside the bucket of the states and what AWS keeps by design."""
        found = find_leftovers(self.environment, [("s3", "bucket", self.state.bucket)])
        return [str(leftover) for leftover in found if not leftover.allowed_because]

    def locked(self) -> bool:
        return bool(
            self.aws("s3").list_objects_v2(Bucket=self.state.bucket, Prefix=lock_key(self.state.key)).get("Contents")
        )

    def unlock(self) -> bool:
        """Take away the lock that a dead run of ours has left, as `paygate deploy` does; whether there was one."""
        locked = self.locked()
        if locked:
            self.aws("s3").delete_object(Bucket=self.state.bucket, Key=lock_key(self.state.key))
        return locked

    def secrets(self) -> list[str]:
        """The random part of every secret that AWS has, and the key that signs: nobody may ever read them."""
        client = self.aws("secretsmanager")
        values = [
            json.loads(client.get_secret_value(SecretId=secret["ARN"])["SecretString"])
            for secret in client.list_secrets()["SecretList"]
            if secret.get("SecretVersionsToStages")
        ]
        random = [str(value.get("password") or value.get("api_key")) for value in values]
        return [*random, self.environment["AWS_SECRET_ACCESS_KEY"]]

    def leaks(self, secrets: Sequence[str], *errors: object, states: bool = True) -> list[str]:
        """Where one of these stands: files of the run, the states in S3, what terraform said, errors as shown."""
        texts = {"what terraform said": "\n".join(self.said), **{f"error {n}": str(e) for n, e in enumerate(errors)}}
        texts |= dict(self._files()) | (dict(self._states()) if states else {})
        return sorted({where for where, text in texts.items() for secret in secrets if secret in text})

    def _planned(self) -> Mapping[str, Any]:
        self.terraform.plan()
        return self.terraform.planned_state()

    def _files(self) -> Iterator[tuple[str, str]]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "providers" not in path.parts:
                yield path.name, path.read_bytes().decode(errors="replace")

    def _states(self) -> Iterator[tuple[str, str]]:
        s3 = self.aws("s3")
        for entry in s3.list_objects_v2(Bucket=self.state.bucket).get("Contents", ()):
            body = s3.get_object(Bucket=self.state.bucket, Key=entry["Key"])["Body"].read()
            yield entry["Key"], body.decode(errors="replace")
