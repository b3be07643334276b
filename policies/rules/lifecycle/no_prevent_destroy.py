"""Terraform is free to destroy everything it made."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

RULE = Rule(
    id="no-prevent-destroy",
    title="Resource can be destroyed: no prevent_destroy, and no removed block that keeps it",
    severity=Severity.MEDIUM,
    clauses=("P.12.1", "G.9.5"),
    pci_dss=(),
    rationale="One protected resource stops the destroy of all of them half-way; one that is only forgotten stays, "
    "costs money and takes its name with it.",
    remediation="Remove prevent_destroy, and `destroy = false` of removed blocks.",
    source=Source("https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle", "2026-11-22"),
    applies_to=("aws_*",),
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per protected resource, and per removed block that leaves its resource behind."""
    for resource in graph.resources.values():
        for block in resource.blocks("lifecycle"):
            if block.get("prevent_destroy") not in (None, False) and block.boolean("prevent_destroy"):
                yield finding(block, "prevent_destroy", True, False)
    for removed in _blocks(graph.settings.get("removed")):
        for lifecycle in _blocks(removed.get("lifecycle")):
            if lifecycle.get("destroy") in (False, "false"):
                yield absence(str(removed.get("from", "removed")), "a removed block that destroys", "it would be kept")


def _blocks(value: Any) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


BUCKET, GROUP = "aws_s3_bucket.access-logs", "aws_cloudwatch_log_group.payment-api"


def forget_a_queue(document: dict[str, Any]) -> None:
    """A resource that leaves the stack and stays in AWS."""
    document["removed"] = [{"from": "aws_sqs_queue.retries", "lifecycle": {"destroy": False}}]


MUTANTS = (
    Mutant("a bucket", put(BUCKET, "lifecycle", {"prevent_destroy": True}), at=BUCKET),
    Mutant("a log group, as a list and a text", put(GROUP, "lifecycle", [{"prevent_destroy": "true"}]), at=GROUP),
    Mutant("a queue that is only forgotten", forget_a_queue, at="aws_sqs_queue.retries"),
)
