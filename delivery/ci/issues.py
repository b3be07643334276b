"""An issue for a failure that lasts: one while it is open, with a comment for every further run that fails."""

from delivery.ci.github import GitHub


def report_failure(github: GitHub, title: str, text: str, label: str) -> str:
    """Open an issue of this title and label, or comment on the open one. Returns where it was written."""
    for issue in github.each(f"issues?state=open&labels={label}"):
        if issue.get("title") == title and "pull_request" not in issue:
            return str(github.ask("POST", f"issues/{issue['number']}/comments", {"body": text})["html_url"])
    return str(github.ask("POST", "issues", {"title": title, "body": text, "labels": [label]})["html_url"])
