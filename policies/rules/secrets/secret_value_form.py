"""The first value of a secret has the form that services and rotation rely on: a connection over TLS, or a key."""

import re
from collections.abc import Iterator
from typing import Any

from policies.functions import functions_of
from policies.graph import Graph, Resource
from policies.graph.decode import decode
from policies.graph.templates import references
from policies.mutant import Edit, Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import SECRET, Stated, secrets_of
from policies.spec import Spec

VERSION = "aws_secretsmanager_secret_version"
RULE = Rule(
    id="secret-value-form",
    title="Value of a secret is one API key, or a connection over verified TLS for the user that is rotated",
    severity=Severity.HIGH,
    clauses=("G.7.1", "G.7.2"),
    pci_dss=("2.2.6", "4.2.1"),
    rationale="Without verify-full a driver sends the password to whoever answers at that address; a value whose parts "
    "contradict each other, or the rotation, locks its service out.",
    remediation="Write engine, host, port, dbname, username, password and connection_string with sslmode=verify-full "
    "for a database user, api_key alone for an API.",
    source=Source("https://www.postgresql.org/docs/current/libpq-ssl.html", "2026-11-26"),
    applies_to=(VERSION,),
)

VALUE, TEXT = "secret_string_wo", "connection_string"
PARTS = ("username", "password", "host", "port", "dbname")
CONNECTION = re.compile(
    r"postgresql://(?P<username>[^:/?@\s]+):(?P<password>\$\{[^}]+\})@(?P<host>[^:/?@\s]+):(?P<port>\d+)/"
    r"(?P<dbname>[^/?\s]+)\?sslmode=verify-full"  # and nothing after it: a second host or sslmode would win
)
TARGET = {"host": "host", "port": "port", "database": "dbname", "username": "username"}


def check_each(version: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for another form, for parts that differ, and for a user that the rotation does not rotate."""
    if graph.kind != "json" or not spec.states("secrets"):
        return  # plans and states never show what is written so
    stated = secrets_of(graph, spec).get(graph.target_of(version, "secret_id", SECRET).address)
    if stated is None:
        return  # of no need: secrets-of-services tells
    written = str(version.get(VALUE, "")).lstrip()
    value = decode(version, VALUE) if written.startswith(("{", "${jsonencode(")) else None
    if not isinstance(value, dict):
        yield finding(version, VALUE, "no object", "an object with the parts of the value")
    elif stated.kind == "api-key":
        if list(value) != ["api_key"]:
            yield finding(version, VALUE, sorted(value), ["api_key"])
    else:
        yield from _of_connection(version, value, stated, graph, spec)


def _of_connection(
    version: Resource, value: dict[str, Any], stated: Stated, graph: Graph, spec: Spec
) -> Iterator[Finding]:
    match = CONNECTION.fullmatch(str(value.get(TEXT, "")))
    if match is None:
        yield finding(version, f"{VALUE}.{TEXT}", None, "postgresql://USER:${random}@HOST:PORT/DB?sslmode=verify-full")
        return
    if different := [part for part in PARTS if str(value.get(part)) != match[part]]:
        yield finding(version, f"{VALUE}.{TEXT}", f"another {', '.join(different)}", "the parts beside it")
    for address, expected in functions_of(graph, spec).items():
        if expected.rotates(stated):
            target = decode(graph.resources[address], "environment.variables.TARGET") or {}
            if different := [key for key, part in TARGET.items() if str(target.get(key)) != match[part]]:
                yield finding(version, VALUE, f"another {', '.join(different)} than {address} rotates", "the same user")
    for reference in references(match["password"]):
        random = graph.resources.get(reference.address)
        if random is None or not random.boolean("exclude_punctuation", False):
            yield finding(version, f"{VALUE}.password", reference.address, "exclude_punctuation: it stands in a URL")


DATABASE, API = f"{VERSION}.fraud-detector-database", f"{VERSION}.payment-processor-card-network"


def connection(old: str, new: str) -> Edit:
    """The connection string with a part of it replaced."""
    return change(DATABASE, f"{VALUE}.{TEXT}", lambda text: text.replace(old, new))


MUTANTS = (
    Mutant("TLS without a look at the certificate", connection("verify-full", "require"), at=DATABASE, stack="gateway"),
    Mutant("left to the driver", connection("?sslmode=verify-full", ""), at=DATABASE, stack="gateway"),
    Mutant("said twice", connection("verify-full", "verify-full&sslmode=disable"), at=DATABASE, stack="gateway"),
    Mutant("another host after all", connection("verify-full", "verify-full&host=db"), at=DATABASE, stack="gateway"),
    Mutant("another database than beside it", connection("/payments?", "/ledger?"), at=DATABASE, stack="gateway"),
    Mutant("no connection string", drop(DATABASE, f"{VALUE}.{TEXT}"), at=DATABASE, stack="gateway"),
    Mutant(
        "a user that is not rotated",
        put("aws_lambda_function.fraud-detector-database-rotation", "environment.variables.TARGET.username", "admin"),
        at=DATABASE,
        stack="gateway",
    ),
    Mutant(
        "characters that end a URL",
        drop("ephemeral.aws_secretsmanager_random_password.fraud-detector-database", "exclude_punctuation"),
        at=DATABASE,
        stack="gateway",
    ),
    Mutant(
        "an API key with more beside it", put(API, f"{VALUE}.endpoint", "https://x.example"), at=API, stack="gateway"
    ),
)
