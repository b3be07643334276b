"""Log groups."""

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Live


@check("P.6.1", "G.3.4")
def a_log_group_per_service(live: Live) -> Problems:
    """Every service has a log group of its own."""
    yield from differs("services with a log group", sorted(live.log_groups), live.service_names)


@check("P.6.3", "G.3.4")
def logs_are_kept_as_long_as_stated(live: Live) -> Problems:
    """Log groups keep their events for the days of the spec."""
    expected = live.spec.get("logs.retention_days")
    for service in live.service_names:
        found = live.log_groups.get(service, {}).get("retentionInDays")
        yield from differs(f"{service}: retention in days", found, expected)


@check("P.6.2", "G.3.4")
def logs_are_encrypted_in_the_declared_mode(live: Live) -> Problems:
    """Log groups have a customer key exactly when the spec declares customer-managed encryption."""
    customer_managed = live.spec.get("logs.encryption") == "customer-managed"
    for service in live.service_names:
        group = live.log_groups.get(service)
        found = None if group is None else "kmsKeyId" in group
        yield from differs(f"{service}: has a key of the customer", found, customer_managed)
