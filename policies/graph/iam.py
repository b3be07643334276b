"""IAM and resource policies as statements, whether they were written as JSON or as data.aws_iam_policy_document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.graph.decode import decode
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.values import Block, Values

DOCUMENT = "data.aws_iam_policy_document"

# Where policies stand: type -> paths. Inside repeated blocks the path goes through them.
IDENTITY_POLICIES: dict[str, tuple[str, ...]] = {
    "aws_iam_policy": ("policy",),
    "aws_iam_role_policy": ("policy",),
    "aws_iam_user_policy": ("policy",),
    "aws_iam_group_policy": ("policy",),
    "aws_iam_role": ("inline_policy.policy",),
}
TRUST_POLICIES: dict[str, tuple[str, ...]] = {"aws_iam_role": ("assume_role_policy",)}
RESOURCE_POLICIES: dict[str, tuple[str, ...]] = {
    "aws_cloudwatch_log_resource_policy": ("policy_document",),
    "aws_ecr_repository_policy": ("policy",),
    "aws_ecr_registry_policy": ("policy",),
    "aws_kms_key": ("policy",),
    "aws_kms_key_policy": ("policy",),
    "aws_lambda_layer_version_permission": ("policy",),
    "aws_s3_bucket": ("policy",),
    "aws_s3_bucket_policy": ("policy",),
    "aws_secretsmanager_secret": ("policy",),
    "aws_secretsmanager_secret_policy": ("policy",),
    "aws_sns_topic": ("policy",),
    "aws_sns_topic_policy": ("policy",),
    "aws_sqs_queue": ("policy",),
    "aws_sqs_queue_policy": ("policy",),
    "aws_vpc_endpoint": ("policy",),
    "aws_vpc_endpoint_policy": ("policy",),
}


@dataclass(frozen=True)
class Principal:
    """`kind` is AWS, Service, Federated, CanonicalUser or `*`; `value` a template."""

    kind: str
    value: str


@dataclass(frozen=True)
class Condition:
    """One test of a condition block: `operator` StringEquals, `key` aws:SourceAccount, `values` templates."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement. Texts are templates: `graph.lookup(text)` finds the resource that an ARN stands for.

    place: the statement as a block, for findings: `finding(statement.place, "Action", ...)`
    """

    place: Block
    sid: str
    effect: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: tuple[Principal, ...]
    not_principals: tuple[Principal, ...]
    conditions: tuple[Condition, ...]

    @property
    def allows(self) -> bool:
        return self.effect == "Allow"

    def condition_values(self, key: str) -> tuple[str, ...]:
        """Every value that any operator tests a key against; keys are compared without case, as AWS does."""
        return tuple(v for item in self.conditions if item.key.lower() == key.lower() for v in item.values)


def statements(place: Values, path: str, graph: Graph) -> tuple[Statement, ...]:
    """The statements of the policy at a path; () when it is absent. Findings point at the resource that carries it."""
    value = place.get(path)
    if isinstance(value, str) and "aws_iam_policy_document." in value and value.startswith("${data."):
        document = graph.target_of(place, path, DOCUMENT)
        return tuple(_document(document, place, path, graph, frozenset()))
    decoded = decode(place, path)
    if decoded is None:
        return ()
    if not isinstance(decoded, dict):
        raise place.malformed(path, decoded, "a policy object")
    return tuple(_json_statement(block) for block in _json_blocks(place, path, decoded))


def policies_of(graph: Graph, table: dict[str, tuple[str, ...]]) -> Iterator[tuple[Values, str]]:
    """Every place in the graph that carries a policy of the table, as (block or resource, path)."""
    for kind, paths in table.items():
        for resource in graph.of_type(kind):
            for path in paths:
                yield from _holders(resource, path)


def resource_policies(resource: Resource, table: dict[str, tuple[str, ...]]) -> Iterator[tuple[Values, str]]:
    """The same for one resource, for rules that judge each."""
    for path in table.get(resource.type, ()) if resource.mode == "resource" else ():
        yield from _holders(resource, path)


def _holders(resource: Resource, path: str) -> Iterator[tuple[Values, str]]:
    outer, _, last = path.rpartition(".")
    places: tuple[Values, ...] = resource.blocks(outer) if outer else (resource,)
    yield from ((place, last) for place in places if place.has(last))


def _json_blocks(place: Values, path: str, policy: dict[str, Any]) -> Iterator[Block]:
    found = policy.get("Statement")
    items = found if isinstance(found, list) else [found]
    for index, item in enumerate(items):
        where = place.where(f"{path}.Statement[{index}]")
        if not isinstance(item, dict):
            raise place.malformed(f"{path}.Statement[{index}]", item, "a statement")
        yield Block(place.resource, item, where)


def _json_statement(block: Block) -> Statement:
    effect = block.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise block.malformed("Effect", effect, "Allow or Deny")
    return Statement(
        place=block,
        sid=str(block.get("Sid", "")),
        effect=effect,
        actions=_one_or_many(block, "Action"),
        not_actions=_one_or_many(block, "NotAction"),
        resources=_one_or_many(block, "Resource"),
        not_resources=_one_or_many(block, "NotResource"),
        principals=tuple(_json_principals(block, "Principal")),
        not_principals=tuple(_json_principals(block, "NotPrincipal")),
        conditions=tuple(_json_conditions(block)),
    )


def _one_or_many(block: Block, path: str) -> tuple[str, ...]:
    value = block.get(path)
    items = value if isinstance(value, list) else [] if value is None else [value]
    for item in items:
        if not isinstance(item, str):
            raise block.malformed(path, value, "a text or a list of texts")
    return tuple(items)


def _json_principals(block: Block, path: str) -> Iterator[Principal]:
    value = block.get(path)
    if isinstance(value, str):
        yield Principal("*" if value == "*" else "AWS", value)
        return
    for kind in block.table(path):
        yield from (Principal(kind, text) for text in _one_or_many(block, f"{path}.{kind}"))


def _json_conditions(block: Block) -> Iterator[Condition]:
    for operator, tests in block.table("Condition").items():
        if not isinstance(tests, dict):
            raise block.malformed(f"Condition.{operator}", tests, "a map of condition keys")
        for key, value in tests.items():
            values = value if isinstance(value, list) else [value]
            if any(isinstance(item, list | dict) for item in values):
                raise block.malformed(f"Condition.{operator}", value, "a text or a list of texts")
            yield Condition(operator, key, tuple(_condition_text(item) for item in values))


def _condition_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _document(document: Resource, place: Values, path: str, graph: Graph, above: frozenset[str]) -> Iterator[Statement]:
    """The statements of a policy document, those of its sources first."""
    if document.address in above or document.has("override_policy_documents"):
        raise document.unresolved(
            "override_policy_documents", document.address, "a document without overrides or cycles"
        )
    for source in document.items("source_policy_documents"):
        for other in graph.follow(source, DOCUMENT):
            yield from _document(other, place, path, graph, above | {document.address})
    for index, block in enumerate(document.blocks("statement")):
        yield _document_statement(block, Block(place.resource, block.values, place.where(f"{path}.statement[{index}]")))


def _document_statement(block: Block, place: Block) -> Statement:
    effect = block.text("effect", "Allow") or "Allow"
    if effect not in ("Allow", "Deny"):
        raise block.malformed("effect", effect, "Allow or Deny")
    return Statement(
        place=place,
        sid=block.text("sid", "") or "",
        effect=effect,
        actions=_one_or_many(block, "actions"),
        not_actions=_one_or_many(block, "not_actions"),
        resources=_one_or_many(block, "resources"),
        not_resources=_one_or_many(block, "not_resources"),
        principals=tuple(_document_principals(block, "principals")),
        not_principals=tuple(_document_principals(block, "not_principals")),
        conditions=tuple(
            Condition(item.text("test") or "", item.text("variable") or "", _one_or_many(item, "values"))
            for item in block.blocks("condition")
        ),
    )


def _document_principals(block: Block, path: str) -> Iterator[Principal]:
    for item in block.blocks(path):
        yield from (Principal(item.text("type") or "", text) for text in _one_or_many(item, "identifiers"))
