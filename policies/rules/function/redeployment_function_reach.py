"""The function that deploys anew after a rotation may do that with the services that hold secrets, and nothing else."""

from collections.abc import Iterator

from policies.functions import FUNCTION, REDEPLOYMENT, functions_of
from policies.graph import Graph
from policies.graph.ecs import SERVICE
from policies.microservices import microservice_of
from policies.mutant import Mutant, append, change, put
from policies.rule import Finding, Rule, Severity, Source
from policies.rules.function._grants import Grant, held_to, on_service, standing
from policies.service_secrets import SECRET, stated_secrets
from policies.spec import Spec

RULE = Rule(
    id="redeployment-function-reach",
    title="Redeployment function can update the services that hold secrets, and has no other right",
    severity=Severity.HIGH,
    clauses=("G.3.3", "G.7.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="UpdateService on any service lets it run another task definition there; without the right on one of its "
    "services, the tasks of that one keep the value of before the rotation.",
    remediation="Allow ecs:DescribeServices and ecs:UpdateService on the ARNs of the services that hold secrets.",
    source=Source(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html",
        "2026-11-26",
    ),
    applies_to=(FUNCTION, "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
)

DEPLOY = ("ecs:DescribeServices", "ecs:UpdateService")


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at statements that go further, and at the function for services that it cannot update."""
    names = {each.service for each in stated_secrets(spec)}
    services = [item for item in graph.of_type(SERVICE) if microservice_of(item, "name", spec) in names]
    for address, expected in functions_of(graph, spec).items():
        if expected.component == REDEPLOYMENT:
            function = graph.resources[address]
            deploying = [Grant(DEPLOY, on_service(item, graph), item.address, needed=True) for item in services]
            yield from held_to(function, (*standing(function, graph), *deploying), graph)


POLICY, REDEPLOY = f"aws_iam_role_policy.{REDEPLOYMENT}", f"{FUNCTION}.{REDEPLOYMENT}"
STATEMENT = "policy.Statement[5]"
PREFIX = "arn:aws:ecs:us-east-1:${data.aws_caller_identity.current.account_id}"
MUTANTS = (
    Mutant(
        "a service without secrets",
        append(POLICY, f"{STATEMENT}.Resource", f"{PREFIX}:service/ecs-cluster-pr42/ecs-service-api-gateway-pr42"),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "the same service of another cluster",
        append(POLICY, f"{STATEMENT}.Resource", f"{PREFIX}:service/ecs-cluster-pr43/ecs-service-fraud-detector-pr42"),
        at=POLICY,
        stack="gateway",
    ),
    Mutant("runs tasks", append(POLICY, f"{STATEMENT}.Action", "ecs:RunTask"), at=POLICY, stack="gateway"),
    Mutant(
        "a secret that has changed",
        append(
            POLICY,
            "policy.Statement",
            {
                "Effect": "Allow",
                "Action": "secretsmanager:DescribeSecret",
                "Resource": f"${{{SECRET}.fraud-detector-database.arn}}",
            },
        ),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "one service of two",
        change(POLICY, f"{STATEMENT}.Resource", lambda resources: resources[:1]),
        at=REDEPLOY,
        stack="gateway",
    ),
    Mutant("only looks on", put(POLICY, f"{STATEMENT}.Action", ["ecs:DescribeServices"]), at=REDEPLOY, stack="gateway"),
)
