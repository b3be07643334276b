"""Every difference between state and AWS, judged one by one; what nobody vouches for is illegal. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.changes.graphs import checked
from delivery.drift.legal import REPEATED, Drifted, row_for
from delivery.drift.scene import Scene
from delivery.errors import EXIT_FAILED, UserError
from delivery.terraform.differences import Difference, differences
from delivery.terraform.repeats import Place
from delivery.terraform.values import Marker, is_nothing

EMPTY = "nothing, written otherwise"
SAME_JSON = "the same document, written otherwise"
DELETED = "it was deleted"
UNMANAGED = "AWS has it and the state does not"
STRANGE = "no resource of the state says it"
UNKNOWN = "nobody is known to change this"
UNSEEN = "Terraform reports a difference that cannot be seen"
OUTPUT = "no legal drift changes an output"


@dataclass(frozen=True)
class Entry:
    """One attribute, or part of one. path: "" for the whole resource; state, found: JSON values or markers."""

    address: str
    path: str
    state: Any
    found: Any
    legal: bool
    reason: str


@dataclass(frozen=True)
class Drift:
    """Everything that differs, by address."""

    entries: tuple[Entry, ...]

    @property
    def legal(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.legal)

    @property
    def illegal(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.legal)

    @property
    def exit_code(self) -> int:
        """0 when all of it is legal, else 1."""
        return EXIT_FAILED if self.illegal else 0


def classify(shown: Any, unmanaged: Iterable[tuple[str, str]] = ()) -> Drift:
    """Of `terraform show -json` of a plan that only reads (`Terraform.refreshed`). UserError for anything else.

    unmanaged: (what, description) of things of the stack that AWS has and the state does not
    """
    scene = Scene(_refresh_only(checked(shown, "a plan that only reads")))
    entries = [entry for item in scene.drifted for entry in _entries(item, scene)]
    entries += _strange(scene)
    for name, change in (scene.shown.get("output_changes") or {}).items():
        if change.get("actions") != ["no-op"]:
            hidden = change.get("before_sensitive") or change.get("after_sensitive")
            values = [Marker.SENSITIVE] * 2 if hidden else [change.get("before"), change.get("after")]
            entries.append(Entry(f"output.{name}", "", values[0], values[1], legal=False, reason=OUTPUT))
    entries += [Entry(what, "", None, description, legal=False, reason=UNMANAGED) for what, description in unmanaged]
    return Drift(tuple(sorted(entries, key=lambda entry: (entry.address, entry.path))))


def _refresh_only(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(shown.get("prior_state"), dict):
        raise UserError("the plan does not say what AWS has", "plan", "no prior_state", "a refresh-only plan")
    changing = [item["address"] for item in shown.get("resource_changes") or () if _does(item)]
    if changing:
        raise UserError(
            "this plan changes something",
            "plan",
            changing[0],
            "a plan made with -refresh-only",
            "Plan with -refresh-only.",
        )
    return shown


def _does(item: Mapping[str, Any]) -> bool:
    return item["change"]["actions"] not in (["no-op"], ["read"])


def _entries(item: Mapping[str, Any], scene: Scene) -> Iterator[Entry]:
    address, change = str(item["address"]), item["change"]
    if change["actions"] == ["delete"]:
        yield Entry(address, "", "there", "gone", legal=False, reason=DELETED)
    elif change["actions"] == ["update"]:
        found = list(differences(change))
        if not found:
            yield Entry(address, "", None, None, legal=False, reason=UNSEEN)
        for attribute in dict.fromkeys(_attribute(each) for each in found):
            drifted = Drifted(address, str(item.get("type")), attribute, change["before"], change["after"], scene)
            yield from _judged(drifted, [each for each in found if _attribute(each) == attribute])
    elif change["actions"] != ["no-op"]:
        yield Entry(address, "", None, "/".join(map(str, change["actions"])), legal=False, reason=UNKNOWN)


def _attribute(difference: Difference) -> str:
    """The top of its path."""
    return difference.path.replace("{", ".").replace("[", ".").partition(".")[0]


def _judged(drifted: Drifted, found: list[Difference]) -> Iterator[Entry]:
    place = (drifted.address, drifted.attribute)
    if place in drifted.scene.strange:
        yield from _repeated(place, drifted)
        return
    row = row_for(drifted.kind, drifted.attribute)
    limit = row.limit(drifted) if row else UNKNOWN
    for each in found:
        harmless = _harmless(each)
        legal = bool(harmless) or not limit
        reason = harmless or (row.reason if row and legal else limit)
        yield Entry(drifted.address, each.path, each.before, each.after, legal, reason)


def _repeated(place: Place, drifted: Drifted) -> Iterator[Entry]:
    """What separate resources say is judged where it stands; `_strange` tells what nobody says."""
    before, after = len(drifted.state or ()), len(drifted.found or ())
    if before or after > len(drifted.scene.strange[place]):
        yield Entry(*place, f"{before} items", f"{after} items", legal=True, reason=REPEATED)


def _strange(scene: Scene) -> Iterator[Entry]:
    """What AWS has inside a resource and no resource of the state says."""
    for (address, attribute), items in scene.strange.items():
        for index, item in items:
            yield Entry(address, f"{attribute}[{index}]", None, item, legal=False, reason=STRANGE)


def _harmless(each: Difference) -> str:
    """Why a difference says nothing at all; "" where it does."""
    if each.before is Marker.SAME_JSON:
        return SAME_JSON
    return EMPTY if is_nothing(each.before) and is_nothing(each.after) else ""
