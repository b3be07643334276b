"""The code of a function is the package beside the JSON, known by its hash, and nothing that is added elsewhere."""

from collections.abc import Iterator

from policies.functions import REDEPLOYMENT, functions_of
from policies.graph import Graph, Resource
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

FUNCTION = "aws_lambda_function"
RULE = Rule(
    id="function-package",
    title="Function runs the package that stands beside the stack, with its hash in the plan",
    severity=Severity.HIGH,
    clauses=("G.7.3",),
    pci_dss=("6.2.4", "6.3.2", "6.5.1"),
    rationale="Code from a bucket, an image or a layer can change after the review without a word in the plan, and a "
    "package without its hash is not deployed when it changes.",
    remediation="Set filename and source_code_hash, the base64 of the package's SHA-256; leave out s3_bucket, "
    "image_uri and layers.",
    source=Source("https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html", "2026-11-26"),
    applies_to=(FUNCTION,),
)

ROTATE, REDEPLOY = "rotation", "redeploy"
HASH, HASH_LENGTH = "source_code_hash", 44  # characters of base64 over 32 bytes
ELSEWHERE = ("s3_bucket", "image_uri", "layers", "file_system_config")


FOLDER = "functions/"  # beside the JSON


def check_each(function: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a package that is not named, not its own or not pinned, and for each other source of code."""
    name = function.text("filename") or ""
    if not name.startswith(FOLDER) or "/" in name.removeprefix(FOLDER):
        yield finding(function, "filename", name or None, f"a package in {FOLDER} beside the stack")
    if expected := functions_of(graph, spec).get(function.address) if spec.states("secrets") else None:
        kind = REDEPLOY if expected.component == REDEPLOYMENT else ROTATE
        if function.text("handler") != f"{kind}.handler.handle":
            yield finding(function, "handler", function.text("handler"), f"{kind}.handler.handle")
        if name.removeprefix(FOLDER) not in (f"{kind}.zip", f"{expected.component}.zip"):
            yield finding(function, "filename", name or None, f"{FOLDER}{kind}.zip")
    found = function.text(HASH) or ""
    if len(found) != HASH_LENGTH:
        yield finding(function, HASH, found or None, "the base64 of the package's SHA-256")
    if function.text("package_type", "Zip") != "Zip":
        yield finding(function, "package_type", function.text("package_type"), "Zip")
    for path in ELSEWHERE:
        if function.has(path):
            yield finding(function, path, function.get(path), "nothing: code comes from the package")


ROTATION = f"{FUNCTION}.fraud-detector-database-rotation"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:driver:1"
MUTANTS = (
    Mutant("a package from elsewhere", put(ROTATION, "filename", "/var/code.zip"), at=ROTATION, stack="gateway"),
    Mutant(
        "the package of the other", put(ROTATION, "filename", "functions/redeploy.zip"), at=ROTATION, stack="gateway"
    ),
    Mutant("another entry", put(ROTATION, "handler", "os.system"), at=ROTATION, stack="gateway"),
    Mutant("a hash of nothing", put(ROTATION, HASH, ""), at=ROTATION, stack="gateway"),
    Mutant("no hash", drop(ROTATION, HASH), at=ROTATION, stack="gateway"),
    Mutant(
        "code from a bucket",
        both(drop(ROTATION, "filename"), put(ROTATION, "s3_bucket", "code"), put(ROTATION, "s3_key", "rotation.zip")),
        at=ROTATION,
        stack="gateway",
    ),
    Mutant("a layer", put(ROTATION, "layers", [LAYER]), at=ROTATION, stack="gateway"),
    Mutant("an image", put(ROTATION, "package_type", "Image"), at=ROTATION, stack="gateway"),
    Mutant(
        "code from a file system",
        put(ROTATION, "file_system_config", [{"arn": LAYER, "local_mount_path": "/mnt/code"}]),
        at=ROTATION,
        stack="gateway",
    ),
)
