"""One emulator, and in it as many accounts as there are lives: real terraform, the real provider, the state in S3."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delivery.aws import clients
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.sandbox.emulator import Emulator
from delivery.state.bucket import bucket_name, state_of
from delivery.terraform.events import Event
from delivery.terraform.mirrors import choose, plugin_folders, requirements, search_folders
from delivery.terraform.program import find_terraform
from delivery.terraform.prune import prune
from delivery.terraform.runner import Terraform
from delivery.terraform.schemas import load_schemas
from delivery.terraform.workspace import prepare_workspace
from tests.integration.faults.life import REGION, Life

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
        wanted = requirements(config)
        choices = choose(wanted, search_folders(None, os.environ), program.platform, newest_if_none_admitted=True)
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
        terraform.init(plugin_folders(wanted, choices))
        schemas = load_schemas(terraform.provider_selections(), CACHE_FOLDER / "schemas", terraform.provider_schemas)
        workspace.replace_config(prune(workspace.config(), schemas)[0])
        return Life(name, terraform, state, self.emulator.endpoint, listeners, said)
