"""Functions are told what they serve: which secret, which services, and no secret itself."""

from collections.abc import Iterator
from typing import Any

from policies.functions import FUNCTION, REDEPLOYMENT, Expected, functions_of
from policies.graph import Graph, Resource
from policies.graph.arns import arn_of, is_arn_of, spelled_out
from policies.graph.decode import decode
from policies.graph.ecs import SERVICE, cluster_name_of
from policies.microservices import microservice_of
from policies.mutant import Mutant, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.secrets import secret_in
from policies.service_secrets import SECRET, Stated, secrets_of, shown
from policies.spec import Spec

RULE = Rule(
    id="function-environment",
    title="Function is told the secret or the services that it serves, and nothing that is secret itself",
    severity=Severity.HIGH,
    clauses=("G.7.3",),
    pci_dss=("8.3.2", "8.6.2"),
    rationale="A rotation that is told another secret or target sets one credential and stores another; a variable "
    "such as AWS_ENDPOINT_URL sends both to whoever stands there.",
    remediation="Give a rotation SECRET_ARN, ADMIN_SECRET_ARN and TARGET, the redeployment CLUSTER and SERVICES, and "
    "neither any other variable.",
    source=Source("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html", "2026-11-26"),
    applies_to=(FUNCTION,),
)

VARIABLES = "environment.variables"
OWN, ADMIN, TARGET = (f"{VARIABLES}.{name}" for name in ("SECRET_ARN", "ADMIN_SECRET_ARN", "TARGET"))
CLUSTER, SERVICES = f"{VARIABLES}.CLUSTER", f"{VARIABLES}.SERVICES"
TOLD_TO_ROTATION, TOLD_TO_REDEPLOYMENT = {"ADMIN_SECRET_ARN", "SECRET_ARN", "TARGET"}, {"CLUSTER", "SERVICES"}


def check_each(function: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for secrets in it, variables that are missing or too many, and values of something else."""
    told = function.table(VARIABLES) if function.has(VARIABLES) else {}
    for name, value in told.items():
        if revealed := secret_in(name, str(value)):
            yield finding(function, f"{VARIABLES}.{name}", revealed, "the ARN of a secret")
    expected = functions_of(graph, spec).get(function.address)
    if expected is None:
        return
    names = TOLD_TO_REDEPLOYMENT if expected.component == REDEPLOYMENT else TOLD_TO_ROTATION
    if set(told) != names:
        yield finding(function, VARIABLES, sorted(told), sorted(names))
        return
    held = {graph.resources[address]: each for address, each in secrets_of(graph, spec).items()}
    judge = _redeployment if expected.component == REDEPLOYMENT else _rotation
    yield from judge(function, expected, held, graph, spec)


def _rotation(
    function: Resource, expected: Expected, held: dict[Resource, Stated], graph: Graph, spec: Spec
) -> Iterator[Finding]:
    own = [item for item, each in held.items() if expected.rotates(each)]
    if not any(is_arn_of(str(function.get(OWN)), item, graph) for item in own):
        yield finding(
            function, OWN, shown(function.get(OWN)), [item.address for item in own] or "the ARN of its secret"
        )
    admin = str(function.get(ADMIN))
    arn = arn_of(spelled_out(function, ADMIN, admin, graph))
    if graph.lookup(admin, SECRET) or arn is None or arn.service != "secretsmanager":
        yield finding(function, ADMIN, shown(admin), "the ARN of a secret of somebody else")
    target = decode(function, TARGET)
    kind = spec.get("secrets.of_services")[expected.service][expected.secret]["kind"]
    if not isinstance(target, dict) or target.get("kind") != kind or not _is_sound(target, spec):
        yield finding(
            function, TARGET, "another target", f"a {kind}, over https or at the port of the databases in the spec"
        )


def _is_sound(target: dict[str, Any], spec: Spec) -> bool:
    """An API over TLS, or the port that databases of the spec listen at."""
    if target["kind"] == "api-key":
        return str(target.get("endpoint", "")).startswith("https://")
    return bool(target.get("port") == spec.get("secrets.databases.port"))


def _redeployment(
    function: Resource, _expected: Expected, held: dict[Resource, Stated], graph: Graph, spec: Spec
) -> Iterator[Finding]:
    services = {microservice_of(item, "name", spec): item for item in graph.of_type(SERVICE)}
    told = decode(function, SERVICES)
    if not isinstance(told, dict):
        yield finding(function, SERVICES, "another form", "an object: ARN of a secret -> names of services")
        return
    for secret, stated in held.items():
        service = services.get(stated.service)
        wanted = [service.text("name")] if service else []
        found = [names for arn, names in told.items() if is_arn_of(arn, secret, graph)]
        if found != [wanted]:
            yield finding(function, SERVICES, found or None, f"{wanted} for {secret.address}")
        if service and function.text(CLUSTER) != cluster_name_of(service, graph):
            yield finding(function, CLUSTER, function.text(CLUSTER), cluster_name_of(service, graph))
    if len(told) > len(held):
        yield finding(function, SERVICES, sorted(told), "the secrets of the spec only")


ROTATION, API = f"{FUNCTION}.fraud-detector-database-rotation", f"{FUNCTION}.payment-processor-card-network-rotation"
REDEPLOY, OTHER = f"{FUNCTION}.{REDEPLOYMENT}", f"${{{SECRET}.payment-processor-database.arn}}"
MUTANTS = (
    Mutant("another secret", put(ROTATION, OWN, OTHER), at=ROTATION, stack="gateway"),
    Mutant(
        "signs in with a secret of a service",
        put(ROTATION, ADMIN, OTHER),
        at=ROTATION,
        also=("rotation-function-reach", "secret-readers"),
        stack="gateway",
    ),
    Mutant(
        "a password in it",
        put(ROTATION, f"{VARIABLES}.ADMIN_PASSWORD", "correct horse"),
        at=ROTATION,
        also=("no-credentials",),
        stack="gateway",
    ),
    Mutant(
        "a URL with a password",
        put(ROTATION, f"{TARGET}.host", "postgresql://a:hunter2@db"),
        at=ROTATION,
        also=("no-credentials", "secret-value-form"),
        stack="gateway",
    ),
    Mutant(
        "calls go elsewhere",
        put(ROTATION, f"{VARIABLES}.AWS_ENDPOINT_URL", "https://198.51.100.7"),
        at=ROTATION,
        stack="gateway",
    ),
    Mutant("a target of another kind", put(ROTATION, f"{TARGET}.kind", "api-key"), at=ROTATION, stack="gateway"),
    Mutant(
        "another port", put(ROTATION, f"{TARGET}.port", 6432), at=ROTATION, also=("secret-value-form",), stack="gateway"
    ),
    Mutant(
        "keys over plain HTTP",
        change(API, f"{TARGET}.endpoint", lambda url: url.replace("https", "http")),
        at=API,
        stack="gateway",
    ),
    Mutant(
        "a service that has another secret",
        change(REDEPLOY, SERVICES, lambda text: text.replace("service-fraud-detector", "service-api-gateway")),
        at=REDEPLOY,
        stack="gateway",
    ),
    Mutant(
        "a secret left out",
        change(REDEPLOY, SERVICES, lambda text: text[: text.rindex(', "$')] + "}"),
        at=REDEPLOY,
        stack="gateway",
    ),
    Mutant("another cluster", put(REDEPLOY, CLUSTER, "ecs-cluster-pr43"), at=REDEPLOY, stack="gateway"),
)
