"""`python -m delivery.sandbox.function_runner HANDLER PARENT RESULT_FILE`: run one Lambda handler outside Docker.

The event comes as JSON on stdin; the answer, or the error in the shape that Lambda gives it, goes to RESULT_FILE.
Exit code 0 when the handler returned, 1 when it raised. It is not the Lambda runtime: no sandbox, no memory limit.
"""

import importlib
import json
import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from delivery.sandbox import lifeline
from delivery.sandbox.function_runtime import PackageOnly, redirect_connections

REDIRECTS_VARIABLE = "PAYGATE_REDIRECTS"  # {"host:port": port on loopback}; not for the function to see


class Context:
    """The part of the Lambda context object that a handler of ours reads."""

    def __init__(self) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = os.environ["AWS_REQUEST_ID"]


def run(handler: str, event: Any) -> tuple[int, Any]:
    """Exit code and JSON-able answer of `module.function` called with `event`."""
    try:
        module, _, function = handler.rpartition(".")
        return 0, getattr(importlib.import_module(module.replace("/", ".")), function)(event, Context())
    except Exception as error:  # whatever the handler raises is its answer
        stack = traceback.format_exc()
        print(stack, file=sys.stderr)
        return 1, {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": stack.splitlines()}


def main(handler: str, parent_pid: str, result_file: str) -> int:
    """Run the handler with the current folder as its deployment package."""
    lifeline.end_with(int(parent_pid))
    logging.basicConfig(stream=sys.stdout, format="[%(levelname)s]\t%(message)s")  # the runtime has such a handler, too
    redirect_connections(json.loads(os.environ.pop(REDIRECTS_VARIABLE, "{}")))
    package = str(Path.cwd())
    sys.path.insert(0, package)
    sys.meta_path.insert(0, PackageOnly(package))
    exit_code, answer = run(handler, json.load(sys.stdin))
    Path(result_file).write_text(json.dumps(answer), encoding="utf-8")
    return exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
