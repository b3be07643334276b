"""What no rule matches is answered with 404 by the listener itself, and forwarded nowhere."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LISTENERS
from policies.mutant import Mutant, append, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="default-answer",
    title="Load balancer listener answers 404 to whatever no rule matches",
    severity=Severity.HIGH,
    clauses=("P.4.3", "G.6.1"),
    pci_dss=("1.3.1", "6.2.4"),
    rationale="A default that forwards publishes every path of a service, its administration and metrics included.",
    remediation="Make the only default action a fixed-response with status code 404.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html", "2026-11-22"
    ),
    applies_to=LISTENERS,
)


def check_each(listener: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for another action, another status, or no or several actions."""
    actions = listener.blocks("default_action")
    if len(actions) != 1:
        yield finding(listener, "default_action", f"{len(actions)} actions", "one fixed-response")
    for action in actions:
        kind, status = action.text("type"), action.text("fixed_response.status_code")
        if kind != "fixed-response":
            yield finding(action, "type", kind, "fixed-response")
        elif status != "404":
            yield finding(action, "fixed_response.status_code", status, "404")
        for path in ("target_group_arn", "forward"):
            if action.has(path):
                yield finding(action, path, action.get(path), None)


HTTPS, GROUP = "aws_lb_listener.https", "${aws_lb_target_group.payment-api.arn}"
FORWARD = {"type": "forward", "target_group_arn": GROUP}
MUTANTS = (
    Mutant("forwards", put(HTTPS, "default_action", [FORWARD]), at=HTTPS),
    Mutant(
        "forwards in the long form",
        put(HTTPS, "default_action", {"type": "forward", "forward": [{"target_group": [{"arn": GROUP}]}]}),
        at=HTTPS,
    ),
    Mutant("a second action that forwards", append(HTTPS, "default_action", FORWARD), at=HTTPS),
    Mutant("redirects", put(HTTPS, "default_action[0].type", "redirect"), at=HTTPS),
    Mutant("another status", put(HTTPS, "default_action[0].fixed_response.status_code", "200"), at=HTTPS),
    Mutant("status left out", put(HTTPS, "default_action[0].fixed_response", {"content_type": "text/plain"}), at=HTTPS),
)
