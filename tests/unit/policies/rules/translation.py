"""A mutant of the payments stack, tried on another stack, which bears the names of payments meanwhile."""

import copy
import json
from typing import Any

from policies.mutant import Edit, Mutant, mutated

# gateway -> payments; each plays the same part: the public one, the one it calls, the one that is called last.
NAMES = {
    "api-gateway": "payment-api",
    "payment-processor": "fraud-detection",
    "fraud-detector": "notification-service",
}
MARK = "~@~"  # keeps a name that was written already from being written again


def on_gateway(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """The edited stack under its own names. MutantDoesNotFitError when the edit finds nothing to edit there."""
    back = {new: old for old, new in NAMES.items()}
    return renamed(mutated(renamed(document, NAMES), edit), back)


def on_bootstrap(document: dict[str, Any], mutant: Mutant) -> tuple[dict[str, Any], str]:
    """A mutant of the access log bucket on the state bucket: the edited stack and where the mutant stands there.

    MutantDoesNotFitError when the edit finds nothing to edit there.
    """
    edited: dict[str, Any] = copy.deepcopy(document)
    for kind in [kind for kind in edited["resource"] if kind.startswith("aws_s3_bucket")]:
        edited["resource"][kind] = {"access-logs": edited["resource"][kind]["state"]}
    for holder in edited["resource"]["aws_s3_bucket_policy"].values():
        decoded = json.loads(holder["policy"])
        # What access logs have as their first statement, so that the denial is the second one here, too.
        decoded["Statement"].insert(0, {**decoded["Statement"][0], "Sid": "AnotherDenial", "Action": "s3:PutBucketAcl"})
        holder["policy"] = json.dumps(decoded)
    edited = json.loads(_replaced(json.dumps(edited), {"aws_s3_bucket.state": "aws_s3_bucket.access-logs"}))
    return mutated(edited, mutant.edit), mutant.at


def address_on_gateway(address: str) -> str:
    """Where the mutant stands there."""
    return _replaced(address, {new: old for old, new in NAMES.items()})


def renamed(document: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(_replaced(json.dumps(document), names))
    return changed


def _replaced(text: str, names: dict[str, str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    for number, old in enumerate(longest_first):
        text = text.replace(old, f"{MARK}{number}{MARK}")
    for number, old in enumerate(longest_first):
        text = text.replace(f"{MARK}{number}{MARK}", names[old])
    return text
