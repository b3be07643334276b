"""Mutants of the payments stack on other settings: which of them fit there, and what pairs of them make."""

import copy
import json
from itertools import permutations
from typing import Any, NamedTuple

from policies.engine import run_rule
from policies.graph.terraform_json import load_document
from policies.mutant import Mutant, MutantDoesNotFitError, mutated
from policies.registry import LoadedRule, all_rules
from policies.spec import Spec
from tests.conftest import SUFFIX
from tests.property.gate_specs import services_of, without
from tests.property.strategies import Deployment, Document

# The names that mutants speak of; of these services only the first is public.
PAYMENTS_SERVICES = ("payment-api", "fraud-detection", "notification-service")


class Bred(NamedTuple):
    """A mutant and the rule that must notice it."""

    rule: LoadedRule
    mutant: Mutant

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.mutant.name}"


def every_mutant() -> tuple[Bred, ...]:
    """All mutants of the payments stack."""
    return tuple(Bred(rule, mutant) for rule in all_rules() for mutant in rule.mutants if mutant.stack == "payments")


def named_as_payments(deployment: Deployment) -> Deployment:
    """The deployment under the names of the payments stack: platform, suffix, region; its first three services."""
    text = json.dumps(deployment.document).replace(deployment.document["region"], "us-east-1")
    document: Document = json.loads(text)
    document["load_balancer"]["certificate"] = {"domain_name": "payments.example.com", "hosted_zone_id": "Z0EXAMPLE"}
    bodies = services_of(document)
    new = dict(zip(bodies, PAYMENTS_SERVICES, strict=False))
    services = {
        new[name]: _renamed(body, new, public=name == next(iter(bodies)))
        for name, body in bodies.items()
        if name in new
    }
    names = {"platform": "payments", "environment": "production", "naming": "{type}-{component}-{environment}-{suffix}"}
    return Deployment({**without(document, "service_defaults"), **names, "services": services}, SUFFIX)


def _renamed(body: Document, new: dict[str, str], public: bool) -> Document:
    """Without blue/green: `tg-payment-api-green-production-pr42` is too long for a target group."""
    kept = body if public else without(body, "routes")
    return {
        **kept,
        "rollout": without(body["rollout"], "blue_green"),
        "calls": [new[callee] for callee in body["calls"] if callee in new],
    }


def is_red(rule: LoadedRule, document: dict[str, Any], spec: Spec) -> bool:
    """Whether a rule has anything to say about a stack."""
    return any(True for _ in run_rule(rule, load_document(document), spec))


def edited(document: dict[str, Any], *edits: Bred) -> dict[str, Any] | None:
    """The stack with these mutants; None where one does not fit, or their order matters: one undoes the other then."""
    made: dict[str, Any] | None = None
    for order in permutations(edits):
        result = copy.deepcopy(document)
        try:
            for each in order:
                result = mutated(result, each.mutant.edit)
        except MutantDoesNotFitError:
            return None
        if made is not None and made != result:
            return None
        made = result
    return made
