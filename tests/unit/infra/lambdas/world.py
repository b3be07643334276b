"""A secret, its target and the rotation function, together."""

import json
from typing import Any

from infra.lambdas.rotation.configuration import Configuration
from infra.lambdas.rotation.handler import run
from infra.lambdas.rotation.request import STEPS
from tests.unit.infra.lambdas.secrets_manager import ADMIN_ARN, ARN, SecretsManager
from tests.unit.infra.lambdas.targets import ADMIN_PASSWORD, Database, Target

NEW, NEXT = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"


class World:
    """A secret with a first value, of which its target has never heard."""

    def __init__(self, target: Target | None = None, **options: Any) -> None:
        self.target = target or Database()
        first = json.dumps({"place": 0, "credential": "unknown", "note": "kept"})
        self.aws = SecretsManager(first, json.dumps({"password": ADMIN_PASSWORD}), **options)

    def take(self, step: str, token: str = NEW, client: Any = None) -> None:
        configuration = Configuration(ARN, ADMIN_ARN, self.target)
        event = {"Step": step, "SecretId": ARN, "ClientRequestToken": token}
        run(event, lambda: configuration, lambda: client or self.aws)

    def rotate(self, token: str = NEW) -> None:
        self.aws.start_rotation(token)
        for step in STEPS:
            self.take(step, token)

    def labels(self, token: str) -> set[str]:
        return self.aws.versions[token].labels

    def value(self, label: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.aws.value_of(label) or "")
        return value
