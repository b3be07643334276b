"""Version constraints mean what Terraform says they mean."""

import pytest

from delivery.terraform.versions import Version, admits


@pytest.mark.parametrize(
    ("constraint", "version", "expected"),
    [
        ("", "5.100.0", True),
        (">= 6.25, < 7", "6.25.0", True),
        (">= 6.25, < 7", "5.100.0", False),
        (">= 6.25, < 7", "7.0.0", False),
        ("6.25.0", "6.25.0", True),
        ("= 6.25.0", "6.25.1", False),
        ("!= 6.25.0", "6.25.0", False),
        ("> 5.9", "5.100.0", True),
        ("<= 5.9", "5.100.0", False),
        ("~> 5.1", "5.100.0", True),
        ("~> 5.1", "6.0.0", False),
        ("~> 5.1.2", "5.1.9", True),
        ("~> 5.1.2", "5.2.0", False),
        ("~> 5.1.2", "5.1.1", False),
        (">= 6.0", "6.1.0-beta1", False),
        ("6.1.0-beta1", "6.1.0-beta1", True),
    ],
)
def test_admits(constraint: str, version: str, expected: bool) -> None:
    assert admits(constraint, Version.parse(version)) is expected


def test_versions_are_ordered_by_number_and_a_prerelease_comes_before_its_release() -> None:
    texts = ["5.9.0", "5.100.0", "6.0.0-beta1", "6.0.0"]
    assert [str(version) for version in sorted(map(Version.parse, reversed(texts)))] == texts


@pytest.mark.parametrize("text", ["", "latest", "1.2.3.4", "1..2", ">= 1"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        Version.parse(text)


def test_a_constraint_that_terraform_would_refuse_is_refused() -> None:
    with pytest.raises(ValueError, match="not a version"):
        admits(">= 5, oops", Version.parse("5.0.0"))
