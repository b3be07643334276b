"""What an error of AWS looks like on the wire, in the protocol that the request was made in. Pure.

Source: https://smithy.io/2.0/aws/protocols/ (checked 2026-11-26): awsJson1_1, awsQuery, ec2Query, restXml, restJson1.
"""

import json
from xml.sax.saxutils import escape

from delivery.sandbox.answers import Answer
from delivery.sandbox.faults import Asked, Fault

REQUEST_ID = "00000000-0000-0000-0000-000000000000"
REST_XML = frozenset({"s3", "route53", "cloudfront"})
_REASONS = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 429: "Too Many Requests"}
_REASONS |= {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


def error_answer(asked: Asked, fault: Fault) -> Answer:
    """The error of a fault as the client that asked expects it."""
    message = f"injected fault: {fault.name}"
    content_type, text = _text(asked, fault.code, message)
    body = text.encode()
    headers = (
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
        ("x-amzn-ErrorType", fault.code),
        ("x-amzn-RequestId", REQUEST_ID),
    )
    return Answer(f"{fault.status} {_REASONS.get(fault.status, 'Error')}", headers, body)


def _text(asked: Asked, code: str, message: str) -> tuple[str, str]:
    """Content type and body."""
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if asked.target:
        return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    if asked.action and asked.service == "ec2":
        errors = f"<Errors><Error>{error}</Error></Errors>"
        return "text/xml", f"<Response>{errors}<RequestID>{REQUEST_ID}</RequestID></Response>"
    if asked.service == "s3":
        return "application/xml", f"<Error>{error}<RequestId>{REQUEST_ID}</RequestId></Error>"
    if asked.action or asked.service in REST_XML:
        nested = f"<Error><Type>Sender</Type>{error}</Error>"
        return "text/xml", f"<ErrorResponse>{nested}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    return "application/json", json.dumps({"message": message})
