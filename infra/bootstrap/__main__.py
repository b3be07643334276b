"""`python -m infra.bootstrap --settings FILE --out DIR`: write the Terraform JSON of the bootstrap stack."""

import argparse
import sys
from pathlib import Path

from infra.bootstrap.app import synthesize
from infra.bootstrap.settings import STACK_NAME, load
from infra.problems import SynthesisError
from infra.settings import SettingsErrors

DEFAULT_SETTINGS = Path("environments/bootstrap.yaml")
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when the JSON is written, 2 when settings or output folder are refused: nothing is written then."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.bootstrap", description="Write the Terraform JSON of the bootstrap stack."
    )
    parser.add_argument("--settings", type=Path, default=DEFAULT_SETTINGS, help="settings file (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("cdktf.out"), help="default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        path = synthesize(load(options.settings), options.out)
    except (SettingsErrors, SynthesisError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    print(f"{STACK_NAME} {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
