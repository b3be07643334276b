"""Comments and issues are written where they belong, once, and what GitHub refuses is one clear message."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from delivery.ci.comments import MOST_CHARACTERS, comment_body
from delivery.ci.dry_run.github import TOKEN, FakeGitHub, fake_github
from delivery.cli.ci import command
from delivery.errors import UserError

MARKER = "<!-- paygate: plan payments -->\n"


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGitHub]:
    """A job for pull request 5 of a repository of this GitHub, with the plan's text in plan.md."""
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 5}}))
    (tmp_path / "plan.md").write_text("1 to add")
    monkeypatch.chdir(tmp_path)
    with fake_github() as fake:
        for name, value in fake.variables(GITHUB_EVENT_PATH=str(tmp_path / "event.json")).items():
            monkeypatch.setenv(name, value)
        yield fake


def run(*arguments: str) -> None:
    command.main(args=list(arguments), standalone_mode=False)


def comment(number: int, body: str, kind: str = "Bot") -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"type": kind}}


def test_the_first_run_writes_a_comment(github: FakeGitHub, capsys: pytest.CaptureFixture[str]) -> None:
    run("comment", "plan.md", "--key", "plan payments")
    assert github.asked == [("POST", "issues/5/comments", {"body": f"{MARKER}1 to add"})]
    assert capsys.readouterr().out == "https://github.com/acme/paygate/issues/5/comments\n"


def test_a_later_run_writes_over_its_comment_also_when_it_is_on_the_second_page(github: FakeGitHub) -> None:
    others = [comment(number, "talk") for number in range(120)]
    github.entries["issues/5/comments"] = [*others, comment(900, f"{MARKER}old")]
    run("comment", "plan.md", "--key", "plan payments")
    assert github.asked == [("PATCH", "issues/comments/900", {"body": f"{MARKER}1 to add"})]


@pytest.mark.parametrize(
    "other",
    [
        comment(1, f"{MARKER}copied", kind="User"),
        comment(1, "<!-- paygate: plan gateway -->\nother"),
        comment(1, f"I saw {MARKER}"),
        {"id": 1, "body": None, "user": None},
    ],
)
def test_comments_of_people_and_other_subjects_are_left_alone(github: FakeGitHub, other: dict[str, Any]) -> None:
    github.entries["issues/5/comments"] = [other]
    run("comment", "plan.md", "--key", "plan payments")
    assert [asked[0] for asked in github.asked] == ["POST"]


def test_a_text_that_is_too_long_is_cut_at_a_line_and_out_of_its_code_block() -> None:
    body = comment_body("a", "intro\n```\n" + "line of a plan\n" * 10_000)
    assert len(body) <= MOST_CHARACTERS
    assert body.endswith("line of a plan\n```\n\nThe rest is in the artifacts of the run: a comment holds no more.\n")


def test_a_failure_opens_an_issue(github: FakeGitHub) -> None:
    run("issue", "--title", "Nightly deployment failed")
    ((method, path, body),) = github.asked
    assert (method, path) == ("POST", "issues")
    assert (body["title"], body["labels"]) == ("Nightly deployment failed", ["nightly"])
    assert body["body"].startswith("https://github.com/acme/paygate/actions/runs/77 failed.")


def test_a_failure_that_lasts_is_a_comment_on_the_open_issue_and_never_on_a_pull_request(github: FakeGitHub) -> None:
    title = "Nightly deployment failed"
    github.entries["issues"] = [
        {"number": 7, "title": title, "pull_request": {}},
        {"number": 8, "title": "other"},
        {"number": 9, "title": title},
    ]
    run("issue", "--title", title)
    assert [asked[:2] for asked in github.asked] == [("POST", "issues/9/comments")]


def test_what_github_refuses_is_told_without_the_token(github: FakeGitHub) -> None:
    github.refuse_with = 403
    with pytest.raises(UserError, match=r"GitHub refuses; found 403: .*not accessible by integration") as refused:
        run("issue", "--title", "x")
    assert TOKEN not in str(refused.value)


def test_a_github_that_is_out_of_reach_is_one_message(github: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    with pytest.raises(UserError, match="GET issues: GitHub gives no usable answer"):
        run("issue", "--title", "x")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("GITHUB_TOKEN", "", "GITHUB_TOKEN: the variable is not set"),
        ("GITHUB_API_URL", "http://example.com", "GITHUB_API_URL: a token is not sent there; found http://example.com"),
        ("GITHUB_EVENT_PATH", "none.json", "none.json: the event is about no pull request"),
    ],
)
def test_a_job_that_lacks_what_is_needed_is_one_message(
    github: FakeGitHub, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UserError) as refused:
        run("comment", "plan.md", "--key", "x")
    assert message in str(refused.value)


def test_a_comment_without_a_text_is_one_message(github: FakeGitHub) -> None:
    with pytest.raises(UserError, match=r"none\.md: no text to comment with"):
        run("comment", "none.md", "--key", "x")
