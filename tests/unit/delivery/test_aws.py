"""Clients follow the environment they are given."""

import os

import pytest

from delivery.aws import clients

SANDBOX = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "123456789012",
    "AWS_SECRET_ACCESS_KEY": "sandbox",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def test_profile_proxy_and_endpoint_of_this_process_do_not_reach_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere.invalid")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid")
    client = clients(SANDBOX, "us-east-1")("ecs")
    assert client.meta.endpoint_url == SANDBOX["AWS_ENDPOINT_URL"]
    assert client.meta.region_name == "us-east-1"
    assert client.meta.config.proxies == {}


def test_a_profile_of_the_given_environment_counts() -> None:
    from botocore.exceptions import ProfileNotFound

    with pytest.raises(ProfileNotFound):
        clients({"AWS_PROFILE": "nobody", "AWS_CONFIG_FILE": os.devnull}, "us-east-1")("ecs")


def test_a_client_is_made_once() -> None:
    client_of = clients(SANDBOX, "us-east-1")
    assert client_of("ecs") is client_of("ecs")
