"""What the emulator remembers instead of moto is what moto would have found."""

import pytest
from moto import backends
from moto.core import responses
from moto.core.utils import method_names_from_class
from moto.ec2.responses import EC2Response
from moto.sts.responses import TokenResponse

from delivery.sandbox.quickening import Dispatcher, remember_actions


def test_the_service_of_a_host_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    modules = backends.list_of_moto_modules
    monkeypatch.setattr(backends, "list_of_moto_modules", lambda: looked.append(1) or modules())
    dispatcher = Dispatcher()
    hosts = ["iam.us-east-1.amazonaws.com", "ecs.us-east-1.amazonaws.com"] * 3
    assert [dispatcher.get_backend_for_host(host) for host in hosts] == ["iam", "ecs"] * 3
    assert len(looked) == 2


def test_the_actions_of_a_service_are_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[type] = []

    def counted(kind: type) -> list[str]:
        listed.append(kind)
        return method_names_from_class(kind)

    monkeypatch.setattr(responses, "method_names_from_class", counted)
    remember_actions()
    for kind in (EC2Response, TokenResponse) * 3:
        assert set(responses.method_names_from_class(kind)) == set(method_names_from_class(kind))
    assert listed == [EC2Response, TokenResponse]
