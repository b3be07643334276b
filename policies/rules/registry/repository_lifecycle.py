"""Untagged images go after some days, tagged ones when there are many of them, and nothing goes sooner."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.graph import Block, Graph, Resource
from policies.graph.decode import decode
from policies.mutant import Edit, Mutant, append, change, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

REPOSITORY, POLICY = "aws_ecr_repository", "aws_ecr_lifecycle_policy"
RULE = Rule(
    id="repository-lifecycle",
    title="ECR repository that this stack creates expires untagged images by age and tagged ones by count, no sooner",
    severity=Severity.MEDIUM,
    clauses=("G.2.3",),
    pci_dss=("6.3.2",),
    rationale="Images nobody needs keep their vulnerabilities on every list; a rule too many expires the image that a "
    "rollback or the next task has to pull.",
    remediation="Give the repository one policy: untagged images by sinceImagePushed, tagged ones of any tag by "
    "imageCountMoreThan, both within the bounds of the spec.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html", "2026-11-26"
    ),
    applies_to=(REPOSITORY, POLICY),
)

BY_AGE, BY_COUNT = "sinceImagePushed", "imageCountMoreThan"


@dataclass(frozen=True)
class Expiry:
    """What happens to images of a kind: the counting that is right for it, and its bounds."""

    status: str
    count_type: str
    least: int
    most: int


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at repositories without exactly one policy, and at the rules of the policies."""
    if not (spec.states("repositories.expire_untagged_days") and spec.states("repositories.keep_tagged_images")):
        return
    days, images = spec.get("repositories.expire_untagged_days"), spec.get("repositories.keep_tagged_images")
    wanted = (
        Expiry("untagged", BY_AGE, days["at_least"], days["at_most"]),
        Expiry("tagged", BY_COUNT, images["at_least"], images["at_most"]),
    )
    for repository in graph.of_type(REPOSITORY):
        policies = graph.referrers(repository, POLICY, "repository")
        if len(policies) != 1:
            yield finding(repository, "", [item.address for item in policies] or None, f"one {POLICY}")
    for policy in graph.of_type(POLICY):
        yield from _of_policy(policy, wanted)


def _of_policy(policy: Resource, wanted: tuple[Expiry, ...]) -> Iterator[Finding]:
    rules = _rules(policy)
    priorities = [rule.number("rulePriority") for rule in rules]
    if len(set(priorities)) != len(priorities) or None in priorities:
        yield finding(policy, "policy.rules", priorities, "a priority of its own for each rule")
    for rule in rules:
        yield from _of_rule(rule, {expiry.status: expiry for expiry in wanted})
    for expiry in wanted:
        if not any(rule.text("selection.tagStatus") == expiry.status and _is_whole(rule) for rule in rules):
            yield finding(
                policy, "policy.rules", f"no rule for every {expiry.status} image", f"one by {expiry.count_type}"
            )


def _of_rule(rule: Block, wanted: dict[str, Expiry]) -> Iterator[Finding]:
    """A rule of any kind of images: it may select fewer than all, but takes none of them sooner than the spec says."""
    expiry = wanted.get(rule.text("selection.tagStatus") or "")
    if expiry is None:
        yield finding(rule, "selection.tagStatus", rule.text("selection.tagStatus"), list(wanted))
        return
    if (action := rule.text("action.type")) != "expire":
        yield finding(rule, "action.type", action, "expire")
    if (count_type := rule.text("selection.countType")) != expiry.count_type:
        yield finding(rule, "selection.countType", count_type, f"{expiry.count_type} for {expiry.status} images")
    elif count_type == BY_AGE and rule.text("selection.countUnit") != "days":
        yield finding(rule, "selection.countUnit", rule.text("selection.countUnit"), "days")
    number = rule.number("selection.countNumber")
    if number is None or not expiry.least <= number <= expiry.most:
        yield finding(rule, "selection.countNumber", number, f"{expiry.least} to {expiry.most}")


def _is_whole(rule: Block) -> bool:
    """Whether it selects every image of its kind: a list of patterns selects what matches all of them."""
    if rule.text("selection.tagStatus") == "untagged":
        return True
    return not rule.has("selection.tagPrefixList") and set(rule.texts("selection.tagPatternList")) == {"*"}


def _rules(policy: Resource) -> tuple[Block, ...]:
    decoded: Any = decode(policy, "policy")
    if not isinstance(decoded, dict):
        raise policy.malformed("policy", decoded, "an object with rules")
    return Block(policy, decoded, "policy").blocks("rules")


API, OWN = f"{REPOSITORY}.api-gateway", f"{POLICY}.api-gateway"
UNTAGGED, TAGGED = "policy.rules[0].selection", "policy.rules[1].selection"


def a_rule(priority: int, **selection: Any) -> Edit:
    """One more rule that expires images."""
    return append(OWN, "policy.rules", {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}})


MUTANTS = (
    Mutant("no policy", drop(OWN), at=API, stack="gateway"),
    Mutant("two policies, of which one wins", duplicate(OWN, "second"), at=API, stack="gateway"),
    Mutant(
        "a policy on the neighbour",
        put(OWN, "repository", f"${{{REPOSITORY}.fraud-detector.name}}"),
        at=API,
        stack="gateway",
    ),
    Mutant("untagged images for a year", put(OWN, f"{UNTAGGED}.countNumber", 365), at=OWN, stack="gateway"),
    Mutant("untagged images by count", put(OWN, f"{UNTAGGED}.countType", BY_COUNT), at=OWN, stack="gateway"),
    Mutant("the running image only", put(OWN, f"{TAGGED}.countNumber", 1), at=OWN, stack="gateway"),
    Mutant("some tags only", put(OWN, f"{TAGGED}.tagPatternList", ["v*"]), at=OWN, stack="gateway"),
    Mutant("tags that match two patterns", append(OWN, f"{TAGGED}.tagPatternList", "v*"), at=OWN, stack="gateway"),
    Mutant("only the tagged ones", change(OWN, "policy.rules", lambda rules: rules[1:]), at=OWN, stack="gateway"),
    Mutant("only the untagged ones", drop(OWN, "policy.rules[1]"), at=OWN, stack="gateway"),
    Mutant(
        "releases after a day",
        a_rule(3, tagStatus="tagged", tagPrefixList=["v"], countType=BY_AGE, countUnit="days", countNumber=1),
        at=OWN,
        stack="gateway",
    ),
    Mutant("all but one", a_rule(9, tagStatus="any", countType=BY_COUNT, countNumber=1), at=OWN, stack="gateway"),
    Mutant("two rules of one priority", put(OWN, "policy.rules[1].rulePriority", 1), at=OWN, stack="gateway"),
    Mutant("archived instead", put(OWN, "policy.rules[1].action.type", "transition"), at=OWN, stack="gateway"),
)
