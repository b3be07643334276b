"""One request at a time: moto's stores are plain dicts, and reading one while another thread adds to it raises.

Such an answer is a 500, which the provider asks again for; where the request had done its work already, the second
attempt fails (`InvalidPermission.Duplicate`). Under one interpreter lock nothing is lost by waiting.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Whose turn it is. A turn is not taken twice by the same thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and have it to oneself."""
        with self._lock:
            self._holder = threading.get_ident()
            try:
                yield
            finally:
                self._holder = None

    @contextmanager
    def given_away(self) -> Iterator[None]:
        """Let others have their turns meanwhile: what runs in here asks the server itself. Without a turn, nothing."""
        if self._holder != threading.get_ident():
            yield
            return
        self._holder = None
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
            self._holder = threading.get_ident()


TURNS = Turns()
