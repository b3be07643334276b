"""Verification against what AWS says: what Terraform does not know in a stack is found, and judged like the rest."""

from delivery.verify.finding import find_unmanaged
from delivery.verify.judged import judge_deployed
from delivery.verify.unmanaged import Unmanaged, with_unmanaged

__all__ = ["Unmanaged", "find_unmanaged", "judge_deployed", "with_unmanaged"]
