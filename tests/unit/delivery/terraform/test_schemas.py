"""A provider's schema is asked for once per version."""

from pathlib import Path

from delivery.terraform.schemas import load_schemas

AWS = "registry.terraform.io/hashicorp/aws"


class FakeTerraform:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> dict[str, object]:
        self.calls += 1
        return {AWS: {"provider": self.calls}, "terraform.io/builtin/terraform": {"provider": 0}}


def test_the_second_time_the_answer_comes_from_the_cache(tmp_path: Path) -> None:
    terraform = FakeTerraform()
    first = load_schemas({AWS: "5.100.0"}, tmp_path, terraform)
    second = load_schemas({AWS: "5.100.0"}, tmp_path, terraform)
    assert first == second == {AWS: {"provider": 1}}
    assert terraform.calls == 1


def test_another_version_is_another_schema(tmp_path: Path) -> None:
    terraform = FakeTerraform()
    load_schemas({AWS: "5.100.0"}, tmp_path, terraform)
    assert load_schemas({AWS: "6.25.0"}, tmp_path, terraform) == {AWS: {"provider": 2}}


def test_a_broken_cache_file_is_written_anew(tmp_path: Path) -> None:
    terraform = FakeTerraform()
    (tmp_path / AWS).mkdir(parents=True)
    (tmp_path / AWS / "5.100.0.json").write_text('{"provider": ')
    assert load_schemas({AWS: "5.100.0"}, tmp_path, terraform) == {AWS: {"provider": 1}}
    assert load_schemas({AWS: "5.100.0"}, tmp_path, terraform) == {AWS: {"provider": 1}}
    assert terraform.calls == 1
    assert [path.name for path in (tmp_path / AWS).iterdir()] == ["5.100.0.json"]
