"""botocore reads an injected error as it reads the error of AWS, in each protocol that our services speak."""

from typing import Any

import pytest

from delivery.sandbox.fault_answers import error_answer
from delivery.sandbox.faults import Asked, Fault

FAULT = Fault("too fast & too often", status=503, code="SlowDown")


@pytest.mark.parametrize(
    ("protocol", "asked"),
    [
        ("json", Asked("logs", "CreateLogGroup", "KEY", target=True)),
        ("query", Asked("iam", "CreateRole", "KEY", action=True)),
        ("ec2", Asked("ec2", "CreateVpc", "KEY", action=True)),
        ("rest-xml", Asked("s3", "PUT /bucket/key", "KEY")),
        ("rest-xml", Asked("route53", "GET /2013-04-01/hostedzone/Z1", "KEY")),
        ("rest-json", Asked("lambda", "POST /2015-03-31/functions", "KEY")),
    ],
)
def test_an_error_is_written_in_the_protocol_of_its_service(protocol: str, asked: Asked) -> None:
    from botocore.model import OperationModel, ServiceModel
    from botocore.parsers import create_parser

    answer = error_answer(asked, FAULT)
    model: Any = ServiceModel({"metadata": {"protocol": protocol}, "operations": {"O": {"name": "O"}}, "shapes": {}})
    operation: OperationModel = model.operation_model("O")
    parsed = create_parser(protocol).parse(
        {
            "status_code": 503,
            "headers": {name.lower(): value for name, value in answer.headers},
            "body": answer.body,
            "context": {"operation_name": "O"},
        },
        operation.output_shape,
    )
    assert parsed["Error"]["Code"] == "SlowDown"
    assert parsed["Error"]["Message"] == "injected fault: too fast & too often"
    assert answer.status == "503 Service Unavailable"
    assert dict(answer.headers)["Content-Length"] == str(len(answer.body))
