"""What the postconditions of a data source or resource make certain once Terraform has gone past them."""

from collections.abc import Iterator

from policies.graph.resource import Resource
from policies.graph.templates import Expression, parts


def proves(resource: Resource, accepted: tuple[str, ...]) -> bool:
    """Whether a postcondition stops the plan unless one of the accepted expressions is true.

    A condition counts when it is one of them, or joins several with `&&`. Anything with `||`, `?` or a call around it
    is read as proving nothing; so is a `check` block, which only warns.
    """
    wanted = {_compact(text) for text in accepted}
    return any(part in wanted for text in _conditions(resource) for part in _all_of(text))


def _conditions(resource: Resource) -> Iterator[str]:
    for lifecycle in resource.blocks("lifecycle"):
        for postcondition in lifecycle.blocks("postcondition"):
            condition = postcondition.get("condition")
            if not isinstance(condition, str):
                raise postcondition.malformed("condition", condition, "an expression")
            split = parts(condition)
            if len(split) == 1 and isinstance(split[0], Expression):
                yield split[0].text


def _all_of(expression: str) -> list[str]:
    """The expressions that must all be true; none where the expression can be true without them."""
    if "||" in expression or "?" in expression:
        return []
    found = [_compact(part) for part in expression.split("&&")]
    return found if all(_is_balanced(part) for part in found) else []


def _compact(expression: str) -> str:
    bare = "".join(expression.split())
    while bare.startswith("(") and bare.endswith(")") and _is_balanced(bare[1:-1]):
        bare = bare[1:-1]
    return bare.replace(".0.", "[0].")


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return False
    return depth == 0
