"""The bootstrap app: settings in, Terraform JSON out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.app import write_stack
from infra.bootstrap.settings import STACK_NAME, BootstrapSettings


def synthesize(settings: BootstrapSettings, out: Path) -> Path:
    """Write the bootstrap stack below `out`; returns the path of its cdk.tf.json. Raises SynthesisError."""

    def make(app: Any) -> Mapping[str, bytes]:
        from infra.bootstrap.stack import BootstrapStack

        BootstrapStack(app, settings)
        return {}

    return write_stack(STACK_NAME, make, out)
