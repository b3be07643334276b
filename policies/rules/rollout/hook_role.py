"""ECS asks a function about a deployment with a role that can do nothing else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import is_arn_of
from policies.graph.ecs import SERVICE
from policies.graph.policies import actions_in
from policies.graph.roles import allows, role_of, statements_of
from policies.graph.values import Block
from policies.mutant import Edit, Mutant, add, both, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="hook-role",
    title="Role of a deployment's lifecycle hooks invokes the functions of those hooks, and does nothing else",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="A hook decides whether a deployment goes on; a role that may call any function hands ECS the right to "
    "run whatever somebody names as a hook.",
    remediation="Allow lambda:InvokeFunction on the ARN of each hook's function, and nothing more.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html", "2026-11-26"
    ),
    applies_to=(SERVICE, "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
    baseline=True,
)

HOOKS, FUNCTION, INVOKE = "deployment_configuration.lifecycle_hook", "aws_lambda_function", "lambda:InvokeFunction"


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at services whose hook has no role that may ask it, and at statements that go beyond that."""
    roles: dict[str, tuple[Resource, list[Block]]] = {}
    for service in graph.of_type(SERVICE):
        for hook in service.blocks(HOOKS):
            role = role_of(hook, "role_arn", graph)
            if role is None:
                yield finding(hook, "role_arn", None, "a role that ECS asks the hook with")
            else:
                roles.setdefault(role.address, (role, []))[1].append(hook)
                if not any(
                    allows(item, INVOKE) and _names(item.resources, hook, graph) for item in statements_of(role, graph)
                ):
                    yield finding(hook, "role_arn", role.address, f"{INVOKE} on {hook.get('hook_target_arn')}")
    for role, hooks in roles.values():
        yield from _beyond(role, hooks, graph)


def _beyond(role: Resource, hooks: list[Block], graph: Graph) -> Iterator[Finding]:
    for statement in statements_of(role, graph):
        if not statement.allows:
            continue
        named = [action for action in actions_in(statement) if action.lower() != INVOKE.lower()]
        if named or statement.not_actions:
            yield finding(statement.place, "Action", named or statement.not_actions, INVOKE)
        strange = [text for text in statement.resources if not any(_names((text,), hook, graph) for hook in hooks)]
        if strange or statement.not_resources:
            expected = [hook.get("hook_target_arn") for hook in hooks]
            yield finding(statement.place, "Resource", strange or statement.not_resources, expected)


def _names(resources: tuple[str, ...], hook: Block, graph: Graph) -> bool:
    """Whether one of the resources is the hook's function: the same text, or the ARN of the same resource."""
    target = hook.get("hook_target_arn")
    functions = graph.lookup(target, FUNCTION) if isinstance(target, str) else ()
    return any(text == target or any(is_arn_of(text, function, graph) for function in functions) for text in resources)


API, ROLE, POLICY = (
    f"{SERVICE}.api-gateway",
    "aws_iam_role.api-gateway-hook-role",
    "aws_iam_role_policy.api-gateway-hook-role",
)
ASKED, NEIGHBOUR = f"{FUNCTION}.redeployment", f"{FUNCTION}.payment-processor-database-rotation"
TRUST = """{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole",
"Condition": {"StringEquals": {"aws:SourceAccount": "${data.aws_caller_identity.current.account_id}"}}}]}"""
GRANT = '{"Statement": [{"Effect": "Allow", "Action": ["%s"], "Resource": ["%s"]}]}'


def hooked(policy: str) -> Edit:
    """A hook, and a role for it with a policy."""
    hook = {
        "hook_target_arn": f"${{{ASKED}.arn}}",
        "role_arn": f"${{{ROLE}.arn}}",
        "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"],
    }
    return both(
        put(API, HOOKS, [hook]),
        add(
            ROLE,
            {"name": "hook-role-api-gateway-pr42", "assume_role_policy": TRUST, "tags": {"Service": "api-gateway"}},
        ),
        add(POLICY, {"name": "role-policy-api-gateway-hook-role-pr42", "role": f"${{{ROLE}.id}}", "policy": policy}),
    )


MUTANTS = (
    Mutant(
        "every function", hooked(GRANT % (INVOKE, "*")), at=POLICY, also=("explicit-resource-arns",), stack="gateway"
    ),
    Mutant("another function", hooked(GRANT % (INVOKE, f"${{{NEIGHBOUR}.arn}}")), at=POLICY, stack="gateway"),
    Mutant("nobody to ask", hooked(GRANT % (INVOKE, f"${{{NEIGHBOUR}.arn}}")), at=API, stack="gateway"),
    Mutant(
        "changes to the function",
        hooked(GRANT % (f'{INVOKE}", "lambda:UpdateFunctionCode', f"${{{ASKED}.arn}}")),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "the role that moves requests",
        put(
            API,
            HOOKS,
            {"hook_target_arn": f"${{{ASKED}.arn}}", "role_arn": "${aws_iam_role.api-gateway-infrastructure-role.arn}"},
        ),
        at=API,
        stack="gateway",
    ),
)
