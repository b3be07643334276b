"""What jsii would keep silent about is told before it starts."""

from pathlib import Path

import pytest

from infra import bake, lazy


def test_a_cache_that_cannot_be_written_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    cache = tmp_path / "file" / "cache"
    monkeypatch.setenv(lazy.CACHE_ROOT_VARIABLE, str(cache))
    assert bake.main() == 2
    assert capsys.readouterr().err == (
        f"jsii cache: {cache} cannot be written (Not a directory); "
        "name another folder with JSII_RUNTIME_PACKAGE_CACHE_ROOT, then run `make setup` again\n"
    )
