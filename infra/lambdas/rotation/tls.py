"""TLS to targets: certificate and host name are verified, always."""

import ssl
from pathlib import Path

# At the root of the package, where the platform's settings name one: Amazon RDS signs with authorities of its own.
AUTHORITIES = Path(__file__).parent.parent / "authorities.pem"


def verified_tls(authorities: Path = AUTHORITIES) -> ssl.SSLContext:
    """Trusts the authorities of the system, and those in a PEM file where there is one. TLS 1.2 is the oldest."""
    context = ssl.create_default_context()
    if authorities.exists():
        context.load_verify_locations(cafile=authorities)
    return context
