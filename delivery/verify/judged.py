"""A deployed stack held against the rules: what Terraform knows of it, and what only AWS knows."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.aws import clients
from delivery.files import write_whole
from delivery.verify.finding import find_unmanaged
from delivery.verify.unmanaged import Unmanaged, with_unmanaged

if TYPE_CHECKING:
    from policies.verdict import Verdict


def judge_deployed(
    shown_state: Mapping[str, Any], environment: Mapping[str, str], region: str, spec_name: str, file: Path
) -> tuple["Verdict", tuple[Unmanaged, ...]]:
    """The verdict on a refreshed state and on everything that AWS has in the same stack beside it.

    shown_state: as for `find_unmanaged`. environment, region: where AWS is asked (`delivery.aws.clients`). file: where
    what is judged is written, whole or not at all; a synthesized cdk.tf.json in its folder tells the rules what no
    state knows, such as `lifecycle`. The verdict's notes name each thing that is not in the state and that no rule
    rejects. UserError when AWS does not answer.
    """
    from policies.gate import judge

    unmanaged = find_unmanaged(shown_state, clients(environment, region))
    write_whole(file, json.dumps(with_unmanaged(shown_state, unmanaged)))
    verdict = judge(file, today=date.today(), spec_name=spec_name)
    return replace(verdict, notes=(*verdict.notes, *_unrejected(verdict, unmanaged))), unmanaged


def _unrejected(verdict: "Verdict", unmanaged: tuple[Unmanaged, ...]) -> tuple[str, ...]:
    rejected = {item.finding.address for item in verdict.unwaived} | {item.address for item in verdict.errors}
    return tuple(str(each) for each in unmanaged if each.address not in rejected)
