"""What the gate and its checks inside Checkov agree on: ids, and the environment that says what to judge."""

PREFIX = "CKV_PAYGATE_"
GATE_ID = f"{PREFIX}GATE"
SOURCE_VARIABLE = "PAYGATE_CHECKOV_SOURCE"
SPEC_VARIABLE = "PAYGATE_CHECKOV_SPEC"


def check_id(rule_id: str) -> str:
    """The Checkov id of a rule: `CKV_PAYGATE_SPOT_MAJORITY`; that of the gate for what concerns no single rule."""
    return PREFIX + rule_id.replace("-", "_").upper() if rule_id else GATE_ID


def is_ours(identity: str) -> bool:
    """Whether a Checkov id is one of this project."""
    return identity.startswith(PREFIX)
