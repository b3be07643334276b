"""Runs Checkov over Terraform JSON in a process of its own and prints what it did as one JSON object.

    python -m policies.checkov_run FILE...

A process of its own because Checkov keeps state between scans (its IAM scanner caches policies by position), and
because the gate must not import it on its way without --checkov.
"""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

# Before Checkov is imported: it asks the network for a newer version of itself otherwise.
os.environ["CKV_SKIP_PACKAGE_UPDATE_CHECK"] = "true"

from checkov.common.output.record import Record
from checkov.common.output.report import Report
from checkov.runner_filter import RunnerFilter
from checkov.terraform_json.runner import TerraformJsonRunner
from checkov.version import version

from policies.checkov_run.blocks import entity_address
from policies.checkov_run.ids import is_ours

EXTERNAL_CHECKS = Path(__file__).parent.parent / "checkov"


class TypedRunner(TerraformJsonRunner):
    """The runner of Checkov, whose records name `resource.<name>`, with whole addresses in them."""

    def run_block(self, entities: list[dict[str, Any]], block_type: str, report: Report, **others: Any) -> None:
        for entity in entities:
            before = [len(records) for records in _records(report)]
            super().run_block(entities=[entity], block_type=block_type, report=report, **others)
            for records, count in zip(_records(report), before, strict=True):
                for record in records[count:]:
                    record.resource = entity_address(block_type, entity)


def _records(report: Report) -> tuple[list[Record], list[Record], list[Record]]:
    return report.passed_checks, report.failed_checks, report.skipped_checks


class ErrorCollector(logging.Handler):
    """Keeps what Checkov logs as an error: a check that raised, a check that did not load."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def scan(files: list[str]) -> dict[str, Any]:
    """One scan; the shape is that of `policies.checkov_run.client.Scan`."""
    errors = ErrorCollector()
    logging.getLogger().handlers = [errors]
    report = TypedRunner().run(
        files=files,
        external_checks_dir=[str(EXTERNAL_CHECKS)],
        runner_filter=RunnerFilter(framework=["terraform_json"], show_progress_bar=False),
    )
    if not isinstance(report, Report):
        raise TypeError(f"one report expected, not {type(report).__name__}")
    return {
        "version": version,
        "parsing_errors": report.parsing_errors,
        "logged_errors": errors.messages,
        "records": [
            _row(record, result)
            for result, records in zip(("passed", "failed", "skipped"), _records(report), strict=True)
            for record in records
            if result != "passed" or is_ours(record.check_id)
        ],
        "passed_ids": sorted({record.check_id for record in report.passed_checks}),
    }


def _row(record: Record, result: str) -> dict[str, Any]:
    return {
        "id": record.check_id,
        "result": result,
        "address": record.resource,
        "title": record.check_name,
        "guideline": record.guideline or "",
        "keys": [key for key in record.check_result.get("evaluated_keys") or [] if isinstance(key, str)],
        "details": record.details or [],
    }


if __name__ == "__main__":
    json.dump(scan(sys.argv[1:]), sys.stdout)
