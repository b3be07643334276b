"""`python -m infra --settings FILE --suffix SUFFIX`: write the Terraform JSON of one deployment.

`cdktf synth` runs the same program through cdktf.json and says where to write through CDKTF_OUTDIR.
"""

import argparse
import os
import sys
from pathlib import Path

from infra.app import synthesize
from infra.problems import SynthesisError
from infra.settings import SettingsErrors, load

DEFAULT_SETTINGS = Path("environments/payments.production.yaml")
SUFFIX_VARIABLE = "ENVIRONMENT_SUFFIX"
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when the JSON is written, 2 when settings or output folder are refused: nothing is written then."""
    options = _parse(arguments)
    try:
        settings = load(options.settings, options.suffix)
        path = synthesize(settings, options.out)
    except (SettingsErrors, SynthesisError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    print(f"{settings.stack_name} {path}")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra", description="Write the Terraform JSON of one deployment.")
    parser.add_argument("--settings", type=Path, default=DEFAULT_SETTINGS, help="settings file (default: %(default)s)")
    parser.add_argument(
        "--suffix",
        default=os.environ.get(SUFFIX_VARIABLE, ""),
        help=f"environment suffix that every name carries (default: ${SUFFIX_VARIABLE})",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out")), help="default: %(default)s"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
