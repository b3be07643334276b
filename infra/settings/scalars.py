"""Unquoted YAML values. YAML 1.1 and 1.2 disagree on many (`no`, `1:20`, `010`, `1e3`): those are refused, not guessed.

Sources: https://yaml.org/type/ (1.1) and https://yaml.org/spec/1.2.2/ section 10.3.2 (1.2), read 2026-11-22.
"""

import re

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
# What one of the two versions reads as something other than text, and its name.
_AMBIGUOUS = (
    (re.compile(r"(y|n|yes|no|on|off)", re.IGNORECASE), "is true or false in YAML 1.1 and text in YAML 1.2"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "is a number in base 60 in YAML 1.1"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?"), "is a date in YAML 1.1"),
    (re.compile(r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)"), "is infinite or not a number"),
    (re.compile(r"[-+]?0[0-7_]+|0o[0-7]+"), "is octal in one version of YAML and decimal or text in the other"),
    (re.compile(r"[-+]?(0[xX][0-9a-fA-F_]+|0b[01_]+)"), "is a number in base 16 or 2"),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?"), "is a number to some readers only"),
    (re.compile(r"=|<<"), "has a special meaning in YAML 1.1"),
)


class ScalarRefusedError(Exception):
    """An unquoted value that two YAML readers would read differently."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.allowed = "text in quotes, true or false, or a whole number without leading zeros"
        self.remedy = "put it in quotes if it is text, else write it in one of the allowed forms"


def read_scalar(text: str, *, plain: bool) -> str | int | float | bool | None:
    """The value of a scalar; quoted and block scalars are always text. Raises ScalarRefusedError."""
    if not plain:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return bool(_TRUE.fullmatch(text))
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and len(text) <= 18:
        return float(text)
    for pattern, problem in _AMBIGUOUS:
        if pattern.fullmatch(text):
            raise ScalarRefusedError(problem)
    return text
