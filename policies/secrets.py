"""Whether a text looks like a secret, by the name it goes by and by its shape. Pure, and sparing with alarms.

What is judged is literal text and references; nothing found here is ever printed.
"""

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from policies.graph.templates import Reference, parts, references

# Per shape: lowercase marks of which a text must hold one (a single cheap look for all shapes), and the form itself.
_SHAPES = {
    "an AWS access key": (("akia", "asia"), r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": (("private key",), r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a JSON web token": (("eyj",), r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a GitHub token": (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})",
    ),
    "a GitLab token": (("glpat-",), r"\bglpat-[\w-]{20}"),
    "a Slack token": (("xox", "hooks.slack.com"), r"\bxox[abeprs]-[\w-]{10,}|hooks\.slack\.com/services/T\w+/"),
    "a payment provider's key": (("sk_", "rk_", "whsec_"), r"\b(?:sk|rk)_(?:live|test)_\w{16,}|\bwhsec_\w{16,}"),
    "a Google API key": (("aiza",), r"\bAIza[\w-]{35}"),
    "a SendGrid key": (("sg.",), r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    "a URL with a password": (("://",), r"\b[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@"),
    "a password in a connection string": (
        ("pass", "pwd", "key"),
        r"(?i)\b(?:password|passwd|pwd|accountkey|sharedaccesskey)\s*=\s*[^;\s&]+",
    ),
    "an authorization header": (("bearer", "basic"), r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9+/=._-]{16,}"),
}
_SHAPE = {name: re.compile(pattern) for name, (_, pattern) in _SHAPES.items()}
_MARK = re.compile("|".join(re.escape(mark) for marks, _ in _SHAPES.values() for mark in marks))

_SECRET_WORDS = frozenset(
    {"password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "apikey", "dsn"}
)
_SECRET_PAIRS = frozenset(
    {(first, "key") for first in ("api", "access", "private", "encryption", "signing", "auth", "master", "account")}
    | {("connection", "string"), ("db", "pass"), ("database", "pass"), ("db", "pwd"), ("basic", "auth")}
)
# What a secret-sounding name ends with when it holds something about a secret, not the secret.
_ABOUT = frozenset(
    """algorithm arn arns audience bucket count days enabled endpoint expiry expiration file header hours id ids issuer
    length minutes mode name names parameter path prefix provider ref region required rotation seconds size spec timeout
    ttl type uri url version""".split()  # noqa: SIM905  # a list of words reads better than a list of quotes
)
_FINGERPRINTS = frozenset({"checksum", "commit", "digest", "etag", "fingerprint", "hash", "revision", "sha", "sha256"})
_REVEALING = frozenset(
    """authorization_token auth_token master_password password plaintext private_key private_key_openssh private_key_pem
    result secret secret_binary secret_string ses_smtp_password_v4 token value""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{24,}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def secret_in(name: str, template: str) -> str:
    """What the value of an environment variable gives away, in words; "" when it gives nothing away."""
    for reference in references(template):
        if revealed := _revealed(name, reference):
            return revealed
    literal = _literal(template)
    if shape := shape_of(template, name):
        return shape
    if any(reference.head.startswith("ephemeral.") for reference in references(template)):
        return ""  # the secret in it is of no file: Terraform takes such a value in write-only arguments alone
    return "a value under a name that says secret" if sounds_secret(name) and _could_be_one(literal) else ""


@lru_cache(maxsize=4096)
def sounds_secret(name: str) -> bool:
    """Whether a name says that its value is a secret: DB_PASSWORD, apiKey; not DB_PASSWORD_ARN or TOKEN_TTL."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[-1] in _ABOUT or name.startswith("arn:"):
        return False
    return any(word in _SECRET_WORDS for word in words) or any(pair in _SECRET_PAIRS for pair in pairwise(words))


def shape_of(template: str, name: str = "") -> str:
    """Which kind of secret a text contains, "" for none; the name only excuses fingerprints."""
    if known := known_shape(template):
        return known
    text = _literal(template)
    words = {word.lower() for word in _WORD.findall(name)}
    if text.startswith("arn:") or words & _FINGERPRINTS:
        return ""
    return "a random text" if any(_is_random(token, text) for token in _TOKEN.findall(text)) else ""


def known_shape(template: str) -> str:
    """Which kind of secret of a known issuer or form a text contains, "" for none: no guess at randomness."""
    text = _literal(template)
    if not _MARK.search(text.lower()):
        return ""
    return next((shape for shape, pattern in _SHAPE.items() if pattern.search(text)), "")


def _literal(template: str) -> str:
    return "".join(part if isinstance(part, str) else " " for part in parts(template)).strip()


def _revealed(name: str, reference: Reference) -> str:
    """Attributes that hold a secret in plain text, and variables that are named like one."""
    last = next((step for step in reversed(reference.steps) if not step.isdigit()), reference.name)
    if reference.head in ("var", "local"):
        return f"the value of {reference.text}" if sounds_secret(name) or sounds_secret(last) else ""
    revealing = last in _REVEALING
    if last == "result":
        revealing = reference.head in ("random_password", "random_string")
    if last == "value":
        revealing = reference.head.endswith("aws_ssm_parameter")
    return f"the value of {reference.text}" if revealing else ""


def _could_be_one(literal: str) -> bool:
    """Whether a value under a secret-sounding name may be the secret: switches and addresses of secrets are not."""
    return bool(literal) and literal.lower() not in ("true", "false") and not literal.startswith(("arn:", "/"))


def _is_random(token: str, text: str) -> bool:
    """Whether a run of characters is more like a key than like words, an id or a digest."""
    if _UUID.fullmatch(token) or re.search(rf"sha\d+[:-]{re.escape(token)}", text):
        return False
    classes = [_class(character) for character in token]
    changes = sum(a != b for a, b in pairwise(classes)) / len(token)
    mixed = {"upper", "lower", "digit"} <= set(classes)
    if mixed:
        return changes >= 0.4 and _entropy(token) >= 4.0
    return len(token) >= 32 and token.isalnum() and token.islower() and changes >= 0.3 and _entropy(token) >= 3.0


def _class(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower"
    return "other"


def _entropy(text: str) -> float:
    """Shannon entropy in bits per character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
