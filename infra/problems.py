"""What can go wrong in synthesis that is not the settings' fault: one message each, for `python -m infra`."""

from pathlib import Path


class SynthesisError(Exception):
    """The message says what, where, found, and what to do."""


def cannot_write(out: Path, error: OSError) -> SynthesisError:
    """The output folder is no folder, or not ours to write to."""
    found = "a file" if out.is_file() else error.strerror or str(error)
    return SynthesisError(
        f"{out}: the output cannot be written there\n  found:   {found}\n"
        "  allowed: a folder that can be written, or one that can be made\n  to do:   name another one with --out"
    )


def policy_too_long(name: str, length: int, longest: int) -> SynthesisError:
    """A managed policy that IAM would refuse."""
    return SynthesisError(
        f"{name}: the policy is too long\n  found:   {length} characters\n  allowed: {longest}\n"
        "  to do:   fewer or shorter suffixes, tags, zones or repositories in the settings"
    )


def no_node(program: str) -> SynthesisError:
    """The Node that jsii shall run is not there."""
    return SynthesisError(
        f"JSII_NODE: names no program\n  found:   {program}\n  allowed: the path of Node 22 or newer\n"
        "  to do:   unset it to use the Node that `make setup` installs"
    )
