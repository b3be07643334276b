"""A process that outlives the command that started it, named so that no stranger with the same id is taken for it."""

import contextlib
from dataclasses import dataclass


@dataclass(frozen=True)
class ProcessIdentity:
    """A process id together with the time (seconds since the epoch) at which that process began."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity":
        """Raises psutil.NoSuchProcess when there is none."""
        import psutil

        return cls(pid, psutil.Process(pid).create_time())

    @property
    def alive(self) -> bool:
        import psutil

        try:
            process = psutil.Process(self.pid)
            return process.create_time() == self.started and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def stop(self, grace_seconds: float = 5.0) -> None:
        """SIGTERM, after the grace time SIGKILL; returns when it is gone. Does nothing when it is gone already."""
        import psutil

        if not self.alive:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            process.terminate()
            try:
                process.wait(grace_seconds)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(grace_seconds)
