"""Listener rules forward exactly the paths of the spec, to the public service and to nobody else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LISTENER_RULES, LISTENERS, forwarded_to, registrations
from policies.graph.traffic_shift import production_rule_of, rules_for_tests
from policies.graph.values import Values
from policies.microservices import microservice_of
from policies.mutant import Mutant, add, append, both, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="listener-rule-paths",
    title="Load balancer forwards exactly the paths of the spec, and only to the public service",
    severity=Severity.HIGH,
    clauses=("P.4.3", "G.6.1"),
    pci_dss=("1.3.1", "1.4.4", "6.2.4"),
    rationale="A path too many publishes what was meant to stay inside; one too few is an outage.",
    remediation="Give the rule one path_pattern condition with the paths of the spec and one forward action.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html", "2026-11-22"
    ),
    applies_to=(*LISTENERS, *LISTENER_RULES),
)


PATHS_ONLY, WITH_HEADER = ("path_pattern",), ("http_header", "path_pattern")
# Headers that clients and proxies send by themselves: a test rule on one of them is there for everybody.
ORDINARY = frozenset(
    """accept accept-charset accept-encoding accept-language authorization cache-control connection content-length
    content-type cookie dnt forwarded from host origin pragma referer sec-fetch-mode sec-fetch-site te
    upgrade-insecure-requests user-agent via x-amzn-trace-id x-forwarded-for x-forwarded-host x-forwarded-port
    x-forwarded-proto x-requested-with""".split()  # noqa: SIM905  # a list of words reads better than a list of quotes
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per rule, and per listener for a path that no rule of it forwards: a rule for tests forwards to nobody.

    Such a rule is one that a service names as its test_listener_rule: the same paths, for whoever sends its header.
    """
    expected = set(spec.get("load_balancer.paths"))
    forwarded: dict[str, set[str]] = {listener.address: set() for listener in graph.of_type(*LISTENERS)}
    for rule in graph.of_type(*LISTENER_RULES):
        paths = _paths_of(rule)
        is_for_tests = rule.address in rules_for_tests(graph)
        for listener in graph.targets_of(rule, "listener_arn", *LISTENERS) if not is_for_tests else ():
            if twice := paths & forwarded[listener.address]:
                yield finding(rule, "condition", f"{sorted(twice)} once more", "one rule for each path")
            forwarded[listener.address] |= paths
        yield from _conditions(rule, WITH_HEADER if is_for_tests else PATHS_ONLY)
        live = _paths_of(live_rule) if (live_rule := production_rule_of(rule, graph)) else expected
        if paths - expected or (is_for_tests and paths != live):
            yield finding(rule, "condition", sorted(paths - expected or paths), sorted(live))
        for action in rule.blocks("action"):
            yield from _action(action, graph, spec)
    for address, paths in forwarded.items():
        if expected - paths:
            yield finding(graph.resources[address], "", f"no rule for {sorted(expected - paths)}", sorted(expected))


def _paths_of(rule: Resource) -> set[str]:
    return {path for block in rule.blocks("condition") for path in block.texts("path_pattern.values")}


def _conditions(rule: Resource, wanted: tuple[str, ...]) -> Iterator[Finding]:
    """Anything that makes a rule match less, more, or something else, than its paths (and its header)."""
    blocks = rule.blocks("condition")
    kinds = sorted(key for block in blocks for key in block.values if key != "//" and block.has(key))
    if len(blocks) != len(wanted) or tuple(kinds) != wanted:
        yield finding(rule, "condition", kinds, f"a condition each of {' and '.join(wanted)}")
    for block in blocks:
        for key in wanted:
            if block.has(f"{key}.regex_values"):
                yield finding(block, f"{key}.regex_values", block.get(f"{key}.regex_values"), "values")
        if block.has("http_header"):
            yield from _header(block)
    if rule.has("transform"):
        yield finding(rule, "transform", rule.get("transform"), "paths as the client sent them")


def _header(block: Values) -> Iterator[Finding]:
    """A header that clients send unasked, or any value of it, hands a version under test to everybody."""
    name, values = block.text("http_header.http_header_name") or "", block.texts("http_header.values")
    if not name or name.lower() in ORDINARY:
        yield finding(block, "http_header.http_header_name", name or None, "a header that only tests send")
    if not values or any(set("*?") & set(value) for value in values):
        yield finding(block, "http_header.values", values or None, "values without wildcards")


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
TEST = "aws_lb_listener_rule.api-gateway-test"
HEADER = "condition[1].http_header"
SHARED = [f"${{aws_lb_target_group.{name}.arn}}" for name in ("payment-api", "other")]
PATHS = "condition[0].path_pattern.values"
MUTANTS = (
    Mutant(
        "a second rule for the same paths, past the one that ECS moves requests with",
        both(
            duplicate("aws_lb_listener_rule.api-gateway", "api-gateway-x"),
            put("aws_lb_listener_rule.api-gateway-x", "priority", 1),
            put("aws_lb_listener_rule.api-gateway-x", "tags.Name", "listener-rule-api-gateway-x-pr42"),
            put(
                "aws_lb_listener_rule.api-gateway-x",
                "action",
                [{"type": "forward", "target_group_arn": "${aws_lb_target_group.api-gateway-green.arn}"}],
            ),
            drop("aws_lb_listener_rule.api-gateway-x", "lifecycle"),
        ),
        at="aws_lb_listener_rule.api-gateway-x",
        stack="gateway",
    ),
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
    Mutant("tests of more than what is live", put(TEST, PATHS, ["/*"]), at=TEST, stack="gateway"),
    Mutant("tests of less than what is live", put(TEST, PATHS, ["/v1/health"]), at=TEST, stack="gateway"),
    Mutant("tests without a header", drop(TEST, "condition[1]"), at=TEST, stack="gateway"),
    Mutant("tests with any header value", put(TEST, f"{HEADER}.values", ["green", "*"]), at=TEST, stack="gateway"),
    Mutant(
        "tests for every client",
        put(TEST, "condition[1].http_header", {"http_header_name": "Connection", "values": ["keep-alive"]}),
        at=TEST,
        stack="gateway",
    ),
    Mutant("tests by regular expression", put(TEST, f"{HEADER}.regex_values", ["^.*$"]), at=TEST, stack="gateway"),
    Mutant(
        "tests from everywhere",
        append(TEST, "condition", {"source_ip": {"values": ["0.0.0.0/0"]}}),
        at=TEST,
        stack="gateway",
    ),
    Mutant(
        "a header on what is live",
        append(
            "aws_lb_listener_rule.api-gateway",
            "condition",
            {"http_header": {"http_header_name": "X-A", "values": ["b"]}},
        ),
        at="aws_lb_listener_rule.api-gateway",
        stack="gateway",
    ),
    Mutant(
        "what is live only as a test",
        put(
            "aws_ecs_service.api-gateway",
            "load_balancer[0].advanced_configuration.production_listener_rule",
            "${aws_lb_listener_rule.api-gateway-test.arn}",
        ),
        at=TEST,
        also=("blue-green-production-rule", "blue-green-test-rule", "ignored-changes", "infrastructure-role"),
        stack="gateway",
    ),
)
