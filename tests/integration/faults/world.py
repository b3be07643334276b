"""One emulator, and in it as many accounts as there are lives: real terraform, the real provider, the state in S3."""

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delivery.aws import Clients, clients
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.recovery.adoption import adopt, end_adoption
from delivery.sandbox.emulator import Emulator
from delivery.sandbox.fault_client import set_faults, struck
from delivery.sandbox.faults import Fault
from delivery.sandbox.leftovers import find_leftovers
from delivery.state.bucket import StateObject, bucket_name, state_of
from delivery.state.lock import lock_key
from delivery.terraform.events import Event
from delivery.terraform.mirrors import choose, requirements, search_folders
from delivery.terraform.program import find_terraform
from delivery.terraform.prune import prune
from delivery.terraform.runner import Terraform
from delivery.terraform.schemas import load_schemas
from delivery.terraform.workspace import prepare_workspace

REGION = "us-east-1"
STEP_SECONDS = 180.0  # an apply of the reduced stack takes 35 s alone; five at once on a busy machine, three times that
FIRST_ACCOUNT = 100000000001

# What is applied in seconds. Of the kinds left out, load balancers, NAT gateways, endpoints and bucket lifecycles wait
# for minutes inside the provider.
KINDS = frozenset(
    {
        "aws_cloudwatch_log_group",
        "aws_ecr_repository",
        "aws_ecs_cluster",
        "aws_ecs_cluster_capacity_providers",
        "aws_ecs_task_definition",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_kms_alias",
        "aws_kms_key",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_version",
        "aws_security_group",
        "aws_service_discovery_private_dns_namespace",
        "aws_service_discovery_service",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    }
)
SERVICES = ("ec2", "ecr", "ecs", "iam", "kms", "logs", "s3", "secretsmanager", "servicediscovery", "sts")


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
        adoption = adopt(self.terraform.workspace, self._planned, self.aws)
        self.adopted.append(len(adoption.imports))
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


@dataclass
class World:
    """An emulator and a folder for the workspaces."""

    emulator: Emulator
    folder: Path
    _accounts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def account(self) -> dict[str, str]:
        """The environment of programs in an account of their own, with its bucket for states."""
        with self._lock:
            account_id = str(FIRST_ACCOUNT + self._accounts)
            self._accounts += 1
        environment = self.emulator.environment(os.environ, REGION)
        iam = clients(environment, REGION)("iam")
        iam.meta.events.register(
            "before-call.iam", lambda params, **_: params["headers"].update({"x-moto-account-id": account_id})
        )
        iam.create_user(UserName="deployer")
        key = iam.create_access_key(UserName="deployer")["AccessKey"]
        environment |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        clients(environment, REGION)("s3").create_bucket(Bucket=bucket_name(account_id, REGION))
        return environment

    def life(
        self,
        name: str,
        config: Mapping[str, Any],
        environment: Mapping[str, str] | None = None,
        state_of_life: str = "",
    ) -> Life:
        """An initialized workspace for the stack, in its own account unless an environment is given; state_of_life: of
        another life, whose state it shares.
        """
        environment = environment or self.account()
        account_id = clients(environment, REGION)("sts").get_caller_identity()["Account"]
        state = state_of(state_of_life or name, bucket_name(account_id, REGION), REGION)
        program = find_terraform(os.environ)
        choices = choose(
            requirements(config), search_folders(None, os.environ), program.platform, newest_if_none_admitted=True
        )
        stack_file = self.folder / f"{name}-stack" / "cdk.tf.json"
        stack_file.parent.mkdir(parents=True)
        stack_file.write_text(json.dumps(config))
        workspace = prepare_workspace(stack_file, self.folder / name, choices, state.backend)
        listeners: list[Callable[[Event], None]] = []
        said: list[str] = []

        def heard(event: Event) -> None:
            said.append(str(event))
            for listener in listeners:
                listener(event)

        terraform = Terraform(program, workspace, environment, STEP_SECONDS, on_event=heard)
        terraform.init(list(dict.fromkeys(choice.folder for choice in choices)))
        schemas = load_schemas(terraform.provider_selections(), CACHE_FOLDER / "schemas", terraform.provider_schemas)
        workspace.replace_config(prune(workspace.config(), schemas)[0])
        return Life(name, terraform, state, self.emulator.endpoint, listeners, said)
