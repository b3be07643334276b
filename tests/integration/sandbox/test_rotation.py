"""The real rotation functions in the emulator, on a real PostgreSQL and on a key server that keeps to its contract.

Secrets Manager, Lambda and EventBridge are the emulator's; what the functions do to their targets is real.
"""

import json
from typing import Any

import pytest

from tests.integration.sandbox.gateway import ADMINS, DATABASE, FIRST_VALUES, KEYS, TARGETS, Gateway, wait_for
from tests.integration.sandbox.surroundings import Surroundings

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
WRONG_PASSWORD = "28P01"  # https://www.postgresql.org/docs/17/errcodes-appendix.html


@pytest.fixture
def rotating(emulator: Any) -> Gateway:
    return Gateway(emulator)


@pytest.mark.clause("G.7.3", proof="test")
def test_a_database_password_rotates_and_only_the_new_one_works(rotating: Gateway) -> None:
    rotating.set_up("payer")
    first = rotating.value("payer")["password"]
    assert rotating.log_in("payer", first) == "payer_user"
    rotating.rotate("payer")
    second = rotating.value("payer")
    assert rotating.log_in("payer", second["password"]) == "payer_user"
    assert rotating.log_in("payer", first) == WRONG_PASSWORD
    assert second["connection_string"] == (
        f"postgresql://payer_user:{second['password']}@payments-db.example.internal:5432/payments?sslmode=verify-full"
    )
    previous = rotating.secrets.get_secret_value(SecretId=rotating.arns["payer"], VersionStage="AWSPREVIOUS")
    assert json.loads(previous["SecretString"])["password"] == first


@pytest.mark.clause("G.7.3", proof="test")
def test_two_users_of_one_database_share_an_admin_and_not_a_password(rotating: Gateway) -> None:
    for name in ("payer", "detector"):
        rotating.set_up(name)
    payer, detector = rotating.value("payer")["password"], rotating.value("detector")["password"]
    rotating.rotate("payer")
    assert rotating.log_in("detector", detector) == "detector_user"
    assert rotating.log_in("payer", detector) == rotating.log_in("payer", payer) == WRONG_PASSWORD


@pytest.mark.clause("G.7.3", proof="test")
def test_an_api_key_rotates_and_the_provider_knows_the_new_one(rotating: Gateway) -> None:
    assert rotating.use_key(FIRST_VALUES["card"]["api_key"]) == 401
    rotating.set_up("card")
    first = rotating.value("card")["api_key"]
    rotating.rotate("card")
    second = rotating.value("card")["api_key"]
    assert first != second
    assert [rotating.use_key(key) for key in (first, second, "invented")] == [200, 200, 401]


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(("name", "target"), [("payer", DATABASE), ("card", KEYS)])
def test_a_target_that_fails_costs_nothing_and_is_rotated_when_it_is_back(
    rotating: Gateway, name: str, target: str
) -> None:
    rotating.set_up(name)
    before = rotating.value(name)
    with rotating.outage(target):
        rotating.rotate(name)
        assert rotating.value(name) == before
    with pytest.raises(rotating.secrets.exceptions.InvalidRequestException, match="will be reattempted"):
        rotating.rotate(name)
    reattempted = rotating.value(name)
    rotating.rotate(name)
    assert len({json.dumps(value) for value in (before, reattempted, rotating.value(name))}) == 3
    works = {"payer": lambda value: rotating.log_in("payer", value["password"]) == "payer_user"}
    assert works.get(name, lambda value: rotating.use_key(value["api_key"]) == 200)(rotating.value(name))


@pytest.mark.clause("G.7.3", proof="test")
def test_an_admin_credential_that_is_wrong_leaves_the_old_password_in_use(rotating: Gateway) -> None:
    rotating.set_up("payer")
    before = rotating.value("payer")["password"]
    admin = json.loads(rotating.secrets.get_secret_value(SecretId=ADMINS["payer"])["SecretString"])
    wrong = json.dumps({**admin, "password": "wrong"})
    rotating.secrets.put_secret_value(SecretId=ADMINS["payer"], SecretString=wrong)
    rotating.rotate("payer")
    assert rotating.value("payer")["password"] == before
    assert rotating.log_in("payer", before) == "payer_user"
    assert "wrong" not in rotating.log_of("payer")


@pytest.mark.clause("G.7.3", proof="test")
def test_the_log_tells_each_step_and_no_value(rotating: Gateway) -> None:
    rotating.set_up("payer")
    rotating.set_up("card")
    for name, field in (("payer", "password"), ("card", "api_key")):
        log = rotating.log_of(name)
        assert [step for step in STEPS if step in log] == list(STEPS)
        admin = json.loads(rotating.secrets.get_secret_value(SecretId=ADMINS[name])["SecretString"])
        admin.pop("username", None)
        for value in (rotating.value(name)[field], FIRST_VALUES[name][field], *admin.values()):
            assert value not in log


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    ("name", "server", "elsewhere"),
    [
        ("payer", DATABASE, {"host": "localhost", "port": "PORT"}),
        ("card", KEYS, {"endpoint": "https://localhost:PORT/v1/keys/gateway"}),
    ],
)
def test_a_certificate_for_another_name_is_not_trusted(
    rotating: Gateway, name: str, server: str, elsewhere: dict[str, str]
) -> None:
    """The function reaches the very same server under a name that is not in the server's certificate."""
    port = rotating.redirects[server]
    target = {**TARGETS[name], **{key: value.replace("PORT", str(port)) for key, value in elsewhere.items()}}
    rotating.aim(name, target | ({"port": port} if "port" in target else {}))
    rotating.set_up(name)
    assert rotating.value(name) == FIRST_VALUES[name]
    assert "SSLCertVerificationError" in rotating.log_of(name)


@pytest.mark.clause("G.7.3", proof="test")
def test_a_rotation_deploys_exactly_the_services_that_use_the_secret_anew(rotating: Gateway) -> None:
    around = Surroundings(rotating.account)
    for service in ("payment-processor", "fraud-detector", "api-gateway"):
        around.create_service(serviceName=service, loadBalancers=[], serviceRegistries=[])
    rotating.add_redeployment(
        "c", {"payer": ["payment-processor"], "card": ["payment-processor"], "detector": ["fraud-detector"]}
    )

    def deployments() -> dict[str, str]:
        services = around.ecs.describe_services(
            cluster="c", services=["payment-processor", "fraud-detector", "api-gateway"]
        )["services"]
        return {service["serviceName"]: service["deployments"][0]["id"] for service in services}

    before = deployments()
    rotating.set_up("detector")
    assert wait_for(lambda: deployments() != before)
    after = deployments()
    assert {name for name in before if before[name] != after[name]} == {"fraud-detector"}
    rotating.set_up("card")
    assert wait_for(lambda: deployments() != after)
    last = deployments()
    assert {name for name in after if last[name] != after[name]} == {"payment-processor"}
    tasks = around.ecs.list_tasks(cluster="c", serviceName="payment-processor")["taskArns"]
    described = around.ecs.describe_tasks(cluster="c", tasks=tasks)["tasks"]
    assert {task["startedBy"] for task in described} == {last["payment-processor"]}
