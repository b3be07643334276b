"""Values of secrets are made during the run that writes them, and stand in no file."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.decode import decode
from policies.graph.templates import Reference, references
from policies.mutant import Mutant, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.secrets import known_shape, sounds_secret
from policies.spec import Spec

VERSION = "aws_secretsmanager_secret_version"
RULE = Rule(
    id="secret-values-ephemeral",
    title="Version of a secret has a value that is random, ephemeral and its own, through a write-only argument",
    severity=Severity.CRITICAL,
    clauses=("G.7.1", "G.7.2", "G.7.3"),
    pci_dss=("8.3.2", "8.6.2"),
    rationale="secret_string and secret_binary stand in the plan and the state for whoever reads one of them; a value "
    "that a person wrote is known to that person and to every file it passed through.",
    remediation="Write secret_string_wo from ephemeral.aws_secretsmanager_random_password, one of at least 32 "
    "characters for each secret.",
    source=Source("https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only", "2026-11-26"),
    applies_to=(VERSION,),
    baseline=True,
)

RANDOM, STORED, WRITTEN = "random_password", ("secret_string", "secret_binary"), "secret_string_wo"
SHORTEST = 32  # characters; the default of Secrets Manager


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at values that are stored, by hand, short or shared."""
    used: dict[str, str] = {}
    for version in graph.of_type(VERSION):
        stored = [path for path in STORED if version.has(path)]
        yield from (finding(version, path, "a value that the state keeps", WRITTEN) for path in stored)
        if not stored and graph.kind == "json":  # plans and states never show what is written so
            yield from _of_written(version, used, graph)


def _of_written(version: Resource, used: dict[str, str], graph: Graph) -> Iterator[Finding]:
    fields = dict(_fields(version))
    randoms = {item.address: item for text in fields.values() for item in references(text) if _is_random(item)}
    for name, text in fields.items():
        where = f"{WRITTEN}.{name}".rstrip(".")
        if shape := known_shape(text):
            yield finding(version, where, shape, "a random value that is ephemeral")
        elif (sounds_secret(name) or not name) and not any(_is_random(item) for item in references(text)):
            yield finding(version, where, "a value that is not random", "a random value that is ephemeral")
    if len(randoms) != 1:
        yield finding(version, WRITTEN, list(randoms) or None, "one random value that is ephemeral")
    for address in randoms:
        if (other := used.setdefault(address, version.address)) != version.address:
            yield finding(version, WRITTEN, f"{address}, which {other} has as well", "a value of its own")
        length = graph.resources[address].number("password_length", SHORTEST) if address in graph.resources else 0
        if length is None or length < SHORTEST:
            yield finding(version, WRITTEN, f"{length} characters of {address}", f"at least {SHORTEST}")


def _fields(version: Resource) -> Iterator[tuple[str, str]]:
    """The texts of a value by their names; a value that is one text has no name."""
    value = version.get(WRITTEN, "")
    if isinstance(value, str) and value.lstrip().startswith(("{", "${jsonencode")):
        value = decode(version, WRITTEN)
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        name, item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.items())
        elif isinstance(item, list):
            pending.extend((name, inner) for inner in item)
        elif isinstance(item, str):
            yield name, item


def _is_random(reference: Reference) -> bool:
    return reference.head.startswith("ephemeral.") and reference.head.endswith(RANDOM)


NAME = "fraud-detector-database"
DATABASE = f"{VERSION}.{NAME}"
EPHEMERAL = "ephemeral.aws_secretsmanager_random_password"
OTHER = f"${{{EPHEMERAL}.payment-processor-database.random_password}}"
MUTANTS = (
    Mutant(
        "a value that the state keeps",
        both(drop(DATABASE, WRITTEN), put(DATABASE, "secret_string", f"${{{EPHEMERAL}.{NAME}.random_password}}")),
        at=DATABASE,
        also=("secret-value-form",),
        stack="gateway",
    ),
    Mutant(
        "beside the write-only one",
        put(DATABASE, "secret_binary", "Y29ycmVjdCBob3JzZQ=="),
        at=DATABASE,
        also=("no-credentials",),
        stack="gateway",
    ),
    Mutant(
        "a password by hand",
        put(DATABASE, f"{WRITTEN}.password", "correct horse"),
        at=DATABASE,
        also=("no-credentials", "secret-value-form"),
        stack="gateway",
    ),
    Mutant(
        "by hand inside the connection string, with the random one elsewhere in it",
        change(
            DATABASE,
            f"{WRITTEN}.connection_string",
            lambda text: text.replace("://fraud_detector:", "://fraud_detector:correcthorse@db/").replace(
                f"{NAME}.random_password}}@", f"{NAME}.random_password}}_"
            ),
        ),
        at=DATABASE,
        also=("no-credentials", "secret-value-form"),
        stack="gateway",
    ),
    Mutant(
        "a text by hand",
        put(DATABASE, WRITTEN, "correct horse battery staple"),
        at=DATABASE,
        also=("no-credentials", "secret-value-form"),
        stack="gateway",
    ),
    Mutant(
        "the value of another secret",
        put(DATABASE, f"{WRITTEN}.password", OTHER),
        at=DATABASE,
        also=("secret-value-form",),
        stack="gateway",
    ),
    Mutant("four characters", put(f"{EPHEMERAL}.{NAME}", "password_length", 4), at=DATABASE, stack="gateway"),
)
