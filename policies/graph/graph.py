"""The graph: every resource of one stack, and the one way to follow a reference between them.

A rule cannot tell whether the graph came from synthesized JSON, a plan or a state: `follow` reads `${aws_subnet.a.id}`
where it is written and matches ids, ARNs and names where it has been evaluated.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from policies.graph.failures import ReadError, UnresolvedError
from policies.graph.resource import Resource
from policies.graph.scope import Scope
from policies.graph.templates import Reference, TemplateError, has_expression, joined, references
from policies.graph.values import Values
from policies.graph.walk import strings

T = TypeVar("T")

# Attributes whose value stands for the resource elsewhere. The first two are unique over all types.
IDENTITIES = ("id", "arn", "name", "bucket", "repository_url", "key_id", "url")
DEEPEST = 20  # locals that name locals further than this are a cycle
UNIQUE = ("id", "arn")
EXTENDED = ("arn", "repository_url", "url")  # `<log group arn>:*`, `<repository url>@sha256:...`, `<bucket arn>/*`


class Graph:
    """Resources by address and kind, references between them, and what the stack says of itself.

    source: the path given to the gate; kind: `json`, `plan` or `state`
    stack: `payments-production-pr42`, "" where the source does not say
    providers: provider blocks as resources with addresses `provider.aws`, `provider.aws.west`
    settings: the other top-level blocks as written (`terraform`, `output`, ...)
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        scope: Scope,
        *,
        source: str = "",
        kind: str = "json",
        stack: str = "",
        providers: Iterable[Resource] = (),
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.resources: dict[str, Resource] = {item.address: item for item in resources}
        self.scope = scope
        self.source = source
        self.kind = kind
        self.stack = stack
        self.providers = tuple(providers)
        self.settings: Mapping[str, Any] = settings or {}
        self._by_kind: defaultdict[str, list[Resource]] = defaultdict(list)
        for item in self.resources.values():
            self._by_kind[item.kind].append(item)
        self._referrers: dict[tuple[str, str, str], dict[str, list[Resource]]] = {}
        self._memo: dict[Callable[[Graph], Any], Any] = {}

    def __len__(self) -> int:
        return len(self.resources)

    def of_type(self, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these types, in source order: `of_type("aws_subnet", "data.aws_subnet")`."""
        return tuple(item for kind in kinds for item in self._by_kind.get(kind, ()))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every type that occurs."""
        return tuple(self._by_kind)

    def once(self, function: Callable[["Graph"], T]) -> T:
        """`function(graph)`, computed once per graph: for indexes that several rules share."""
        if function not in self._memo:
            self._memo[function] = function(self)
        result: T = self._memo[function]
        return result

    def lookup(self, value: Any, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these types (of any, if none is named) that a value stands for; () for an outsider's id.

        value: a template such as `${aws_subnet.a.id}`, an id, ARN or name, or a list of them. A reference to something
        that is declared nowhere raises UnresolvedError.
        """
        found: dict[str, Resource] = {}
        for text in strings(value):
            for item in self._targets(text, kinds):
                found[item.address] = item
        return tuple(found.values())

    def follow(self, value: Any, *kinds: str) -> tuple[Resource, ...]:
        """Like `lookup`, but a value that leads to nothing of these types is UnresolvedError: it cannot be judged."""
        found = self.lookup(value, *kinds)
        if not found:
            raise UnresolvedError("", "", value, f"a reference to {' or '.join(kinds) or 'a resource'} of this stack")
        return found

    def targets_of(self, place: Values, path: str, *kinds: str) -> tuple[Resource, ...]:
        """The resources that an attribute, or a list, leads to; () when it is absent, else UnresolvedError.

        An empty text counts as absent: states hold one for what was not given.
        """
        found: dict[str, Resource] = {}
        for value in place.spread(path):
            if value == "":
                continue
            try:
                found.update({item.address: item for item in self.follow(value, *kinds)})
            except UnresolvedError as failure:
                raise place.unresolved(path, failure.found, failure.expected) from failure
        return tuple(found.values())

    def target_of(self, place: Values, path: str, *kinds: str) -> Resource:
        """The one resource that an attribute leads to; UnresolvedError when there is none, or several."""
        found = self.targets_of(place, path, *kinds)
        if len(found) != 1:
            raise place.unresolved(path, place.get(path), f"a reference to one {' or '.join(kinds) or 'resource'}")
        return found[0]

    def referrers(self, target: Resource, kind: str, attribute: str) -> tuple[Resource, ...]:
        """The resources of a type whose attribute leads to the target: `referrers(subnet, "aws_route", "subnet_id")`.

        The attribute may lie inside repeated blocks (`load_balancer.target_group_arn`).
        """
        key = (kind, attribute, target.kind)
        if key not in self._referrers:
            self._referrers[key] = self._index_referrers(*key)
        return tuple(self._referrers[key].get(target.address, ()))

    @cached_property
    def edges(self) -> dict[str, tuple[str, ...]]:
        """Which addresses each address refers to by a written reference, in order and without repeats."""
        return {item.address: self._written_targets(item) for item in self.resources.values()}

    @cached_property
    def dangling(self) -> tuple[UnresolvedError, ...]:
        """Every written reference to something that is declared nowhere: such a stack cannot be judged."""
        return tuple(self._dangling())

    def _index_referrers(self, kind: str, attribute: str, target_kind: str) -> dict[str, list[Resource]]:
        index: defaultdict[str, dict[str, Resource]] = defaultdict(dict)
        for item in self.of_type(kind):
            for value in item.spread(attribute):
                try:
                    targets = self.lookup(value, target_kind)
                except ReadError as failure:
                    raise UnresolvedError(item.address, attribute, failure.found, failure.expected) from failure
                for target in targets:
                    index[target.address][item.address] = item
        return {address: list(items.values()) for address, items in index.items()}

    def _targets(self, text: str, kinds: tuple[str, ...]) -> Iterator[Resource]:
        try:
            written = references(text)
        except TemplateError as error:
            raise UnresolvedError("", "", text, f"a whole template ({error})") from error
        if not written:
            if has_expression(text):
                raise UnresolvedError("", "", text, "a reference, or a literal")
            yield from self._identified(text, kinds)
        elsewhere = joined(text) if written else frozenset()
        for reference in written:
            if reference not in elsewhere:
                yield from self._declared(reference, text, kinds)

    def _declared(self, reference: Reference, text: str, kinds: tuple[str, ...]) -> Iterator[Resource]:
        if reference.head in ("local", "var"):
            value = self.scope.holds(reference)
            if value is None:
                raise UnresolvedError("", "", text, f"a declared value for {reference.text}")
            yield from self.lookup(value, *kinds)
            return
        instances = self.instances(reference)
        if not instances:
            raise UnresolvedError("", "", text, f"{reference.address} to be declared in this stack")
        if kinds and _is_anybodys_text(reference, instances, kinds):
            raise UnresolvedError("", "", text, f"a reference to {' or '.join(kinds)}, or a literal")
        yield from (item for item in instances if not kinds or item.kind in kinds)

    def instances(self, reference: Reference) -> list[Resource]:
        """What a reference names: one resource, or the instances of a counted one, narrowed by its index."""
        instances = self.scope.declared.get(reference.address, [])
        if len(instances) < 2 or not reference.steps:
            return instances
        step = reference.steps[0]
        suffixes = (f"[{step}]", f'["{step}"]')
        return [item for item in instances if item.address.endswith(suffixes)] or instances

    def _identified(self, text: str, kinds: tuple[str, ...]) -> Iterator[Resource]:
        """The resources whose id, ARN, URL or name the literal text is, or begins with where AWS appends to them."""
        exact = [item for item, name in self._identities.get(text, ()) if _means(item, name, kinds)]
        if exact or not text:
            yield from exact
            return
        separators = ":@/" if text.startswith("arn:aws:s3:::") else ":@"
        for end in (at for at in range(len(text) - 1, 0, -1) if text[at] in separators):
            longer = [(item, name) for item, name in self._identities.get(text[:end], ()) if name in EXTENDED]
            if longer:
                yield from (item for item, name in longer if _means(item, name, kinds))
                return

    @cached_property
    def _identities(self) -> dict[str, list[tuple[Resource, str]]]:
        index: defaultdict[str, list[tuple[Resource, str]]] = defaultdict(list)
        for item in self.resources.values():
            seen: set[str] = set()
            for attribute in IDENTITIES:
                value = item.values.get(attribute)
                if isinstance(value, str) and value and value not in seen and "${" not in value:
                    seen.add(value)
                    index[value].append((item, attribute))
        return dict(index)

    def _written_targets(self, item: Resource) -> tuple[str, ...]:
        found: dict[str, None] = {}
        pending = [(text, 0) for text in strings(item.values)]
        while pending:
            text, depth = pending.pop()
            for reference in _references_or_none(text):
                if reference.head in ("local", "var") and depth < DEEPEST:
                    pending.extend((inner, depth + 1) for inner in strings(self.scope.holds(reference)))
                found.update((target.address, None) for target in self.instances(reference))
        return tuple(found)

    def _dangling(self) -> Iterator[UnresolvedError]:
        for item in (*self.resources.values(), *self.providers):
            for text in strings(item.values):
                try:
                    missing = [one for one in references(text) if not self._is_declared(one)] if "{" in text else ()
                except TemplateError as error:
                    yield UnresolvedError(item.address, "", text, f"a whole template ({error})")
                    continue
                for one in missing:
                    yield UnresolvedError(item.address, "", text, f"{one.address} to be declared in this stack")

    def _is_declared(self, reference: Reference) -> bool:
        if reference.head in ("local", "var"):
            table = self.scope.locals if reference.head == "local" else self.scope.variables
            return reference.name in table
        return reference.address in self.scope.declared


def _references_or_none(text: str) -> tuple[Reference, ...]:
    """The references of a template; () where it is broken, which `dangling` reports."""
    try:
        return references(text)
    except TemplateError:
        return ()


def _is_anybodys_text(reference: Reference, instances: list[Resource], kinds: tuple[str, ...]) -> bool:
    """Whether a reference leads to what somebody wrote, which may name any resource: a tag, a text kept elsewhere."""
    if any(step in ("tags", "tags_all") for step in reference.steps):
        return True
    return not any(item.kind in kinds or item.type.startswith("aws_") for item in instances)


def _means(item: Resource, attribute: str, kinds: tuple[str, ...]) -> bool:
    """Whether this identity stands for this resource: names do only where the type is asked for."""
    return item.kind in kinds if kinds else attribute in UNIQUE
