"""Keep one comment on a pull request: create it, change it, or delete it when it has nothing to show.

Usage: pull_request_comment.py MARKER FILE

MARKER is a line that nobody sees, an HTML comment: it begins the comment and finds it again. FILE has the
text; if it is empty, the comment is deleted. Comments of others are left alone, also with the marker.

Environment: GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN are those of GitHub Actions, PULL_REQUEST is
the number, COMMENT_AUTHOR the login that the token writes as.

Source of the interface: https://docs.github.com/en/rest/issues/comments
"""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 30
TRIES = 3
READ_ONLY = (401, 403, 404)
"""What GitHub answers to a token that may not write, such as that of a pull request from a fork."""
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token would go along to another host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Comments(NamedTuple):
    """The comments of one pull request."""

    api: str
    repository: str
    number: int
    author: str
    token: str

    def update(self, marker: str, text: str) -> str:
        """Make the comment with the marker be the text, and return what was done."""
        body = f"{marker}\n{text.strip()}\n" if text.strip() else ""
        mine = list(self._mine(marker))
        # Two runs at once may both have written one.
        for spare in mine[1:] if body else mine:
            self._request("DELETE", self._comment(spare))
        if not body:
            return "deleted" if mine else "nothing to show"
        if not mine:
            self._request("POST", self._all(), {"body": body})
            return "created"
        if str(mine[0]["body"]).strip() == body.strip():
            return "unchanged"
        self._request("PATCH", self._comment(mine[0]), {"body": body})
        return "updated"

    def _mine(self, marker: str) -> Iterator[Any]:
        url = f"{self._all()}?per_page=100"
        while url:
            comments, url = self._request("GET", url)
            for comment in comments:
                login = (comment.get("user") or {}).get("login")
                if login == self.author and str(comment.get("body") or "").startswith(marker):
                    yield comment

    def _all(self) -> str:
        return f"{self.api}/repos/{self.repository}/issues/{self.number}/comments"

    def _comment(self, comment: Any) -> str:
        return f"{self.api}/repos/{self.repository}/issues/comments/{int(comment['id'])}"

    def _request(self, method: str, url: str, content: object = None) -> tuple[Any, str]:
        """The answer, and the address of the next page; empty for the last."""
        if not url.startswith(f"{self.api}/"):
            raise ValueError("the next page is on another host")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "dashgen",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(url, data, headers, method=method)  # the address of the API
        opener = urllib.request.build_opener(_NoRedirect)
        for attempt in range(1, TRIES + 1):
            try:
                with opener.open(request, timeout=SECONDS) as answer:
                    after = _NEXT.search(answer.headers.get("Link", ""))
                    return json.loads(answer.read() or b"null"), after[1] if after else ""
            except urllib.error.HTTPError as error:
                # A repeated POST could make a second comment; the next run would delete it.
                if error.code < 500 or attempt == TRIES:  # errors of the server
                    raise
                time.sleep(attempt)
        raise AssertionError


def main(marker: str, file: str, environment: Mapping[str, str]) -> None:
    """Update the comment; a token that may not write is a warning.

    Raises:
        SystemExit: GitHub refuses something, or cannot be reached.
    """
    comments = Comments(
        environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
        environment["GITHUB_REPOSITORY"],
        int(environment["PULL_REQUEST"]),
        environment.get("COMMENT_AUTHOR") or "github-actions[bot]",
        environment["GITHUB_TOKEN"],
    )
    try:
        done = comments.update(marker, Path(file).read_text(encoding="utf-8"))
    except urllib.error.HTTPError as error:
        if error.code not in READ_ONLY:
            sys.exit(f"::error title=dashgen::GitHub answers {error.code} to the comment: {error.reason}")
        why = "the token may not write comments, as on pull requests from forks"
        sys.stdout.write(
            f"::warning title=dashgen::no comment: {why} ({error.code}); it needs pull-requests: write\n"
        )
        return
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        sys.exit(f"::error title=dashgen::no comment: {error}")
    sys.stdout.write(f"the comment: {done}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], os.environ)
