"""Names of services are known inside the VPC of their tasks, and nowhere else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.cloud_map import NAMESPACE, OTHER_NAMESPACES
from policies.graph.task_networks import task_subnets
from policies.mutant import Mutant, add, both, change, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

RULE = Rule(
    id="private-namespace",
    title="Cloud Map namespace is one private DNS namespace in the VPC of the tasks, below the name of the spec",
    severity=Severity.HIGH,
    clauses=("G.4.1", "G.4.2"),
    pci_dss=("1.4.4",),
    rationale="A public namespace publishes the addresses of every task; one in another VPC answers none of the "
    "callers.",
    remediation="Declare one aws_service_discovery_private_dns_namespace in the VPC, whose name ends with a dot and "
    "the namespace of the spec.",
    source=Source("https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html", "2026-11-26"),
    applies_to=(NAMESPACE, *OTHER_NAMESPACES),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for namespaces that are missing, public, one too many, elsewhere or named otherwise."""
    if not spec.states("discovery"):
        return
    for other in graph.of_type(*OTHER_NAMESPACES):
        yield finding(other, "", other.type, f"a {NAMESPACE}")
    namespaces = graph.of_type(NAMESPACE)
    if not namespaces:
        yield absence(f"{NAMESPACE}.main", f"a private namespace below {spec.get('discovery.namespace')}")
    for second in namespaces[1:]:
        yield finding(second, "name", second.text("name"), f"one namespace, {namespaces[0].address}")
    for namespace in namespaces:
        yield from _of_namespace(namespace, graph, spec)


def _of_namespace(namespace: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    name, stated = namespace.text("name") or "", spec.get("discovery.namespace")
    if name != stated and not name.endswith(f".{stated}"):
        yield finding(namespace, "name", name, f"a name below {stated}")
    subnets = [graph.resources[address] for address in sorted(task_subnets(graph))]
    expected = {graph.target_of(subnet, "vpc_id", "aws_vpc").address for subnet in subnets}
    found = {vpc.address for vpc in graph.targets_of(namespace, "vpc", "aws_vpc")}
    if found != expected:
        yield finding(namespace, "vpc", sorted(found) or None, sorted(expected))


MAIN, ANSWERS = f"{NAMESPACE}.main", "aws_service_discovery_public_dns_namespace.main"
VPC = {"cidr_block": "10.40.0.0/16", "tags": {"Name": "vpc-other-pr42"}}
MUTANTS = (
    Mutant(
        "another name that ends alike",
        change(MAIN, "name", lambda name: name.replace(".gateway", ".my-gateway")),
        at=MAIN,
        also=("callers-know-callees",),
        stack="gateway",
    ),
    Mutant(
        "the name of the other platform",
        change(MAIN, "name", lambda name: name.replace("gateway.", "payments.")),
        at=MAIN,
        also=("callers-know-callees",),
        stack="gateway",
    ),
    Mutant(
        "another VPC",
        both(add("aws_vpc.other", VPC), put(MAIN, "vpc", "${aws_vpc.other.id}")),
        at=MAIN,
        also=("default-security-group-closed", "vpc-dns", "vpc-flow-logs"),
        stack="gateway",
    ),
    Mutant("a second one", duplicate(MAIN, "second"), at=f"{NAMESPACE}.second", stack="gateway"),
    Mutant(
        "a public one",
        add(ANSWERS, {"name": "service-discovery-public-dns-namespace-pr42"}),
        at=ANSWERS,
        stack="gateway",
    ),
)
