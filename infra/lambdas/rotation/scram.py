"""What PostgreSQL stores of a password: SCRAM-SHA-256, made here so that the password itself is in no statement.

A server that logs statements (log_statement, pgaudit) then logs nothing that anybody can log in with.
Sources: RFC 5802 section 3, RFC 7677; https://www.postgresql.org/docs/current/catalog-pg-authid.html (2026-11-26)
"""

import base64
import hashlib
import hmac
import secrets

ITERATIONS = 4096  # PostgreSQL's default; a random text needs no more
SALT_BYTES = 16


def verifier(password: str) -> str:
    """The text that `ALTER ROLE ... PASSWORD` takes instead of an ASCII password; another one each time."""
    salt = secrets.token_bytes(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored_key = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    server_key = _hmac(salted, b"Server Key")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
