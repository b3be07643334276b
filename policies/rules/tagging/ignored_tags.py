"""The provider does not look away from the tags of the spec."""

from collections.abc import Callable, Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="ignored-tags",
    title="Provider ignores none of the tags of the spec",
    severity=Severity.LOW,
    clauses=("P.10.1", "P.10.2", "P.10.3", "G.9.4"),
    pci_dss=(),
    rationale="A tag that the provider ignores is not held: what somebody changes or removes by hand stays that way, "
    "on every resource at once.",
    remediation="Remove the key, or the prefix that begins it, from ignore_tags of the provider.",
    source=Source(
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging", "2026-11-22"
    ),
    applies_to=("provider.aws",),
)

HIDES: dict[str, Callable[[str, str], bool]] = {"keys": str.__eq__, "key_prefixes": str.startswith}


def check_each(provider: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per ignored key or prefix that hides a tag of the spec, those of service and suffix among them."""
    wanted = [*spec.get("tags"), *(spec.get(each) for each in ("service_tag", "suffix_tag") if spec.states(each))]
    for block in provider.blocks("ignore_tags"):
        for path, hides in HIDES.items():
            for text in block.texts(path):
                if hidden := [name for name in wanted if hides(name, text)]:
                    yield finding(block, path, text, f"nothing that hides {', '.join(hidden)}")


PROVIDER = "provider.aws"
MUTANTS = (
    Mutant("a key", put(PROVIDER, "[0].ignore_tags", [{"keys": ["Owner", "Team"]}]), at=PROVIDER),
    Mutant("a prefix", put(PROVIDER, "[0].ignore_tags", {"key_prefixes": ["Cost"]}), at=PROVIDER),
    Mutant("the service tag", put(PROVIDER, "[0].ignore_tags", {"keys": ["Service"]}), at=PROVIDER, stack="gateway"),
    Mutant("the suffix tag", put(PROVIDER, "[0].ignore_tags", [{"keys": ["EnvironmentSuffix"]}]), at=PROVIDER),
    Mutant("every prefix", put(PROVIDER, "[0].ignore_tags", [{"key_prefixes": ["kubernetes.io/", "E"]}]), at=PROVIDER),
)
