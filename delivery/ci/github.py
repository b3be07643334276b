"""GitHub's REST API, as far as the workflows need it.

Source: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from delivery.errors import UserError

TIMEOUT_SECONDS = 30.0
API_VERSION = "2022-11-28"
PAGE_SIZE = 100
MOST_PAGES = 50  # 5000 entries: beyond that something else is wrong
QUOTED_CHARACTERS = 200


@dataclass(frozen=True)
class GitHub:
    """One repository (`owner/name`) and a token that may do there what is asked for; the token is never shown."""

    api_url: str
    repository: str
    token: str = field(repr=False)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The decoded answer. path: below the repository, such as `issues`. UserError when GitHub refuses or is out."""
        request = urllib.request.Request(  # noqa: S310 - the address is checked where it is read
            f"{self.api_url}/repos/{self.repository}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": API_VERSION,
            },
        )
        where = f"{method} {path.partition('?')[0]}"
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read(QUOTED_CHARACTERS).decode(errors="replace")
            found = f"{error.code}: {' '.join(said.split())}"
            raise UserError("GitHub refuses", where, found, mend="Look at the permissions of the job") from error
        except (OSError, ValueError) as error:
            raise UserError("GitHub gives no usable answer", where, str(error)) from error

    def each(self, path: str) -> Iterator[dict[str, Any]]:
        """All entries of a list, page by page."""
        sign = "&" if "?" in path else "?"
        for page in range(1, MOST_PAGES + 1):
            entries = self.ask("GET", f"{path}{sign}per_page={PAGE_SIZE}&page={page}")
            yield from entries
            if len(entries) < PAGE_SIZE:
                return
