"""Versions that every stack asks for."""

# Newer than the version the bindings were made from, and no next major: docs/decisions/0002-provider-range.md.
PROVIDER_RANGE = ">= 6.25, < 7"
