"""`python -m delivery.sandbox.server`: moto with our gap patches, on loopback, for as long as its parent lives.

Prints one line of JSON, `{"endpoint": "http://127.0.0.1:PORT"}`, when it answers requests, and nothing after that.
Exit code 2 with one message on stderr when it cannot start. All state is in memory and ends with the process.
"""

import argparse
import errno
import json
import os
import socket
import sys
from collections.abc import Sequence

from delivery.sandbox import lifeline

HOST = "127.0.0.1"
BACKLOG = 256  # terraform -parallelism=100 opens that many connections at once

MOTO_SETTINGS = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # roles attach AWS-managed policies by ARN
    "MOTO_ACM_VALIDATION_WAIT": "1",  # seconds until a requested certificate is issued
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # nothing here runs on EC2; the list costs start-up time
}


class StartError(Exception):
    """The server cannot start; the message is for the user."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the parent is gone or a signal ends it; returns 2 when the server could not start."""
    options = _parse(arguments)
    if options.parent is not None:
        lifeline.end_with(options.parent)
    try:
        with _listen(options.port) as listener:
            _serve(listener)
    except StartError as error:
        print(f"paygate sandbox: {error}", file=sys.stderr)
        return 2
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m delivery.sandbox.server", description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=_port, default=0, help="loopback port; 0 takes a free one")
    parser.add_argument("--parent", type=int, metavar="PID", help="the starting process; the server ends with it")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, allowed are 0 to 65535 (0 takes a free one)")
    return int(text)


def _listen(port: int) -> socket.socket:
    """A listening socket on loopback; bound before moto is imported, so that a used port fails at once."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = {errno.EADDRINUSE: "is in use by another program", errno.EACCES: "needs root rights"}.get(
            error.errno or 0, f"cannot be used ({error.strerror})"
        )
        raise StartError(f"port {port} on {HOST} {reason}; choose another one, or 0 to take a free one") from error
    return listener


def _serve(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # moto itself uses boto3, and must not meet the user's profile
    os.environ.update(MOTO_SETTINGS, MOTO_PORT=str(port))

    from delivery.sandbox.gaps.patch import StalePatchError
    from delivery.sandbox.gaps.registry import UnsupportedMotoError, apply_all

    try:
        apply_all()
    except (UnsupportedMotoError, StalePatchError) as error:
        raise StartError(str(error)) from error

    from delivery.sandbox.application import Application
    from delivery.sandbox.quickening import remember_actions
    from delivery.sandbox.serving import make_server

    remember_actions()
    server = make_server(listener, Application())
    print(json.dumps({"endpoint": f"http://{HOST}:{port}"}), flush=True)
    _silence_stdout()
    server.serve_forever()


def _silence_stdout() -> None:
    """Whatever moto prints from now on goes where errors go: nobody reads our stdout after the ready line."""
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), 1)


if __name__ == "__main__":
    sys.exit(main())
