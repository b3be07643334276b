"""ECS may move requests between the two target groups of a rollout, and nothing beyond."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import is_arn_of
from policies.graph.ecs import SERVICE
from policies.graph.iam import Statement
from policies.graph.policies import actions_in
from policies.graph.roles import allows, attached_to, role_of, statements_of, takes_away
from policies.graph.traffic_shift import ROLE, Shift, shifts
from policies.mutant import Mutant, append, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="infrastructure-role",
    title="Infrastructure role moves requests with the two rules and two groups of its service, and with no others",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="Whoever may change any rule of the load balancer can send every customer anywhere; without one of the "
    "grants a rollout hangs half-way.",
    remediation="Allow ModifyRule on the two rules, RegisterTargets and DeregisterTargets on the two groups, and the "
    "Describe actions on `*`.",
    source=Source(
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html",
        "2026-11-26",
    ),
    applies_to=(SERVICE, "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
    baseline=True,
)

ELB = "elasticloadbalancing:"
SEE = tuple(f"{ELB}Describe{what}" for what in ("Listeners", "Rules", "TargetGroups", "TargetHealth"))
MOVE, REGISTER = (f"{ELB}ModifyRule",), (f"{ELB}DeregisterTargets", f"{ELB}RegisterTargets")
MANAGED = ":aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"  # grants all of it, and more


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at services whose role lacks something, and at statements that go beyond it."""
    for shift in shifts(graph):
        role = role_of(shift.place, ROLE, graph)
        if role is None:
            yield finding(shift.place, ROLE, None, "a role that ECS moves requests with")
            continue
        own = {MOVE: shift.rules(graph), REGISTER: shift.groups(graph)}
        granted = statements_of(role, graph)
        for statement in granted:
            if statement.allows:
                yield from _beyond(statement, own, graph)
        if not _is_managed(role, graph):
            yield from _lacking(shift, granted, own, graph)


def _beyond(statement: Statement, own: dict[tuple[str, ...], tuple[Resource, ...]], graph: Graph) -> Iterator[Finding]:
    known = {action.lower(): targets for actions, targets in own.items() for action in actions}
    if statement.not_actions or statement.not_resources:
        yield finding(statement.place, "", "NotAction or NotResource", "actions and resources by name")
    for action in actions_in(statement):
        if action.lower() in {item.lower() for item in SEE}:
            continue
        if action.lower() not in known:
            yield finding(statement.place, "Action", action, [*SEE, *MOVE, *REGISTER])
            continue
        targets = known[action.lower()]
        for template in statement.resources:
            if not any(is_arn_of(template, target, graph) for target in targets):
                yield finding(statement.place, "Resource", template, [target.address for target in targets])


def _lacking(
    shift: Shift,
    granted: tuple[Statement, ...],
    own: dict[tuple[str, ...], tuple[Resource, ...]],
    graph: Graph,
) -> Iterator[Finding]:
    for action in SEE:
        if not any(allows(item, action) and "*" in item.resources for item in granted):
            yield finding(shift.place, ROLE, None, f"{action} on *")
    for action, target in ((action, target) for actions in own for action in actions for target in own[actions]):
        if not any(allows(item, action) and _reaches(item, target, graph) for item in granted):
            yield finding(shift.place, ROLE, None, f"{action} on {target.address}")
    for statement in granted:
        if denied := takes_away(statement, (*SEE, *MOVE, *REGISTER)):
            yield finding(shift.place, ROLE, f"Deny of {denied} at {statement.place.resource.address}", "no such Deny")


def _reaches(statement: Statement, target: Resource, graph: Graph) -> bool:
    return any(is_arn_of(template, target, graph) for template in statement.resources)


def _is_managed(role: Resource, graph: Graph) -> bool:
    return any(str(arn).endswith(MANAGED) for place, path in attached_to(role, graph) for arn in place.spread(path))


API, NAME = f"{SERVICE}.api-gateway", "api-gateway-infrastructure-role"
POLICY, INFRASTRUCTURE = f"aws_iam_role_policy.{NAME}", f"aws_iam_role.{NAME}"
STATEMENTS = "policy.Statement"
LISTENER, OTHERS = "${aws_lb_listener.https.arn}", "${aws_lb_target_group.api-gateway.arn}"
MUTANTS = (
    Mutant("no role", drop(API, f"load_balancer[0].{ROLE}"), at=API, also=("role-trust",), stack="gateway"),
    Mutant(
        "every rule",
        put(POLICY, f"{STATEMENTS}[1].Resource", "*"),
        at=POLICY,
        also=("explicit-resource-arns",),
        stack="gateway",
    ),
    Mutant(
        "the listener too",
        append(POLICY, f"{STATEMENTS}[1].Action", f"{ELB}ModifyListener"),
        at=POLICY,
        stack="gateway",
    ),
    Mutant("rules of the listener", append(POLICY, f"{STATEMENTS}[1].Resource", LISTENER), at=POLICY, stack="gateway"),
    Mutant(
        "one rule of two", change(POLICY, f"{STATEMENTS}[1].Resource", lambda rules: rules[:1]), at=API, stack="gateway"
    ),
    Mutant("one group of two", put(POLICY, f"{STATEMENTS}[2].Resource", [OTHERS]), at=API, stack="gateway"),
    Mutant(
        "tasks stay registered",
        put(POLICY, f"{STATEMENTS}[2].Action", f"{ELB}RegisterTargets"),
        at=API,
        stack="gateway",
    ),
    Mutant(
        "a Deny",
        append(POLICY, STATEMENTS, {"Effect": "Deny", "Action": f"{ELB}Modify*", "Resource": "*"}),
        at=API,
        stack="gateway",
    ),
    Mutant(
        "under a condition",
        put(POLICY, f"{STATEMENTS}[1].Condition", {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
        at=API,
        stack="gateway",
    ),
    Mutant(
        "all but one action",
        both(drop(POLICY, f"{STATEMENTS}[1].Action"), put(POLICY, f"{STATEMENTS}[1].NotAction", ["iam:PassRole"])),
        at=POLICY,
        also=("explicit-actions",),
        stack="gateway",
    ),
    Mutant(
        "more in the role itself",
        put(
            INFRASTRUCTURE,
            "inline_policy",
            [
                {
                    "name": "more",
                    "policy": '{"Statement": {"Effect": "Allow", "Action": "ecs:UpdateService", "Resource": "*"}}',
                }
            ],
        ),
        at=INFRASTRUCTURE,
        also=("explicit-resource-arns",),
        stack="gateway",
    ),
)
