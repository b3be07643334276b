"""The load balancer: what it listens on, and what it forwards where."""

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Answer, Live, only


@check("P.4.1", "G.6.1")
def only_https_listeners(live: Live) -> Problems:
    """The load balancer has HTTPS listeners only, with a TLS policy that the spec allows."""
    if not live.listeners:
        yield "the load balancer has no listener"
    for listener in live.listeners:
        yield from differs(
            "protocol and port",
            (listener["Protocol"], listener["Port"]),
            ("HTTPS", live.spec.get("load_balancer.port")),
        )
        if listener.get("SslPolicy") not in live.spec.get("load_balancer.tls_policies"):
            yield f"TLS policy is {listener.get('SslPolicy')!r}"


@check("P.4.2", "G.6.1")
def certificates_are_issued_by_acm(live: Live) -> Problems:
    """Every listener serves a certificate that ACM issued."""
    for listener in live.listeners:
        for certificate in listener.get("Certificates") or [{}]:
            described = live.client("acm").describe_certificate(CertificateArn=certificate["CertificateArn"])
            yield from differs("status of the certificate", described["Certificate"]["Status"], "ISSUED")


@check("P.4.3", "G.6.1")
def paths_are_forwarded_and_nothing_else(live: Live) -> Problems:
    """The paths of the spec go to the public service; every other request is answered with 404."""
    listener = only(live.listeners, "listener")
    default = only(listener["DefaultActions"], "default action")
    status = (default.get("FixedResponseConfig") or {}).get("StatusCode")
    yield from differs("default action", (default["Type"], status), ("fixed-response", "404"))
    forwarding = [rule for rule in live.listener_rules if rule["Priority"] != "default"]
    production = [rule for rule in forwarding if not header_of(rule)]
    paths = sorted(value for rule in production for value in paths_of(rule))
    yield from differs("forwarded paths", paths, sorted(live.spec.get("load_balancer.paths")))
    targets = {arn for rule in forwarding for arn, weight in weights_of(rule).items() if weight}
    known = {live.target_group_arn(live.name("tg", group)) for group in live.target_group_components}
    yield from differs("target groups that paths go to", targets - known, set())
    attached = {
        entry["targetGroupArn"] for name in live.public_services for entry in live.services[name]["loadBalancers"]
    }
    yield from differs("attached target groups that no path goes to", attached - targets, set())


@check("P.4.4", "G.6.1", "G.6.2")
def tasks_are_reached_on_their_port(live: Live) -> Problems:
    """Target groups reach tasks by address on the port of the spec, and every task is registered."""
    for service in live.public_services:
        group = live.target_groups[live.services[service]["loadBalancers"][0]["targetGroupArn"]]
        yield from differs(f"{service}: target type", group["TargetType"], "ip")
        yield from differs(f"{service}: port of the target group", group["Port"], live.port(service))
        health = live.client("elbv2").describe_target_health(TargetGroupArn=group["TargetGroupArn"])
        ports = [entry["Target"]["Port"] for entry in health["TargetHealthDescriptions"]]
        yield from differs(f"{service}: ports of the targets", ports, [live.port(service)] * len(live.tasks[service]))


def paths_of(rule: Answer) -> list[str]:
    """The paths that a listener rule matches."""
    return [
        value
        for condition in rule["Conditions"]
        if condition["Field"] == "path-pattern"
        for value in condition.get("PathPatternConfig", {}).get("Values") or condition.get("Values", [])
    ]


def header_of(rule: Answer) -> str:
    """The header that a listener rule demands; empty when it demands none."""
    headers = (condition.get("HttpHeaderConfig") or {} for condition in rule["Conditions"])
    return next((header["HttpHeaderName"] for header in headers if header), "")


def weights_of(rule: Answer) -> dict[str, int]:
    """ARN of a target group -> its share of the requests."""
    found: dict[str, int] = {}
    for action in rule["Actions"]:
        groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        found |= {group["TargetGroupArn"]: int(group.get("Weight", 1)) for group in groups}
        if not groups and action.get("TargetGroupArn"):
            found[action["TargetGroupArn"]] = 1
    return found
