"""What belongs to an environment whose state nobody has: by tag, by name, and by what it is a part of.

Three things keep the hands off what is not ours. A tag that names another suffix always wins. A name counts only as a
whole, by the pattern of a known platform, and a tag only together with the tags that the platform puts on everything.
What AWS has once for all regions (roles, buckets) counts only in the region that the platform's spec is for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from delivery.aws import Clients, clients
from delivery.sweep.listing import Thing, answered, ask, list_things, tags_of
from delivery.sweep.names import Platform, Reading, known_platforms, read, readings

GLOBAL = frozenset({"iam", "s3", "route53"})
GOING = " PendingDeletion"  # KMS keeps a key for 7 days; nothing is left to do about it
_OF_A_BALANCER = re.compile(r"(?:dualstack\.)?(?P<name>.+)-\d+\.(?P<region>[a-z0-9-]+)\.elb\.amazonaws\.com\.?")


@dataclass(frozen=True)
class Belonging:
    """A thing of an environment, and why it is taken for one. platform: empty where nothing tells it."""

    thing: Thing
    suffix: str
    platform: str
    why: str

    def __str__(self) -> str:
        return f"{self.thing} ({self.why})"


@dataclass(frozen=True)
class Account:
    """What one look at an account and region gave. platforms: all that names can be of, wanted or not."""

    id: str
    region: str
    things: tuple[Thing, ...]
    platforms: tuple[Platform, ...]

    def read(self, thing: Thing) -> Reading | None:
        """The only platform and suffix that the name of a thing can speak of."""
        return read((thing.service, thing.kind), thing.name, self.platforms, self.id)


def look_at(environment: Mapping[str, str], region: str, platforms: Sequence[Platform] = ()) -> Account:
    """List everything, with the tags that AWS holds elsewhere. UserError when AWS does not say.

    platforms: those there are beside the known ones.
    """
    everyone = tuple({each.name: each for each in (*known_platforms(), *platforms)}.values())
    client_of = clients(environment, region)
    with answered():
        account_id: str = client_of("sts").get_caller_identity()["Account"]
        tagged = ask(client_of("resourcegroupstaggingapi"), "get_resources", ResourcesPerPage=100)
        tags = {each["ResourceARN"]: tags_of(each["Tags"]) for each in tagged["ResourceTagMappingList"]}
        listed = (_with_tags(thing, tags) for thing in list_things(environment, region))
        things = [thing for thing in listed if not thing.id.endswith(GOING)]
        named = [_with_own_tags(thing, client_of, everyone, account_id) for thing in things]
        here = tuple(each for each in named if _is_of_region(each, client_of, region))
    return Account(account_id, region, here, everyone)


def find_environment(
    environment: Mapping[str, str], region: str, suffix: str, platforms: Sequence[Platform]
) -> tuple[Belonging, ...]:
    """Everything in the account of `environment` and in `region` that belongs to the suffix, on these platforms."""
    return belongings(look_at(environment, region, platforms), suffix, platforms)


def belongings(account: Account, suffix: str, platforms: Sequence[Platform]) -> tuple[Belonging, ...]:
    """The things of one suffix in what was listed: first those that say so themselves, then what is a part of them."""
    known = {platform.name: platform for platform in platforms}
    found: dict[tuple[str, str, str], Belonging] = {}
    for thing in account.things:
        if own := _says_itself(thing, account, suffix, known):
            found[thing.key] = own
    while more := _parts_of(found.values(), account, suffix):
        found |= {each.thing.key: each for each in more}
    return tuple(found[thing.key] for thing in account.things if thing.key in found)


def suffixes_in(account: Account, platforms: Sequence[Platform]) -> set[str]:
    """Every suffix that a tag or a name in the account speaks of."""
    by_tag = {thing.tags.get(each.suffix_tag) for thing in account.things for each in platforms if _has(thing, each)}
    by_name = {reading.suffix for thing in account.things if (reading := account.read(thing))}
    return {each for each in by_tag if each} | by_name


def not_in_state(found: Iterable[Belonging], shown_state: Mapping[str, Any]) -> tuple[Belonging, ...]:
    """The found things that a state does not know. shown_state: of `terraform show -json`, also its `prior_state`.

    What is a part of something (a task of a service, an interface of a function) is in no state; it is not told as an
    orphan while what it is a part of is known.
    """
    known = set(_texts(shown_state.get("values") or shown_state.get("prior_state", {}).get("values") or {}))
    return tuple(
        each
        for each in found
        if not known & set(_handles(each.thing)) and not (each.why.startswith("in ") and known & set(each.thing.within))
    )


def _says_itself(thing: Thing, account: Account, suffix: str, platforms: Mapping[str, Platform]) -> Belonging | None:
    if _speaks_of_another(thing, suffix, account):
        return None
    for platform in platforms.values():
        if thing.tags.get(platform.suffix_tag) == suffix and _has(thing, platform) and _may(thing, platform, account):
            return Belonging(thing, suffix, platform.name, "tag")
    reading = account.read(thing)
    if (
        reading
        and reading.suffix == suffix
        and (named := platforms.get(reading.platform))
        and _may(thing, named, account)
    ):
        return Belonging(thing, suffix, reading.platform, "name")
    return _entrance(thing, account, suffix, platforms)


def _entrance(thing: Thing, account: Account, suffix: str, platforms: Mapping[str, Platform]) -> Belonging | None:
    """A DNS record that leads to a load balancer of ours, also one that is gone: somebody else could get its name."""
    value = (thing.said.get("value") or "") if thing.kind == "record" else ""
    match = _OF_A_BALANCER.fullmatch(value)
    if not match or match["region"] != account.region or thing.name.partition(".")[0] != suffix:
        return None
    reading = read(("elbv2", "load balancer"), match["name"], account.platforms, account.id)
    if reading is None or reading.suffix != suffix or reading.platform not in platforms:
        return None
    return Belonging(thing, suffix, reading.platform, "leads to " + match["name"])


def _parts_of(found: Iterable[Belonging], account: Account, suffix: str) -> list[Belonging]:
    """What is a part of something found, and is not found yet."""
    held = list(found)
    whole = {handle: each for each in held for handle in _handles(each.thing)}
    names = {each.thing.name.rstrip("."): each for each in held if each.thing.kind in ("record", "certificate")}
    keys = {each.thing.key for each in held}
    more = []
    for thing in account.things:
        if thing.key in keys or _speaks_of_another(thing, suffix, account):
            continue
        parent = next((whole[each] for each in thing.within if each in whole and whole[each].thing != thing), None)
        if parent:
            more.append(Belonging(thing, suffix, parent.platform, f"in {parent.thing.kind} {_short(parent.thing)}"))
        elif _is_proof(thing) and (proven := names.get(thing.name.rstrip(".").partition(".")[2])):
            more.append(Belonging(thing, suffix, proven.platform, f"proves {proven.thing.name.rstrip('.')}"))
    return more


def _is_proof(thing: Thing) -> bool:
    """A record of the form by which ACM sees whose a domain is."""
    return thing.kind == "record" and thing.name.startswith("_") and thing.id.endswith(" CNAME")


def _speaks_of_another(thing: Thing, suffix: str, account: Account) -> bool:
    """Whether a tag names another suffix or, where no tag names one, the name does."""
    said = {thing.tags[each.suffix_tag] for each in account.platforms if each.suffix_tag in thing.tags}
    reading = account.read(thing)
    return bool(said - {suffix}) or (not said and reading is not None and reading.suffix != suffix)


def _has(thing: Thing, platform: Platform) -> bool:
    """Whether it carries all tags that the platform puts on everything."""
    return platform.tags.items() <= thing.tags.items()


def _may(thing: Thing, platform: Platform, account: Account) -> bool:
    return thing.service not in GLOBAL or platform.region == account.region


def _handles(thing: Thing) -> tuple[str, ...]:
    return tuple(filter(None, (thing.id, thing.arn, *thing.also)))


def _short(thing: Thing) -> str:
    return thing.name or thing.id


def _with_tags(thing: Thing, tags: Mapping[str, Mapping[str, str]]) -> Thing:
    held = {**tags.get(thing.arn, {}), **thing.tags}
    within = tuple("/".join(each.split("/")[:2]) if each.startswith("service/") else each for each in thing.within)
    return replace(thing, tags=held, within=within, name=thing.name or held.get("Name", ""))


def _with_own_tags(thing: Thing, client_of: Clients, platforms: Sequence[Platform], account_id: str) -> Thing:
    """Roles are not in the tagging API (supported services, checked 2026-11-26): ours are asked."""
    kind = (thing.service, thing.kind)
    if kind != ("iam", "role") or not readings(kind, thing.name, platforms, account_id):
        return thing
    return replace(thing, tags=tags_of(client_of("iam").list_role_tags(RoleName=thing.id)["Tags"]))


def _is_of_region(thing: Thing, client_of: Clients, region: str) -> bool:
    if thing.service != "s3" or not thing.name.startswith("s3-bucket-"):
        return True
    return (client_of("s3").get_bucket_location(Bucket=thing.id)["LocationConstraint"] or "us-east-1") == region


def oldest(found: Iterable[Belonging]) -> datetime | None:
    """When the first thing of an environment was made; None where AWS says it of none."""
    return min((each.thing.created for each in found if each.thing.created), default=None)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
