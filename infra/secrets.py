"""Secrets of services: random values that stand in no file, under a key of their own."""

import json
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from cdktf_cdktf_provider_aws.secretsmanager_secret_version import SecretsmanagerSecretVersion
from constructs import Construct

from infra.context import Context, Part
from infra.encryption_key import EncryptionKey, use_through
from infra.lambdas.rotation.database_value import database_value
from infra.planned_names import secret_component
from infra.settings.model import Secret, Service

PASSWORD_CHARACTERS = 48
RANDOM = "aws_secretsmanager_random_password"
# The first version keeps this label for good: Terraform can then always find it, however often the value has changed.
FIRST_VERSION = "PAYGATE_FIRST"
CURRENT = "AWSCURRENT"
KEY_USE = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


@dataclass(frozen=True)
class Held:
    """A secret with a first value. `component` names it and what serves it."""

    service: str
    component: str
    wanted: Secret
    secret: SecretsmanagerSecret
    version: SecretsmanagerSecretVersion


class Secrets(Part):
    """One secret per declared need of a service; `key` is that of all of them."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "secrets", context)
        use = use_through(context, "secretsmanager", KEY_USE)
        self.key = EncryptionKey(self, context, "secrets", "Secrets", [use])
        self.held = [
            self._hold(service, name, wanted)
            for service in self.settings.services
            for name, wanted in service.secrets.items()
        ]

    def of(self, service: Service) -> list[Held]:
        """The secrets of a service."""
        return [held for held in self.held if held.service == service.name]

    def _hold(self, service: Service, name: str, wanted: Secret) -> Held:
        component = secret_component(service.name, name)
        secret = self.add(
            SecretsmanagerSecret,
            component,
            service.name,
            name=self.name("secret", component),
            description=f"{name} of {service.name}",
            kms_key_id=self.key.arn,
            recovery_window_in_days=0,
        )
        version = self.add(
            SecretsmanagerSecretVersion,
            component,
            secret_id=secret.id,
            secret_string_wo=_first_value(wanted, self._random(component)),
            secret_string_wo_version=1,
            version_stages=[CURRENT, FIRST_VERSION],
            lifecycle=TerraformResourceLifecycle(ignore_changes=["version_stages"]),  # rotation moves them
        )
        return Held(service.name, component, wanted, secret, version)

    def _random(self, address: str) -> str:
        """A random text that lives as long as one run of Terraform; cdktf has no class for ephemeral resources.

        Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/ephemeral-resources/secretsmanager_random_password
        (2026-11-26)
        """
        arguments = {"exclude_punctuation": True, "password_length": PASSWORD_CHARACTERS}
        TerraformStack.of(self).add_override(f"ephemeral.{RANDOM}.{address}", arguments)
        return f"${{ephemeral.{RANDOM}.{address}.random_password}}"


def _first_value(wanted: Secret, random: str) -> str:
    """A value of the right form that nobody knows, until the first rotation makes it known to its target as well."""
    user = wanted.database_user
    if user is None:
        return json.dumps({"api_key": random})
    value = database_value(user.host, user.port, user.database, user.username, random)
    return json.dumps(value)
