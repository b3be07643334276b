"""The gate with Checkov behind it: our rules once more through Checkov, and its built-in checks beside them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from policies.checkov_run.client import Record, Scan, distrust, run_checkov
from policies.checkov_run.ids import is_ours
from policies.errors import GateError
from policies.gate import judge
from policies.graph import Graph, Provenance, ReadError, Resource
from policies.graph.load import load, terraform_files
from policies.rule import Finding, Rule, Severity, Source
from policies.verdict import Judged, Problem, Verdict
from policies.waivers import WAIVERS, apply_waivers, load_waivers

INDEX = Source("https://www.checkov.io/5.Policy%20Index/terraform.html", "2026-11-22")


def judge_with_checkov(
    path: Path,
    *,
    today: date,
    spec_name: str | None = None,
    only: Iterable[str] = (),
    waivers_path: Path = WAIVERS,
) -> Verdict:
    """Like `policies.gate.judge`, with the failures of Checkov's built-in checks as findings of their own.

    A scan that differs from the gate, or that did not demonstrably run, is an error of the verdict.
    """
    verdict = judge(path, today=today, spec_name=spec_name, only=only, waivers_path=waivers_path)
    try:
        graph = load(path)
        if not verdict.rules:
            return verdict  # nothing was judged, and the verdict says why
        scan = run_checkov(_files(graph), graph.source, verdict.spec)
        return _joined(verdict, scan, graph, waivers_path, today)
    except GateError as error:
        return replace(verdict, errors=(*verdict.errors, Problem("", str(error), file=str(path))))
    except (Exception, SystemExit) as error:  # whatever it is, Checkov has judged nothing
        message = f"the gate is broken: {type(error).__name__}: {error}"
        return replace(verdict, errors=(*verdict.errors, Problem("", message, file=str(path))))


def _files(graph: Graph) -> list[Path]:
    if graph.kind != "json":
        raise GateError(
            "Checkov reads Terraform JSON only", graph.source, found=f"a {graph.kind}", remedy="Leave --checkov out."
        )
    source = Path(graph.source)
    return terraform_files(source) if source.is_dir() else [source]


def _joined(verdict: Verdict, scan: Scan, graph: Graph, waivers_path: Path, today: date) -> Verdict:
    built_in = [record for record in scan.records if not is_ours(record.id) and record.result == "failed"]
    waivers = [item for item in load_waivers(waivers_path) if item.is_for_checkov]
    ids = frozenset(identity for identity in scan.ids if not is_ours(identity))
    waived = apply_waivers(
        waivers,
        [_judged(record, graph) for record in built_in],
        spec=verdict.spec,
        rules=ids | {item.rule for item in waivers},
        known=dict.fromkeys(ids, ()),
        today=today,
    )
    ran = {item.rule.id: item.rule for item in waived.findings}
    return replace(
        verdict,
        rules=(*verdict.rules, *(ran.get(identity) or _rule(identity, identity, "") for identity in sorted(ids))),
        findings=(*verdict.findings, *waived.findings),
        errors=(*verdict.errors, *distrust(scan, verdict, graph), *waived.errors),
        notes=(*verdict.notes, f"Checkov {scan.version} ran {len(ids)} built-in checks", *waived.notes),
        rules_of_spec=verdict.rules_of_spec + len(ids),
    )


def _judged(record: Record, graph: Graph) -> Judged:
    resource = graph.resources.get(record.address)
    attribute = _path(record.keys[0]) if record.keys else ""
    found = Finding(
        record.address,
        attribute,
        _found(resource, attribute),
        "what the page of the check says",
        "\n".join(record.details),
        resource.provenance if resource else Provenance(graph.source),
    )
    return Judged(_rule(record.id, record.title, record.guideline), found)


def _found(resource: Resource | None, attribute: str) -> Any:
    """What stands at the attribute that a check looked at, as far as its path is one of ours."""
    try:
        return resource.get(attribute) if resource and attribute else None
    except ReadError:
        return None


def _path(key: str) -> str:
    """A key of Checkov, `rule/[0]/status`, as a path of the graph; "" for keys of its own that are no attribute."""
    return "" if key == "resource_type" else key.replace("/[", "[").replace("/", ".")


def _rule(identity: str, title: str, guideline: str) -> Rule:
    """A built-in check as a rule. Checkov tells no severity without its service."""
    source = Source(guideline, INDEX.checked) if guideline.startswith("https://") else INDEX
    return Rule(
        id=identity,
        title=title,
        severity=Severity.MEDIUM,
        clauses=(),
        pci_dss=(),
        rationale="A built-in check of Checkov.",
        remediation=f"See {source.url}; mend it, or waive it in policies/waivers.yaml with a clause as the reason.",
        source=source,
        applies_to=(),
    )
