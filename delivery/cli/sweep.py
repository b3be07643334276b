"""`paygate sweep`: leftovers of environments, found without a state."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from delivery.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from delivery.lifecycle.target import Target
    from delivery.sweep.ages import Environment
    from delivery.sweep.deleting import Swept
    from delivery.sweep.names import Platform

DEFAULT_REGION = "us-east-1"


@click.command("sweep")
@click.option("--suffix", help="The environment with this suffix.")
@click.option("--older-than", help="Every ephemeral environment older than this: 90m, 24h, 7d.")
@click.option("--platform", "platform_names", multiple=True, help="Only of this platform; may be repeated.")
@click.option("--ephemeral-prefix", "prefixes", multiple=True, help="For --older-than (default: nightly-, pr, test-).")
@click.option("--region", help="Default: $AWS_REGION, else us-east-1.")
@click.option("--yes", is_flag=True, help="Delete what is found; without it nothing is changed.")
@click.option("--confirm", metavar="SUFFIX", help="Type the suffix here, where nobody is there to be asked for it.")
@click.option("--fail-if-found", is_flag=True, help="Exit code 1 when a dry run finds something.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; progress goes to stderr.")
def command(
    suffix: str | None,
    older_than: str | None,
    platform_names: tuple[str, ...],
    prefixes: tuple[str, ...],
    region: str | None,
    yes: bool,
    confirm: str | None,
    fail_if_found: bool,
    as_json: bool,
) -> int:
    """Find what is left of environments, by tag, by name and by what it is a part of, also when the state is lost.

    Only looks, unless --yes is given. A suffix that does not begin like an ephemeral one (nightly-12, pr42, test-x) is
    deleted only after it was typed once more. Works in the account of the environment's credentials.

    Exit code: 0 nothing is left, or a dry run; 1 something could not be deleted, or --fail-if-found found something;
    2 it could not be tried.
    """
    from delivery.lifecycle.target import find_target
    from delivery.sweep.ages import EPHEMERAL_PREFIXES, age_of
    from delivery.sweep.report import as_data, as_text

    if (suffix is None) == (older_than is None):
        raise UserError("give exactly one of --suffix, --older-than", found="both" if suffix else "neither")
    than = age_of(older_than) if older_than is not None else None
    platforms = _platforms(platform_names)
    wanted = _checked_prefixes(prefixes or EPHEMERAL_PREFIXES)
    target = find_target(os.environ, region or os.environ.get("AWS_REGION") or DEFAULT_REGION)
    environments = _find(target, platforms, suffix, than, wanted)
    if yes and suffix and environments:
        _confirm(suffix, wanted, confirm, environments[0], target)
    swept = [(each.suffix, _delete(target, each, platforms)) for each in environments] if yes else []
    if as_json:
        click.echo(json.dumps({"account": target.account_id, **as_data(environments, swept)}, indent=2))
    else:
        click.echo(as_text(environments, swept, datetime.now(UTC)))
    left = any(result.left for _, result in swept)
    return EXIT_FAILED if left or (fail_if_found and not yes and environments) else 0


def _platforms(names: tuple[str, ...]) -> "tuple[Platform, ...]":
    from delivery.sweep.names import known_platforms

    known = {platform.name: platform for platform in known_platforms()}
    for name in names:
        if name not in known:
            raise UserError("no such platform", "--platform", name, ", ".join(sorted(known)))
    return tuple(known[name] for name in names or known)


def _checked_prefixes(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    for prefix in prefixes:
        if not prefix.strip("-"):
            raise UserError(
                "a prefix that every suffix begins with", "--ephemeral-prefix", repr(prefix), "nightly-, pr"
            )
    return prefixes


def _find(
    target: "Target",
    platforms: "tuple[Platform, ...]",
    suffix: str | None,
    than: timedelta | None,
    prefixes: tuple[str, ...],
) -> "list[Environment]":
    from delivery.sweep.ages import Environment, old_environments
    from delivery.sweep.finding import belongings, look_at, oldest

    account = look_at(target.environment, target.region)
    if than is not None:
        return old_environments(account, platforms, than, datetime.now(UTC), prefixes)
    found = belongings(account, suffix or "", platforms)
    return [Environment(suffix or "", found, oldest(found))] if found else []


def _confirm(
    suffix: str, prefixes: tuple[str, ...], confirm: str | None, environment: "Environment", target: "Target"
) -> None:
    """UserError unless the suffix is ephemeral, or was typed."""
    from delivery.sweep.ages import is_ephemeral

    if is_ephemeral(suffix, prefixes):
        return
    typed = confirm
    if typed is None:
        if not sys.stdin.isatty():
            mend = f"Say --confirm {suffix} to delete it without being asked"
            raise UserError("this may be production, and nobody is there to be asked", "--suffix", suffix, mend=mend)
        click.echo(f"{suffix} in account {target.account_id}, {target.region}: {len(environment.found)} things.")
        typed = click.prompt("Type the suffix to delete them", default="", show_default=False)
    if typed != suffix:
        raise UserError("nothing was deleted", "the suffix that was typed", typed or "nothing", suffix)


def _delete(target: "Target", environment: "Environment", platforms: "tuple[Platform, ...]") -> "Swept":
    from delivery.sweep.deleting import sweep_environment

    return sweep_environment(
        target.environment,
        target.region,
        environment.suffix,
        platforms,
        say=lambda line: click.echo(f"{environment.suffix}  {line}", err=True),
    )
