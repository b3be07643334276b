"""Which request a fault strikes, how often, and what may be asked for."""

from typing import Any

import pytest

from delivery.sandbox.faults import EVERY_CLIENT, Asked, Cut, Fault, Faults, asked_by

SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20261126/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
CREATE_ROLE = Asked("iam", "CreateRole", "KEY", action=True)


def _environ(service: str, **headers: str) -> dict[str, Any]:
    return {"HTTP_AUTHORIZATION": SIGNED.format(key="KEY", service=service), "REQUEST_METHOD": "POST", **headers}


@pytest.mark.parametrize(
    ("environ", "body", "asked"),
    [
        pytest.param(
            _environ("iam", CONTENT_TYPE="application/x-www-form-urlencoded; charset=utf-8"),
            b"Version=2010-05-08&Action=CreateRole&RoleName=a",
            CREATE_ROLE,
            id="action in a form",
        ),
        pytest.param(
            _environ("ec2", QUERY_STRING="Action=CreateVpc"),
            b"",
            Asked("ec2", "CreateVpc", "KEY", action=True),
            id="action in the query string",
        ),
        pytest.param(
            _environ("logs", HTTP_X_AMZ_TARGET="Logs_20140328.CreateLogGroup"),
            b"{}",
            Asked("logs", "CreateLogGroup", "KEY", target=True),
            id="target",
        ),
        pytest.param(
            _environ("s3", PATH_INFO="/bucket/key", REQUEST_METHOD="PUT"),
            b"Action=of an object",
            Asked("s3", "PUT /bucket/key", "KEY"),
            id="method and path; a body that is no form is not read",
        ),
        pytest.param(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/bucket"}, b"", Asked("s3", "GET /bucket", ""), id="not signed"
        ),
        pytest.param(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_AUTHORIZATION": "Basic YWJj"},
            b"",
            Asked("s3", "GET /", ""),
            id="not signed as AWS signs",
        ),
    ],
)
def test_a_request_is_known_by_its_service_and_operation(environ: dict[str, Any], body: bytes, asked: Asked) -> None:
    assert asked_by(environ, body) == asked


@pytest.mark.parametrize(
    ("often", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"first": 2}, [1, 2]),
        ({"every": 3}, [3, 6]),
        ({"skip": 4}, [5, 6]),
        ({"skip": 1, "every": 2, "first": 1}, [3]),
    ],
)
def test_a_fault_strikes_the_first_or_every_kth_matching_request(often: dict[str, int], struck: list[int]) -> None:
    faults = Faults()
    faults.put("KEY", [Fault("f", service="iam", cut=Cut.BEFORE, **often)])
    assert [number for number in range(1, 7) if faults.struck_by(CREATE_ROLE)] == struck
    assert faults.counts("KEY") == [{"name": "f", "matched": 6, "struck": len(struck)}]


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [
        ({"service": "iam", "operation": "Create*"}, True),
        ({"operation": "CreateRole"}, True),
        ({"service": "ec2"}, False),
        ({"operation": "Delete*"}, False),
        ({"operation": "createrole"}, False),
    ],
)
def test_service_and_operation_are_shell_patterns(pattern: dict[str, str], hit: bool) -> None:
    assert Fault("f", cut=Cut.BEFORE, **pattern).matches(CREATE_ROLE) is hit


def test_the_faults_of_one_client_strike_no_other() -> None:
    faults = Faults()
    faults.put("OTHER", [Fault("other", cut=Cut.BEFORE)])
    assert faults.struck_by(CREATE_ROLE) is None
    faults.put(EVERY_CLIENT, [Fault("all", cut=Cut.BEFORE)])
    struck = faults.struck_by(CREATE_ROLE)
    assert struck is not None
    assert struck.name == "all"


def test_of_several_faults_the_first_strikes_and_all_count() -> None:
    faults = Faults()
    faults.put("KEY", [Fault("once", status=500, code="InternalFailure", first=1), Fault("always", cut=Cut.AFTER)])
    names = [fault.name for _ in range(3) if (fault := faults.struck_by(CREATE_ROLE))]
    assert names == ["once", "always", "always"]
    assert faults.counts("KEY") == [
        {"name": "once", "matched": 3, "struck": 1},
        {"name": "always", "matched": 3, "struck": 2},
    ]


def test_new_faults_replace_the_old_ones_and_their_counters() -> None:
    faults = Faults()
    faults.put("KEY", [Fault("f", cut=Cut.BEFORE)])
    faults.struck_by(CREATE_ROLE)
    faults.put("KEY", [])
    assert faults.struck_by(CREATE_ROLE) is None
    assert faults.counts("KEY") == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"name": "f"}, "does nothing"),
        ({"name": "f", "status": 500}, "needs both code and status"),
        ({"name": "f", "code": "Throttling"}, "does nothing"),
        ({"name": "f", "cut": "before", "code": "Throttling"}, "needs both code and status"),
        ({"name": "f", "status": 200, "code": "Fine"}, "a status of 400 to 599"),
        ({"name": "f", "status": 500, "code": "Internal", "cut": "after"}, "can have one of them"),
        ({"name": "f", "cut": "middle"}, "middle"),
        ({"name": "f", "cut": "before", "every": 0}, "counts below nothing"),
        ({"name": "f", "cut": "before", "skip": -1}, "counts below nothing"),
        ({"name": "f", "cut": "before", "statsu": 1}, "has no statsu"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Fault.from_json(raw)
