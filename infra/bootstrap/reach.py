"""How far the CI role reaches: ARNs whose names end in a suffix of the settings, and tags where AWS gives no name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from infra.bootstrap.settings import Deploys


@dataclass(frozen=True)
class Reach:
    """account_id and partition are references, known when Terraform runs."""

    deploys: Deploys
    region: str
    account_id: str
    partition: str

    def arn(self, service: str, resource: str) -> str:
        """In this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def everywhere(self, service: str, resource: str, account_id: str = "") -> str:
        """Of a service whose ARNs name no region, and no account either unless it is given."""
        return f"arn:{self.partition}:{service}::{account_id}:{resource}"

    def named(self, service: str, *names: str) -> list[str]:
        """One ARN per name and suffix; `{suffix}` in a name is where the suffix stands."""
        return [self.arn(service, name) for name in self.suffixed(*names)]

    def roles(self, *prefixes: str) -> list[str]:
        """Roles by the first part of their name, `execution-role`."""
        names = self.suffixed(*(f"role/{prefix}*-{{suffix}}" for prefix in prefixes))
        return [self.everywhere("iam", name, self.account_id) for name in names]

    def suffixed(self, *names: str) -> list[str]:
        """Each name with each suffix of the settings."""
        return [name.replace("{suffix}", suffix) for name in names for suffix in self.deploys.suffixes]

    def filled_in(self, text: str) -> str:
        """The text about as long as it will be when Terraform has filled in account and partition."""
        return text.replace(self.account_id, "0" * 12).replace(self.partition, "aws-us-gov")

    def asking(self) -> dict[str, Any]:
        """The condition that a request to create something brings the tags along."""
        return {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in self.deploys.tags.items()}}

    def tagged(self) -> dict[str, Any]:
        """The condition that what is changed bears the tags."""
        return {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in self.deploys.tags.items()}}

    def untagged(self) -> dict[str, Any]:
        """The condition that a request brings the tags to something that has none of them yet."""
        none = {f"aws:ResourceTag/{key}": "true" for key in self.deploys.tags}
        return {**self.asking(), "Null": none}


def actions(service: str, names: str) -> list[str]:
    """`actions("ecs", "CreateCluster DeleteCluster")`: whole names, no wildcard, in order."""
    return [f"{service}:{name}" for name in sorted(names.split())]


def every(lists: Iterable[list[str]]) -> list[str]:
    """Several lists of actions as one."""
    return [action for each in lists for action in each]
