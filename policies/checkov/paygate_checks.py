"""Shows each rule to Checkov as one check. The verdict is that of the gate; Checkov only carries it.

Checkov hands a check one rendered block at a time, without the file's root. Rules need the whole stack as it was
written, so the file is found through the runner that calls, judged once, and each block is told its part:

- a finding or an error at a resource, data source or provider block fails there;
- one whose address is no block of the file (something is missing) fails at the first resource;
- a rule that applies to nothing passes at the first resource, so that every rule leaves a trace.

Checkov drops a check that raises and goes on without a check that does not load. Here both are failures.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.base_check import BaseDataCheck
from checkov.terraform.checks.provider.base_check import BaseProviderCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from policies.checkov_run.blocks import block_address, first_block, visited_blocks
from policies.checkov_run.ids import GATE_ID, SOURCE_VARIABLE, SPEC_VARIABLE, check_id
from policies.errors import GateError
from policies.gate import judge
from policies.graph.load import load
from policies.registry import LoadedRule, all_rules
from policies.rule import Rule
from policies.verdict import Judged, Problem

Outcome = Judged | Problem
EVERYWHERE = ["*"]
PATH_NAME = "full_file_path"


@dataclass
class Judgement:
    """The gate's verdict about one stack, by check id and address. `broken` is why there is none. judged: where a check
    says that all is well, if it has no outcome there; of a rule that is not of the stack's spec nothing is said.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    first: str = ""
    broken: str = ""
    outcomes: dict[tuple[str, str], list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    judged: frozenset[tuple[str, str]] = frozenset()

    def add(self, rule: str, address: str, item: Outcome) -> None:
        """An outcome at its address, or at the first resource where Checkov visits no such block."""
        self.outcomes[check_id(rule), address if address in self.kinds else self.first].append(item)


@lru_cache(maxsize=64)
def judgement(path: str) -> Judgement:
    """Judge the stack that a file belongs to: its folder, or the source named in the environment. Asked for each block
    and rule, some 20,000 times for a stack.
    """
    source = Path(os.environ.get(SOURCE_VARIABLE) or Path(path).resolve().parent)
    verdict = judge(source, today=date.today(), spec_name=os.environ.get(SPEC_VARIABLE) or None)
    try:
        graph = load(source)
    except GateError as error:
        return Judgement(broken=str(error))
    if not verdict.rules:
        return Judgement(broken="; ".join(item.message for item in verdict.errors))
    blocks = visited_blocks(graph)
    first = first_block(blocks)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for address, kind in blocks.items():
        by_kind[kind].append(address)
    judged = {
        (check_id(rule.id), address) for rule in verdict.rules for address in _judged_by(rule, by_kind) or [first]
    }
    found = Judgement(kinds=blocks, first=first, judged=frozenset({*judged, (GATE_ID, first)}))
    for item in verdict.findings:
        found.add(item.rule.id, item.finding.address, item)
    for problem in verdict.errors:
        found.add(problem.rule, problem.address, problem)
    return found


def _judged_by(rule: Rule, by_kind: Mapping[str, list[str]]) -> list[str]:
    """The addresses of the blocks whose types the rule judges; by_kind: the addresses of each type."""
    return [address for kind, addresses in by_kind.items() if rule.judges(kind) for address in addresses]


class _Front:
    """What the three kinds of checks share; `block` is how their addresses begin."""

    block = ""
    id: str
    details: list[str]
    evaluated_keys: list[str]

    def run(self, *, entity_configuration: Any, entity_name: str, entity_type: str, **_: Any) -> dict[str, Any]:
        """Checkov's call for one block. An inline skip is not obeyed: waivers stand in waivers.yaml."""
        self.details, self.evaluated_keys = [], []
        try:
            found = judgement(_scanned_path())
            address = block_address(self.block, entity_type, entity_name, entity_configuration)
            result, reason = self._result(found, address)
        except Exception as error:  # Checkov would drop the check
            self.details.append(f"{self.id} crashed: {type(error).__name__}: {error}")
            result, reason = CheckResult.FAILED, ""
        return {
            "result": result,
            "evaluated_keys": self.evaluated_keys,
            **({"suppress_comment": reason} if reason else {}),
        }

    def _result(self, found: Judgement, address: str) -> tuple[CheckResult, str]:
        if found.broken:
            self.details.append(found.broken)
            return CheckResult.FAILED, ""
        outcomes = found.outcomes.get((self.id, address))
        if not outcomes:
            return (CheckResult.PASSED if (self.id, address) in found.judged else CheckResult.UNKNOWN), ""
        failed = [item for item in outcomes if isinstance(item, Problem) or not item.waived]
        for item in failed:
            self._tell(item)
        if failed:
            return CheckResult.FAILED, ""
        return CheckResult.SKIPPED, next(item.waived for item in outcomes if isinstance(item, Judged))

    def _tell(self, item: Outcome) -> None:
        if isinstance(item, Problem):
            self.details.append(f"error: {item.message} [{item.address} {item.attribute}]")
            return
        found = item.finding
        self.details.append(
            f"{item.message} [{found.address} {found.attribute}: found {found.found!r}, expected {found.expected!r}; "
            f"{found.provenance.construct_path}]"
        )
        if found.attribute:
            self.evaluated_keys.append(found.attribute)


def _scanned_path() -> str:
    """The file that the calling runner is at: a check is told its name below a root that it is not told."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if PATH_NAME in code.co_varnames or PATH_NAME in code.co_cellvars:  # f_locals copies every value
            path = frame.f_locals.get(PATH_NAME)
            if isinstance(path, str):
                return path
        frame = frame.f_back
    raise LookupError("no file name in the calls of Checkov's runner; is this the pinned version?")


class RuleOnResources(_Front, BaseResourceCheck):
    """A rule, asked about resources."""

    block = "resource"

    def scan_resource_conf(self, conf: Any) -> CheckResult:
        raise NotImplementedError("run answers for the whole check")


class RuleOnData(_Front, BaseDataCheck):
    """A rule, asked about data sources."""

    block = "data"

    def scan_data_conf(self, conf: Any) -> CheckResult:
        raise NotImplementedError("run answers for the whole check")


class RuleOnProviders(_Front, BaseProviderCheck):
    """A rule, asked about provider blocks."""

    block = "provider"

    def scan_provider_conf(self, conf: Any) -> CheckResult:
        raise NotImplementedError("run answers for the whole check")


def register() -> None:
    """One check per rule and block type, and the gate itself as a check for what concerns the whole stack."""
    _register(GATE_ID, "Stack can be judged as a whole", None)
    for loaded in all_rules():
        _register(check_id(loaded.id), loaded.rule.title, loaded)


def _register(identity: str, title: str, loaded: LoadedRule | None) -> None:
    guideline = loaded.rule.source.url if loaded else None
    common: dict[str, Any] = {"name": title, "id": identity, "guideline": guideline}
    categories = [CheckCategories.GENERAL_SECURITY]
    for check in (
        RuleOnResources(categories=categories, supported_resources=EVERYWHERE, **common),
        RuleOnData(categories=categories, supported_data=EVERYWHERE, **common),
        RuleOnProviders(categories=categories, supported_provider=EVERYWHERE, **common),
    ):
        check.severity = Severities[loaded.rule.severity.upper() if loaded else "CRITICAL"]


class _Refusal(RuleOnResources):
    """Fails everywhere: the rules did not load, and Checkov would go on without them."""

    reason = ""

    def _result(self, *_: Any) -> tuple[CheckResult, str]:
        self.details.append(self.reason)
        return CheckResult.FAILED, ""


try:
    register()
except GateError as _error:
    _refusal = _Refusal(
        name="Rules of the gate load",
        id=GATE_ID,
        categories=[CheckCategories.GENERAL_SECURITY],
        supported_resources=EVERYWHERE,
    )
    _refusal.reason = str(_error)
