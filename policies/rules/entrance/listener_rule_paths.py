"""Listener rules forward exactly the paths of the spec, to the public service and to nobody else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LISTENER_RULES, LISTENERS, forwarded_to, registrations
from policies.graph.values import Values
from policies.microservices import microservice_of
from policies.mutant import Mutant, add, append, both, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="listener-rule-paths",
    title="Load balancer forwards exactly the paths of the spec, and only to the public service",
    severity=Severity.HIGH,
    clauses=("P.4.3",),
    pci_dss=("1.3.1", "1.4.4", "6.2.4"),
    rationale="A path too many publishes what was meant to stay inside; one too few is an outage.",
    remediation="Give the rule one path_pattern condition with the paths of the spec and one forward action.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html", "2026-11-22"
    ),
    applies_to=(*LISTENERS, *LISTENER_RULES),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per rule, and per listener for a path that no rule of it forwards."""
    expected = set(spec.get("load_balancer.paths"))
    forwarded: dict[str, set[str]] = {listener.address: set() for listener in graph.of_type(*LISTENERS)}
    for rule in graph.of_type(*LISTENER_RULES):
        paths = {path for block in rule.blocks("condition") for path in block.texts("path_pattern.values")}
        for listener in graph.targets_of(rule, "listener_arn", *LISTENERS):
            forwarded[listener.address] |= paths
        yield from _conditions(rule)
        if paths - expected:
            yield finding(rule, "condition", sorted(paths - expected), sorted(expected))
        for action in rule.blocks("action"):
            yield from _action(action, graph, spec)
    for address, paths in forwarded.items():
        if expected - paths:
            yield finding(graph.resources[address], "", f"no rule for {sorted(expected - paths)}", sorted(expected))


def _conditions(rule: Resource) -> Iterator[Finding]:
    """Anything that makes a rule match less, or something else, than its paths."""
    blocks = rule.blocks("condition")
    if len(blocks) != 1:
        yield finding(rule, "condition", f"{len(blocks)} conditions", "one path_pattern")
    for block in blocks:
        others = sorted(key for key in block.values if key not in ("path_pattern", "//") and block.has(key))
        if others or block.has("path_pattern.regex_values"):
            yield finding(block, "", others or "regex_values", "path_pattern with values")
    if rule.has("transform"):
        yield finding(rule, "transform", rule.get("transform"), "paths as the client sent them")


def _action(action: Values, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Whatever is not a forward to tasks of a public service."""
    if (kind := action.text("type")) != "forward":
        yield finding(action, "type", kind, "forward")
    for group in forwarded_to(action, graph):
        services = [registration.service for registration in registrations(group, graph)]
        names = [microservice_of(item, "name", spec) for item in services if item.kind == "aws_ecs_service"]
        if not names or not all(name and spec.get("services")[name]["public"] for name in names):
            found = f"{group.address} with {', '.join(item.address for item in services) or 'nobody'}"
            yield finding(action, "target_group_arn", found, "a target group of the public service")


API, HTTPS = "aws_lb_listener_rule.payment-api", "aws_lb_listener.https"
ADMIN = {
    "listener_arn": f"${{{HTTPS}.arn}}",
    "priority": 1,
    "action": [{"type": "forward", "forward": {"target_group": [{"arn": "${aws_lb_target_group.payment-api.arn}"}]}}],
    "condition": [{"path_pattern": {"values": ["/admin/*"]}}],
    "tags": {"Name": "listener-rule-admin-production-pr42"},
}
SHARED = [f"${{aws_lb_target_group.{name}.arn}}" for name in ("payment-api", "other")]
PATHS = "condition[0].path_pattern.values"
MUTANTS = (
    Mutant("every path", put(API, PATHS, ["/*"]), at=API),
    Mutant("a path more", append(API, PATHS, "/admin"), at=API),
    Mutant("a path less", put(API, PATHS, ["/payments"]), at=HTTPS),
    Mutant("second rule", add("aws_lb_listener_rule.admin", ADMIN), at="aws_lb_listener_rule.admin"),
    Mutant(
        "second rule, other type name",
        add("aws_alb_listener_rule.admin", ADMIN),
        at="aws_alb_listener_rule.admin",
        also=("name-pattern",),
    ),
    Mutant("one host only", append(API, "condition", {"host_header": {"values": ["a.example.com"]}}), at=API),
    Mutant("regular expression", put(API, "condition[0].path_pattern.regex_values", ["^/.*"]), at=API),
    Mutant("rewritten paths", put(API, "transform", [{"type": "url-rewrite"}]), at=API),
    Mutant(
        "answers first", append(API, "action", {"type": "redirect", "redirect": {"status_code": "HTTP_302"}}), at=API
    ),
    Mutant("no rule at all", drop(API), at=HTTPS, also=("load-balancer-attachment", "reachability")),
    Mutant(
        "a share for other targets",
        both(
            duplicate("aws_lb_target_group.payment-api", "other"),
            put(API, "action", [{"type": "forward", "forward": [{"target_group": [{"arn": arn} for arn in SHARED]}]}]),
        ),
        at=API,
        also=("target-group-members",),
    ),
)
