"""A mutant of the payments stack, tried on the gateway stack: services bear the other platform's names meanwhile."""

import json
from typing import Any

from policies.mutant import Edit, mutated

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
