"""JSON read strictly, with the lines of its resources."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.errors import GateError
from policies.graph.documents import Entry, entries_of, read_entries, read_json

OPENED = {"resource": 2}


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "main.tf.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_each_resource_has_the_line_of_its_name(tmp_path: Path) -> None:
    text = '{\n "resource": {\n  "aws_x": {\n   "a": {"v": 1},\n\n   "b": {\n "v": 2}}}, "output": {"o": 1}}'
    assert read_entries(written(tmp_path, text), OPENED) == [
        Entry(("resource", "aws_x", "a"), {"v": 1}, 4),
        Entry(("resource", "aws_x", "b"), {"v": 2}, 6),
        Entry(("output",), {"o": 1}, 7),
    ]


LISTS: list[dict[str, Any]] = [
    {"resource": {"aws_x": {"a": {"v": 1}, "b": {"v": 2}}}},
    {"resource": [{"aws_x": {"a": {"v": 1}}}, {"aws_x": {"b": {"v": 2}}}]},
    {"resource": {"aws_x": [{"a": {"v": 1}}, {"b": {"v": 2}}]}},
    {"resource": [{"aws_x": [{"a": {"v": 1}, "b": {"v": 2}}]}]},
]


@pytest.mark.parametrize("document", LISTS)
@pytest.mark.parametrize("indent", [None, 2])
def test_object_and_list_forms_read_alike(tmp_path: Path, document: dict[str, Any], indent: int | None) -> None:
    from_file = read_entries(written(tmp_path, json.dumps(document, indent=indent)), OPENED)
    assert [(entry.keys[1:], entry.value) for entry in from_file] == [
        (("aws_x", "a"), {"v": 1}),
        (("aws_x", "b"), {"v": 2}),
    ]
    assert [(entry.keys, entry.value) for entry in from_file] == [
        (entry.keys, entry.value) for entry in entries_of(document, OPENED)
    ]


BROKEN = {
    "empty": "",
    "only spaces": " \n ",
    "cut in a resource": '{"resource": {"aws_x": {"a": {"v": 1',
    "cut after a resource": '{"resource": {"aws_x": {"a": {"v": 1}',
    "cut after a comma": '{"resource": {},',
    "a list": "[]",
    "a text": '"x"',
    "text after the end": '{"resource": {}} x',
    "trailing comma": '{"resource": {"aws_x": {"a": {}, }}}',
    "no colon": '{"resource" {}}',
    "single quotes": "{'resource': {}}",
    "comments": '{"resource": {}} // why',
    "NaN": '{"resource": {"aws_x": {"a": {"v": NaN}}}}',
    "key twice in a resource": '{"resource": {"aws_x": {"a": {"v": true, "v": false}}}}',
    "resource twice": '{"resource": {"aws_x": {"a": {}, "a": {}}}}',
    "block twice": '{"resource": {}, "resource": {}}',
    "too deep": '{"resource": {"aws_x": {"a": ' + "[" * 200_000 + "]" * 200_000 + "}}}",
    "byte-order mark": b"\xef\xbb\xbf{}",
    "not UTF-8": b'{"resource": "\xff"}',
    "huge number": '{"a": ' + "9" * 5000 + "}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_strict_json_is_one_clear_error(tmp_path: Path, text: str | bytes) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GateError) as raised:
        read_entries(path, OPENED)
    assert str(path) in str(raised.value)


def test_the_line_of_a_mistake_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, '{\n"resource": {\n"aws_x": {"a": {]}}}')
    with pytest.raises(GateError, match=r"main\.tf\.json:3"):
        read_entries(path, OPENED)


def test_a_whole_document_is_read_as_strictly(tmp_path: Path) -> None:
    assert read_json(written(tmp_path, '{"a": [1]}')) == {"a": [1]}
    for text in ('{"a": 1, "a": 2}', '{"a": NaN}', '{"a"', "[" * 200_000):
        with pytest.raises(GateError):
            read_json(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="cannot be read"):
        read_json(tmp_path / "nothing.json")
