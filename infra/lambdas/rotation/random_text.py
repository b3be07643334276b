"""Random credentials.

From Python's `secrets`, that is from the kernel, and not from secretsmanager:GetRandomPassword: that permission can
only be given for every resource ("*"), and the call is one more that may fail.
"""

import re
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits  # goes into SQL, headers and URLs without an escape
CHARACTERS = 48  # 285 bits
_FORM = re.compile(rf"[A-Za-z0-9]{{{CHARACTERS}}}", re.ASCII)


def random_text() -> str:
    """A credential that nobody has had before."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CHARACTERS))


def is_random_text(value: object) -> bool:
    """Whether a value has the form of a credential made here."""
    return isinstance(value, str) and _FORM.fullmatch(value) is not None
