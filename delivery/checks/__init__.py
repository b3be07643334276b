"""Live checks: what AWS itself says of a deployed stack, held against the spec of its platform."""
