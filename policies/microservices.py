"""Which microservice of the spec a resource belongs to, by its name: the one thing that JSON, plan and state all have.

Names follow the pattern of the spec, `{type}-{component}-{environment}-{suffix}`; the component is the microservice.
"""

import re
from functools import lru_cache

from policies.graph import Resource
from policies.spec import Spec


def microservices(spec: Spec) -> tuple[str, ...]:
    """The names of all microservices of the spec."""
    return tuple(spec.get("services"))


def microservice_of(resource: Resource, attribute: str, spec: Spec) -> str | None:
    """The microservice whose name the attribute bears as its component; None when it bears none of them."""
    return component_of(resource, attribute, spec, microservices(spec))


def component_of(resource: Resource, attribute: str, spec: Spec, components: tuple[str, ...]) -> str | None:
    """The one of several components that the attribute bears by the spec's pattern; None when it bears none of them."""
    pattern = _pattern(spec.get("naming.pattern"), spec.get("naming.environment"), components)
    found = pattern.fullmatch(resource.text(attribute) or "") if components else None
    return found.group("component") if found else None


@lru_cache(maxsize=32)
def _pattern(pattern: str, environment: str, components: tuple[str, ...]) -> re.Pattern[str]:
    """The lazy type before the component makes the longest of several possible components win."""
    text = re.escape(pattern)
    parts = {
        "type": "[a-z0-9-]+?",
        "component": f"(?P<component>{'|'.join(map(re.escape, components))})",
        "environment": re.escape(environment),
        "suffix": "[a-z0-9-]+",
    }
    for name, expression in parts.items():
        text = text.replace(re.escape(f"{{{name}}}"), expression)
    return re.compile(text)
