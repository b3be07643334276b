"""Checkov from outside: starts it, and believes it only when it demonstrably did its work."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.checkov_run.blocks import first_block, visited_blocks
from policies.checkov_run.ids import GATE_ID, SOURCE_VARIABLE, SPEC_VARIABLE, check_id, is_ours
from policies.errors import GateError
from policies.graph import Graph
from policies.verdict import Problem, Verdict

TIMEOUT_SECONDS = 300


@dataclass(frozen=True)
class Record:
    """What one check said of one block. result: `passed`, `failed` or `skipped`; address as in the graph."""

    id: str
    result: str
    address: str
    title: str
    guideline: str
    keys: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True)
class Scan:
    """One run of Checkov. Of its built-in checks only what did not pass is recorded; `passed_ids` names the others."""

    version: str
    parsing_errors: tuple[str, ...]
    logged_errors: tuple[str, ...]
    records: tuple[Record, ...]
    passed_ids: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """Every check that said anything."""
        return self.passed_ids | {record.id for record in self.records}


def run_checkov(files: Iterable[Path], source: str, spec: str) -> Scan:
    """Scan the files with our rules and the built-in checks. GateError when Checkov comes back with no result."""
    environment = {**os.environ, SOURCE_VARIABLE: source, SPEC_VARIABLE: spec}
    command = [sys.executable, "-m", "policies.checkov_run", *map(str, files)]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise GateError(f"Checkov did not end within {TIMEOUT_SECONDS} seconds", source) from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise GateError("Checkov failed", source, found=f"exit code {done.returncode}: {last}")
    return parse_scan(done.stdout, source)


def parse_scan(text: str, source: str) -> Scan:
    """The scan that the subprocess printed; GateError when it is anything else."""
    try:
        found: dict[str, Any] = json.loads(text)
        return Scan(
            version=found["version"],
            parsing_errors=tuple(found["parsing_errors"]),
            logged_errors=tuple(found["logged_errors"]),
            records=tuple(
                Record(**{**row, "keys": tuple(row["keys"]), "details": tuple(row["details"])})
                for row in found["records"]
            ),
            passed_ids=frozenset(found["passed_ids"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise GateError("Checkov printed no result", source, found=f"{type(error).__name__}: {error}") from error


def distrust(scan: Scan, verdict: Verdict, graph: Graph) -> Iterator[Problem]:
    """Every reason not to believe the scan: Checkov ends with exit code 0 in all of these cases."""
    for path in scan.parsing_errors:
        yield Problem("", f"Checkov could not parse {path}", file=path)
    for message in scan.logged_errors:
        yield Problem("", f"Checkov reported an error and went on: {message}")
    if all(is_ours(identity) for identity in scan.ids):
        yield Problem("", "no built-in check of Checkov said anything: it scanned no resource")
    expected = {GATE_ID, *(check_id(rule.id) for rule in verdict.rules)}
    for identity in sorted(expected - scan.ids):
        yield Problem("", f"Checkov did not run {identity}")
    yield from _differences(scan, expected_results(verdict, graph), expected)


def expected_results(verdict: Verdict, graph: Graph) -> dict[tuple[str, str], str]:
    """What Checkov must say where a rule does not pass: `failed` or `skipped` by check id and address."""
    blocks = visited_blocks(graph)
    first = first_block(blocks)
    said = [(item.rule.id, item.finding.address, "skipped" if item.waived else "failed") for item in verdict.findings]
    said += [(item.rule, item.address, "failed") for item in verdict.errors]
    results: dict[tuple[str, str], str] = {}
    for rule, address, result in said:
        key = check_id(rule), address if address in blocks else first
        results[key] = "failed" if "failed" in (result, results.get(key)) else result
    return results


def _differences(scan: Scan, ours: dict[tuple[str, str], str], ids: set[str]) -> Iterator[Problem]:
    """Where our rules inside Checkov say something else than by themselves."""
    theirs = {
        (item.id, item.address): item.result for item in scan.records if item.id in ids and item.result != "passed"
    }
    for identity, address in sorted(theirs.keys() | ours.keys()):
        here, there = ours.get((identity, address), "passed"), theirs.get((identity, address), "passed")
        if here != there:
            yield Problem("", f"the gate says {here} where Checkov says {there} of {identity}", address=address)
