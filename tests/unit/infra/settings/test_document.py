"""Files that are no settings at all, and YAML that two readers would read differently."""

from pathlib import Path

import pytest

from infra.settings.document import DEEPEST_NESTING, read_document
from infra.settings.errors import Position, SettingsErrors
from infra.settings.scalars import ScalarRefusedError, read_scalar
from infra.settings.text_file import LARGEST_FILE_BYTES

TABS = "is not well-formed YAML"
REFUSED_FILES = {
    "empty": (b"", 1, 1, "", "holds no settings"),
    "only a comment": (b"# settings\n", 1, 1, "", "holds no settings"),
    "a list": (b"- platform: payments\n", 1, 1, "", "holds no settings"),
    "plain text": (b"payments\n", 1, 1, "", "holds no settings"),
    "two documents": (b"a: 1\n---\nb: 2\n", 2, 1, "", "holds several documents"),
    "a tab as indentation": (b"a:\n\tb: 1\n", 2, 1, "", TABS),
    "an open bracket": (b"a: [1, 2\n", 2, 1, "", "is not well-formed YAML"),
    "a control character": (b"a: 1\nb: x\x07\n", 2, 5, "", "is not well-formed YAML"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, 1, "", "is not UTF-8 text"),
    "Latin-1 in line 2": (b"a: 1\nb: caf\xe9\n", 2, 7, "", "is not UTF-8 text"),
    "a key twice": (b"a:\n  b: 1\n  c: 2\n  b: 3\n", 4, 3, "a.b", "is written twice"),
    "an anchor": (b"a: &shared {b: 1}\n", 1, 4, "a", "has an anchor"),
    "an alias": (b"a: *shared\n", 1, 4, "a", "is an alias"),
    "a Python object": (b"a: !!python/object:os.system {}\n", 1, 4, "a", "has a type tag"),
    "an application tag": (b"a: !Ref x\n", 1, 4, "a", "has a type tag"),
    "a number as key": (b"a:\n  8080: x\n", 2, 3, "a", "has a key that is not text"),
    "a list as key": (b"? [a, b]\n: c\n", 1, 3, "", "has a key that is not text"),
    "a merge key": (b"a: {<<: {b: 1}}\n", 1, 5, "a", "has a special meaning in YAML 1.1"),
    "no as a country": (b"a: [no]\n", 1, 5, "a[0]", "is true or false in YAML 1.1 and text in YAML 1.2"),
    "too deep": (b"a: " + b"[" * 1000, 1, 3 + DEEPEST_NESTING, "", "is nested too deeply"),
    "too large": (b"#" * (LARGEST_FILE_BYTES + 1), None, None, "", "is too large"),
}


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_file_that_is_no_settings_is_refused_at_its_place(case: str, tmp_path: Path) -> None:
    content, line, column, key_path, problem = REFUSED_FILES[case]
    file = tmp_path / "settings.yaml"
    file.write_bytes(content)

    with pytest.raises(SettingsErrors) as caught:
        read_document(file)

    first = caught.value.errors[0]
    assert (first.file, first.line, first.column, first.key_path, first.problem) == (
        str(file), line, column, key_path, problem,
    )  # fmt: skip
    assert first.found
    assert first.allowed
    assert first.remedy


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@pytest.mark.parametrize(("name", "problem"), [("", "is not a file"), ("none.yaml", "does not exist"), ("a\0b", "")])
def test_a_path_without_a_file_is_refused(name: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsErrors) as caught:
        read_document(tmp_path / name)

    assert problem in caught.value.errors[0].problem


def test_a_device_that_never_ends_is_refused_without_reading_it() -> None:
    with pytest.raises(SettingsErrors, match="a pipe or device"):
        read_document(Path("/dev/zero"))


def test_a_bomb_of_aliases_is_refused_without_expanding_it(tmp_path: Path) -> None:
    levels = ["l0: &l0 x"] + [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    file = tmp_path / "bomb.yaml"
    file.write_text("\n".join(levels))

    with pytest.raises(SettingsErrors, match="has an anchor"):
        read_document(file)


def test_all_mistakes_of_form_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("a: no\nb: 010\nb: 1:20\n")

    with pytest.raises(SettingsErrors) as caught:
        read_document(file)

    assert [(error.line, error.problem) for error in caught.value.errors] == [
        (1, "is true or false in YAML 1.1 and text in YAML 1.2"),
        (2, "is octal in one version of YAML and decimal or text in the other"),
        (3, "is written twice"),
        (3, "is a number in base 60 in YAML 1.1"),
    ]
    assert str(caught.value).endswith("4 errors in the settings; nothing was written.")


def test_keys_and_values_have_places(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_bytes(b"\xef\xbb\xbfa:\n  b: [x, 5]\n")

    document = read_document(file)

    assert document.data == {"a": {"b": ["x", 5]}}
    assert document.position(("a", "b")) == Position(2, 3)
    assert document.position(("a", "b", 1)) == Position(2, 10)
    assert document.position(("a", "b", 1, "not there")) == Position(2, 10)
    assert document.position(("not there",)) == Position(1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("-5", -5), ("0", 0), ("1.5", 1.5), ("true", True), ("FALSE", False), ("~", None), ("", None),
     ("1.4.0", "1.4.0"), ("us-east-1", "us-east-1"), ("10.0.0.0/8", "10.0.0.0/8"), ("sha256:ab", "sha256:ab")],
)  # fmt: skip
def test_plain_values_have_one_meaning(text: str, value: object) -> None:
    read = read_scalar(text, plain=True)

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    ["no", "Yes", "on", "OFF", "y", "1:20", "12:30:45", "010", "0o17", "0x1F", "0b11", "1_000", "1e3", ".5", "5.",
     ".nan", "-.inf", "2026-11-22", "9" * 5000, "=", "<<", "1234e56"],
)  # fmt: skip
def test_plain_values_with_two_meanings_are_refused_and_quoted_ones_are_text(text: str) -> None:
    assert read_scalar(text, plain=False) == text
    with pytest.raises(ScalarRefusedError):
        read_scalar(text, plain=True)
