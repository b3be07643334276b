"""Random texts, what PostgreSQL stores of them, and the TLS that they travel in."""

import re
import ssl
from base64 import b64decode
from pathlib import Path

import pytest
from scramp import ScramMechanism

from delivery.sandbox.standins.authority import Authority
from infra.lambdas.rotation import tls
from infra.lambdas.rotation.random_text import is_random_text, random_text
from infra.lambdas.rotation.scram import verifier

PASSWORD = "a1B2" * 12


def test_a_random_text_has_letters_and_digits_and_comes_once() -> None:
    texts = {random_text() for _ in range(200)}

    assert len(texts) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9]{48}", text) for text in texts)
    assert len(set("".join(texts))) == 62
    assert all(map(is_random_text, texts))


@pytest.mark.parametrize("value", [None, 7, "", "a" * 47, "a" * 49, "a" * 47 + "'", "a" * 48 + "\n", "\u0663" * 48])
def test_anything_else_is_none(value: object) -> None:
    assert not is_random_text(value)


@pytest.mark.clause("G.7.3", proof="test")
def test_what_postgresql_stores_proves_the_password_and_does_not_tell_it() -> None:
    """Held against another implementation of RFC 5802."""
    first, second = verifier(PASSWORD), verifier(PASSWORD)
    found = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)", first)

    assert first != second
    assert PASSWORD not in first
    assert found
    count, salt, stored_key, server_key = found.groups()
    mechanism = ScramMechanism("SCRAM-SHA-256")
    made = mechanism.make_auth_info(PASSWORD, iteration_count=int(count), salt=b64decode(salt))
    assert (b64decode(stored_key), b64decode(server_key)) == (made[1], made[2])


@pytest.mark.clause("G.7.3", proof="test")
def test_tls_is_verified_and_further_authorities_add_to_those_of_the_system(tmp_path: Path) -> None:
    plain = tls.verified_tls(tmp_path / "none.pem")
    file = tmp_path / "authorities.pem"
    file.write_bytes(Authority().certificate)
    more = tls.verified_tls(file)

    for context in (plain, more):
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert more.cert_store_stats()["x509_ca"] == plain.cert_store_stats()["x509_ca"] + 1


def test_authorities_are_looked_for_at_the_root_of_the_package() -> None:
    assert Path(tls.__file__).parents[1] / "authorities.pem" == tls.AUTHORITIES
