"""Secrets of services: one target each, keys that the target has, files that are there."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from infra.settings.errors import KeyPath
from infra.settings.meaning.subject import Subject, check, is_elsewhere
from infra.settings.model import Secret
from infra.settings.problem import Problem

DATABASE_USER_KEYS = ("connection_string", "dbname", "host", "password", "port", "username")
API_KEY_KEYS = ("api_key",)
_EITHER = "either database_user or api_key"


def secrets_have_one_target(subject: Subject) -> Iterator[Problem]:
    for path, secret in _secrets(subject):
        if secret.database_user and secret.api_key:
            yield Problem(path, "has two targets", "database_user and api_key", _EITHER, "make two secrets of it")
        elif not secret.database_user and not secret.api_key:
            yield Problem(path, "has no target", "neither", _EITHER, "say what the secret is for")


def variables_name_keys_of_the_secret(subject: Subject) -> Iterator[Problem]:
    for path, secret in _secrets(subject):
        known = DATABASE_USER_KEYS if secret.database_user else API_KEY_KEYS
        for variable, key in secret.variables.items():
            if key not in known:
                yield Problem(
                    (*path, "variables", variable),
                    "names a key that the secret does not have",
                    key,
                    ", ".join(known),
                    "take one of the keys",
                )


def variables_are_given_once(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        owners: dict[str, str] = {}
        for name, secret in service.secrets.items():
            for variable in secret.variables:
                owner = owners.setdefault(variable, name)
                if owner != name:
                    yield Problem(
                        ("services", service.name, "secrets", name, "variables", variable),
                        "is given by two secrets",
                        f"{variable}, also of {owner}",
                        "each variable once",
                        "rename one of the two",
                    )


def database_users_are_rotated_once(subject: Subject) -> Iterator[Problem]:
    """Two secrets of one user would each undo what the other has set."""
    owners: dict[tuple[str, int, str], KeyPath] = {}
    for path, secret in _secrets(subject):
        user = secret.database_user
        if user is None:
            continue
        owner = owners.setdefault((user.host, user.port, user.username), path)
        if owner != path:
            yield Problem(
                (*path, "database_user", "username"),
                "is the user of another secret",
                f"{user.username}, also of {'.'.join(map(str, owner[1:]))}",
                "a user of its own for every secret",
                "take another user",
            )


def admin_secrets_are_of_the_region(subject: Subject) -> Iterator[Problem]:
    region = subject.settings.region
    for path, secret in _secrets(subject):
        for key, arn in (("admin_secret_arn", secret.admin_secret_arn), ("admin_key_arn", secret.admin_key_arn)):
            if is_elsewhere(arn, region):
                allowed = f"one in {region}"
                yield Problem((*path, key), "is in another region", arn, allowed, "name the one of this region")


def authorities_files_are_there(subject: Subject) -> Iterator[Problem]:
    for path, secret in _secrets(subject):
        name = secret.database_user.authorities_file if secret.database_user else None
        if name and "BEGIN CERTIFICATE" not in _text_of(subject, name):
            yield Problem(
                (*path, "database_user", "authorities_file"),
                "holds no certificate, or is not there",
                name,
                f"a PEM file in {subject.settings.folder}",
                "put the file beside this one",
            )


def databases_are_where_no_task_is(subject: Subject) -> Iterator[Problem]:
    """Inside the VPC a database has a reserved range: a range with subnets would let a service reach other tasks."""
    network = subject.settings.network
    vpc = IPv4Network(network.vpc_cidr)
    reserved = [IPv4Network(cidr) for cidr in network.reserved_cidrs]
    for path, secret in _secrets(subject):
        cidr = IPv4Network(secret.database_user.cidr) if secret.database_user else None
        if cidr and cidr.overlaps(vpc) and not any(cidr.subnet_of(range_) for range_ in reserved):
            yield Problem(
                (*path, "database_user", "cidr"),
                "is not a reserved range",
                str(cidr),
                f"a range of network.reserved_cidrs, or one outside {vpc}",
                "reserve the range, or correct it",
            )


def _text_of(subject: Subject, name: str) -> str:
    try:
        return (subject.settings.folder / name).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _secrets(subject: Subject) -> Iterator[tuple[KeyPath, Secret]]:
    for service in subject.settings.services:
        for name, secret in service.secrets.items():
            yield ("services", service.name, "secrets", name), secret


CHECKS = (
    check(secrets_have_one_target, fields="secrets"),
    check(variables_name_keys_of_the_secret, fields="secrets"),
    check(variables_are_given_once, fields="secrets"),
    check(database_users_are_rotated_once, fields="secrets"),
    check(admin_secrets_are_of_the_region, "region", "secrets"),
    check(authorities_files_are_there, fields="secrets"),
    check(databases_are_where_no_task_is, "network", "secrets"),
)
