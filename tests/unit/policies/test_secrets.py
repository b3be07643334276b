"""What counts as a secret, and what must not raise an alarm."""

import pytest

from policies.secrets import secret_in, shape_of, sounds_secret

SECRETS = [
    ("DB_PASSWORD", "hunter2"),
    ("dbPassword", "hunter2"),
    ("PASSWORD", "12345678"),
    ("STRIPE_API_KEY", "abc"),
    ("ConnectionString", "abc"),
    ("API_TOKEN", "${var.api_token}"),
    ("PARTNER", "${var.partner_secret}"),
    ("SEED", "${random_password.seed.result}"),
    ("X", "${data.aws_secretsmanager_secret_version.db.secret_string}"),
    ("X", "${aws_ssm_parameter.key.value}"),
    ("X", "prefix-${aws_db_instance.main.password}"),
    ("X", "ASIA" + "Y34FZKBOKMUTVV7A"),
    ("X", "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE"),
    ("X", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
    ("X", "redis://:s3cr3t@cache:6379"),
    ("X", "ghp_" + "A1b2C3d4E5f6A1b2C3d4E5f6A1b2C3d4E5f6"),
    ("X", "Authorization: Bearer " + "abcdefgh12345678"),
    ("X", "9f86d081884c7d659a2feaa0c55ad015"),
    ("X", "Zm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRg=="),
]
HARMLESS = [
    ("PORT", "8080"),
    ("DB_PASSWORD_ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"),
    ("DB_SECRET", "${aws_secretsmanager_secret.db.arn}"),
    ("DB_SECRET", "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"),
    ("TOKEN_TTL", "3600"),
    ("customer_master_key_spec", "SYMMETRIC_DEFAULT"),
    ("arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf", "ecs-service-payments"),
    ("CONNECTION_STRING", "postgresql://u:${ephemeral.aws_secretsmanager_random_password.db.random_password}@db/x"),
    ("TOKEN_ISSUER", "https://auth.example.com/"),
    ("MAX_TOKENS", "4096"),
    ("PASSWORD_MIN_LENGTH", "12"),
    ("USE_TOKEN", "true"),
    ("SECRET_NAME", "payments/db"),
    ("API_KEY", ""),
    ("KEYBOARD", "de"),
    ("PWD", "/srv"),
    ("MONKEY", "business"),
    ("GIT_COMMIT", "b0440ea1c9f2d3e4f5061728394a5b6c7d8e9f01"),
    ("REQUEST_ID", "123e4567-e89b-12d3-a456-426614174000"),
    ("HOST", "discovery-notification-service-production-pr42.namespace-production-pr42.payments.internal"),
    ("IMAGE", "123456789012.dkr.ecr.us-east-1.amazonaws.com/payments/payment-api@sha256:" + "8b2d4f60a1c3e597" * 4),
    ("ENDPOINT", "https://payments.example.com:8443/v1/payments?mode=live"),
    ("ZONE", "Z0EXAMPLE0PAYMENTS01"),
    ("CLASS", "com.example.payments.PaymentAuthorizationRequestHandlerFactory"),
    ("JAVA_OPTS", "-XX:MaxRAMPercentage=75.0 -XX:+UseContainerSupport -Djava.security.egd=file:/dev/./urandom"),
    ("NODE_OPTIONS", "--max-old-space-size=1536 --enable-source-maps"),
    ("FEATURES", "paymentRetries,fraudDetectionV2,NotificationBatching,Iso20022Messages"),
    ("QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/sqs-queue-payments-production-pr42"),
    ("TABLE", "${aws_dynamodb_table.payments.name}"),
    ("CIDRS", "10.20.16.0/20,10.20.32.0/20,10.20.48.0/20"),
    ("STARTED", "2026-11-22T03:19:00.000000+00:00"),
    ("RESULT", "${aws_lambda_invocation.warm.result}"),
    ("PATTERN", "$${ is a literal here, not the start of a template"),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_a_secret_is_seen(name: str, value: str) -> None:
    assert secret_in(name, value)


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_is_no_secret_raises_no_alarm(name: str, value: str) -> None:
    assert secret_in(name, value) == ""


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_what_is_said_of_a_secret_does_not_contain_it(name: str, value: str) -> None:
    if "${" not in value:
        assert value not in secret_in(name, value)


def test_names_are_read_as_words() -> None:
    assert sounds_secret("stripe-api-key")
    assert not sounds_secret("apikeyboard")


def test_a_text_without_a_name_is_judged_by_its_shape() -> None:
    assert shape_of("--key=sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc") == "a payment provider's key"
    assert shape_of("wget --quiet --spider http://127.0.0.1:$PORT/health || exit 1") == ""
