"""Repositories that the deployment makes."""

import json

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Answer, Live, only

KIND_OF_ENCRYPTION = {"kms": "KMS", "aes256": "AES256"}


@check("G.2.1", "G.2.2", about="repositories.encryption")
def repositories_are_as_stated(live: Live) -> Problems:
    """Every service has a repository of its own: scanned on push, immutable tags, encrypted as stated."""
    expected = KIND_OF_ENCRYPTION[live.spec.get("repositories.encryption")]
    for service in live.service_names:
        found = _repository(live, service)
        scanning = found.get("imageScanningConfiguration", {}).get("scanOnPush")
        yield from differs(f"{service}: scan on push", scanning, live.spec.get("repositories.scan_on_push"))
        yield from differs(f"{service}: tags", found["imageTagMutability"], "IMMUTABLE")
        encryption = found["encryptionConfiguration"]
        yield from differs(f"{service}: encryption", encryption["encryptionType"], expected)


@check("G.2.3", about="repositories.keep_tagged_images")
def repositories_expire_their_images(live: Live) -> Problems:
    """Every repository lets untagged images go by age and tagged ones by count, within the bounds of the spec."""
    bounds = {
        "untagged": ("sinceImagePushed", live.spec.get("repositories.expire_untagged_days")),
        "tagged": ("imageCountMoreThan", live.spec.get("repositories.keep_tagged_images")),
    }
    for service in live.service_names:
        name = _repository(live, service)["repositoryName"]
        policy = json.loads(live.client("ecr").get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"])
        selections = {rule["selection"]["tagStatus"]: rule["selection"] for rule in policy["rules"]}
        yield from differs(f"{service}: what expires", sorted(selections), sorted(bounds))
        for status, (count_type, bound) in bounds.items():
            found = selections.get(status, {})
            yield from differs(f"{service}: how {status} images expire", found.get("countType"), count_type)
            if not bound["at_least"] <= found.get("countNumber", -1) <= bound["at_most"]:
                yield f"{service}: {status} images expire at {found.get('countNumber')}, expected {dict(bound)}"


def _repository(live: Live, service: str) -> Answer:
    name = live.name("ecr-repository", service)
    answer = live.client("ecr").describe_repositories(repositoryNames=[name])
    found: Answer = only(answer["repositories"], f"repository {name}")
    return found
