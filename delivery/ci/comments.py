"""One comment per pull request and subject, written again when it changes, so that a discussion stays readable."""

from delivery.ci.github import GitHub

# GitHub's documentation states no limit; its API is known to refuse more with a message that names this number.
MOST_CHARACTERS = 65_536
CUT = "\n\nThe rest is in the artifacts of the run: a comment holds no more.\n"


def put_comment(github: GitHub, number: int, key: str, text: str) -> str:
    """Write the comment of a subject on pull request `number`, over the one there is. Returns its address."""
    body = comment_body(key, text)
    for comment in github.each(f"issues/{number}/comments"):
        if str(comment.get("body") or "").startswith(_marker(key)) and _by_machine(comment):
            return str(github.ask("PATCH", f"issues/comments/{comment['id']}", {"body": body})["html_url"])
    return str(github.ask("POST", f"issues/{number}/comments", {"body": body})["html_url"])


def comment_body(key: str, text: str) -> str:
    """The text behind a marker that readers do not see, cut to what a comment holds and out of any code block."""
    marked = f"{_marker(key)}\n{text}"
    if len(marked) <= MOST_CHARACTERS:
        return marked
    fence = "\n```"
    kept = marked[: MOST_CHARACTERS - len(CUT) - len(fence)].rpartition("\n")[0]
    return kept + (fence if kept.count(fence) % 2 else "") + CUT


def _marker(key: str) -> str:
    return f"<!-- paygate: {key} -->"


def _by_machine(comment: dict[str, object]) -> bool:
    """A person may have quoted the marker; that comment is not ours to change."""
    user = comment.get("user")
    return isinstance(user, dict) and user.get("type") == "Bot"
