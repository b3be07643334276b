"""`python -m infra.bake`: fill the jsii cache, once per installation.

jsii unpacks every assembly and, in a background worker, writes an index that later runs start from. A synth ends before
the worker does, so without this every run would read the 1.2 GB the bindings unpack to in memory again.
"""

import importlib
import sys
import tempfile
import time
from pathlib import Path

from infra import lazy

PACKAGES = ("constructs", "cdktf", "@cdktf/provider-aws")
INDEX_NAME = ".jsii.runtime-index.v1"
LIMIT_SECONDS = 180
POLL_SECONDS = 0.25


def main() -> int:
    """Exit code 0 when every index is there, 2 when the cache cannot be written or one did not appear in time."""
    cache = lazy.use_package_cache()
    try:  # jsii ends with a traceback where it cannot make the folder, and says nothing where it cannot write into it
        cache.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=cache).close()
    except OSError as error:
        mend = f"name another folder with {lazy.CACHE_ROOT_VARIABLE}, then run `make setup` again"
        print(f"jsii cache: {cache} cannot be written ({error.strerror}); {mend}", file=sys.stderr)
        return 2
    lazy.prepare()
    importlib.import_module("infra.stack")  # starts Node, which loads cdktf and the bindings
    deadline = time.monotonic() + LIMIT_SECONDS
    while missing := [package for package in PACKAGES if not _indexed(cache, package)]:
        if time.monotonic() > deadline:
            print(
                f"jsii cache: no index of {', '.join(missing)} below {cache} after {LIMIT_SECONDS} s; "
                "run `make setup` again",
                file=sys.stderr,
            )
            return 2
        time.sleep(POLL_SECONDS)
    return 0


def _indexed(cache: Path, package: str) -> bool:
    return any((cache / package).glob(f"*/*/{INDEX_NAME}"))


if __name__ == "__main__":
    sys.exit(main())
