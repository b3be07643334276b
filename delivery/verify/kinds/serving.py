"""Actions and conditions of listeners and their rules, as the provider writes them. Pure."""

from typing import Any

from delivery.verify.asking import Answer

# AWS's field -> the provider's block, and where AWS keeps its values.
_CONDITIONS = {
    "host-header": ("host_header", "HostHeaderConfig"),
    "path-pattern": ("path_pattern", "PathPatternConfig"),
    "http-request-method": ("http_request_method", "HttpRequestMethodConfig"),
    "source-ip": ("source_ip", "SourceIpConfig"),
}


def action(answer: Answer) -> dict[str, Any]:
    """One action. A forward to one target group stands in `target_group_arn`, to several in `forward`."""
    forward = answer.get("ForwardConfig") or {}
    groups = forward.get("TargetGroups") or []
    several = len(groups) > 1
    return {
        "type": answer["Type"],
        "order": answer.get("Order"),
        "target_group_arn": "" if several else answer.get("TargetGroupArn") or _only(groups),
        "forward": [_forward(forward)] if several else [],
        "redirect": [_redirect(answer["RedirectConfig"])] if answer.get("RedirectConfig") else [],
        "fixed_response": [_fixed(answer["FixedResponseConfig"])] if answer.get("FixedResponseConfig") else [],
    }


def condition(answer: Answer) -> dict[str, Any]:
    """One condition: exactly one block is filled."""
    field = answer["Field"]
    if field == "http-header":
        config = answer["HttpHeaderConfig"]
        return {"http_header": [{"http_header_name": config["HttpHeaderName"], "values": config["Values"]}]}
    if field == "query-string":
        pairs = answer["QueryStringConfig"]["Values"]
        return {"query_string": [{"key": pair.get("Key"), "value": pair["Value"]} for pair in pairs]}
    block, config = _CONDITIONS[field]
    return {block: [{"values": (answer.get(config) or {}).get("Values") or answer.get("Values", [])}]}


def _only(groups: list[Answer]) -> str:
    return str(groups[0]["TargetGroupArn"]) if groups else ""


def _forward(config: Answer) -> dict[str, Any]:
    sticky = config.get("TargetGroupStickinessConfig") or {}
    return {
        "target_group": [
            {"arn": each["TargetGroupArn"], "weight": each.get("Weight", 1)} for each in config["TargetGroups"]
        ],
        "stickiness": [{"enabled": sticky.get("Enabled", False), "duration": sticky.get("DurationSeconds", 0)}],
    }


def _redirect(config: Answer) -> dict[str, Any]:
    names = {"host": "Host", "path": "Path", "port": "Port", "protocol": "Protocol", "query": "Query"}
    return {**{name: config.get(key) for name, key in names.items()}, "status_code": config["StatusCode"]}


def _fixed(config: Answer) -> dict[str, Any]:
    return {
        "content_type": config.get("ContentType"),
        "message_body": config.get("MessageBody"),
        "status_code": config["StatusCode"],
    }
