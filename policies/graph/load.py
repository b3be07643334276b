"""From a path to a graph: a folder or file of Terraform JSON, a plan, or a state."""

from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.graph.documents import read_json
from policies.graph.graph import Graph
from policies.graph.plan import load_plan
from policies.graph.state import load_raw_state, load_shown_state
from policies.graph.terraform_json import load_terraform_json

SUFFIX = ".tf.json"
# What Terraform takes into account by itself and the gate cannot: HCL, and values for variables.
UNREAD = ("*.tf", "terraform.tfvars", "terraform.tfvars.json", "*.auto.tfvars", "*.auto.tfvars.json")
READABLE = "a folder with *.tf.json, one such file, or the JSON of `terraform show -json` for a plan or a state"


def load(path: Path) -> Graph:
    """The graph of what stands at the path. GateError when it is missing, unreadable, empty or of another kind."""
    if not path.exists():
        raise GateError("there is nothing at this path", str(path), allowed=READABLE)
    try:
        graph = _load_folder(path) if path.is_dir() else _load_file(path)
    except RecursionError as error:
        raise GateError("a value is nested deeper than anything real", str(path)) from error
    if not graph.kinds or all(kind.startswith(("data.", "ephemeral.")) for kind in graph.kinds):
        raise GateError("there are no resources to judge", str(path), found=f"{len(graph)} data sources")
    return graph


def _load_folder(folder: Path) -> Graph:
    files = terraform_files(folder)
    if files:
        return load_terraform_json(files, str(folder))
    stacks = sorted(path.parent for path in folder.glob("stacks/*/cdk.tf.json"))
    if len(stacks) == 1:
        return _load_folder(stacks[0])
    if stacks:
        names = ", ".join(str(path) for path in stacks)
        raise GateError(
            "several stacks, and a verdict is about one", str(folder), found=names, remedy="Name one of them."
        )
    raise GateError("there is no Terraform JSON in this folder", str(folder), allowed=READABLE)


def terraform_files(folder: Path) -> list[Path]:
    """The *.tf.json of a folder, in Terraform's order. GateError when Terraform would read more than the gate can."""
    _refuse_hidden(folder)
    others = sorted(path.name for pattern in UNREAD for path in folder.glob(pattern) if path.is_file())
    files = sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file())
    overrides = [path.name for path in files if is_override(path)]
    if others and (files or overrides):
        raise GateError(
            "Terraform would read files here that the gate cannot",
            str(folder),
            found=", ".join(others),
            remedy="Gate the plan instead: terraform show -json PLAN > plan.json",
        )
    if overrides:
        raise GateError(
            "an override file changes what would be deployed",
            str(folder),
            found=", ".join(overrides),
            remedy="Gate the folder without it, or the plan made with it.",
        )
    return files


def _refuse_hidden(folder: Path) -> None:
    """What Terraform (1.11.4) ignores would be judged beside what it deploys, and stand in for what is missing."""
    hidden = sorted(path.name for path in folder.glob(f".*{SUFFIX[1:]}") if path.name.endswith(SUFFIX))
    if hidden:
        raise GateError(
            "Terraform ignores files whose names begin with a dot, so nothing in them is deployed",
            str(folder),
            found=", ".join(hidden),
            remedy="Remove the file, or give it a name without the dot.",
        )


def is_override(path: Path) -> bool:
    """Whether Terraform merges the file over the others instead of reading it beside them."""
    stem = path.name.removesuffix(SUFFIX)
    return stem == "override" or stem.endswith("_override")


def _load_file(path: Path) -> Graph:
    if path.name.endswith(SUFFIX):
        return load_terraform_json([path], str(path))
    document = read_json(path)
    if not isinstance(document, dict):
        raise GateError("no plan, state or Terraform JSON", str(path), found=type(document).__name__, allowed=READABLE)
    if "planned_values" in document:
        return load_plan(document, path, _companion(path))
    if "values" in document and "format_version" in document:
        return load_shown_state(document, path, _companion(path))
    if "lineage" in document or ("version" in document and isinstance(document.get("resources"), list)):
        return load_raw_state(document, path, _companion(path))
    if _is_empty_state(document):
        raise GateError("there are no resources to judge", str(path), found="an empty state")
    return load_terraform_json([path], str(path))


def _is_empty_state(document: dict[str, Any]) -> bool:
    return set(document) <= {"format_version", "terraform_version", "checks"} and "format_version" in document


def _companion(path: Path) -> Graph | None:
    """The Terraform JSON beside a plan or state, which knows what those leave out: expressions, lifecycle, lines.

    None when there is none, or none that can be read: the plan or state is judged by itself then.
    """
    _refuse_hidden(path.parent)
    files = sorted(item for item in path.parent.glob(f"*{SUFFIX}") if item.is_file() and not is_override(item))
    try:
        return load_terraform_json(files, str(path.parent)) if files else None
    except GateError:
        return None
