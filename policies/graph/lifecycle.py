"""What Terraform is told to leave alone."""

from policies.graph.resource import Resource

IGNORE_CHANGES = "lifecycle.ignore_changes"


def ignored_changes(resource: Resource) -> tuple[str, ...]:
    """The attributes whose changes are ignored; ("all",) for the word that means each of them."""
    return ("all",) if resource.get(IGNORE_CHANGES) == "all" else resource.texts(IGNORE_CHANGES)
