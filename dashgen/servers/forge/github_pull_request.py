"""A pull request of GitHub.

Sources: docs.github.com/en/rest/issues/comments, /rest/git/blobs, /rest/git/trees, /rest/git/commits and
/rest/git/refs (API version 2022-11-28). The API has no upload for comments, so pictures are files of a
branch of their own. Pages on github.com itself open `blob/…?raw=true` with the reader's session, so the
pictures of a private repository show too, which raw.githubusercontent.com does not do.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.errors import DashgenError
from dashgen.core.json_values import mapping, mappings, text, whole
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.forge.forge_session import ForgeError, ForgeSession, forge_endpoint, required
from dashgen.servers.forge.review_thread import ImageFile, OwnComment
from dashgen.servers.http import ServiceError

BRANCHES: Final = "dashgen-review-images"
"""The start of the names of branches with pictures; one a pull request, so no two jobs write the same."""
_KEPT: Final = timedelta(days=60)
"""How long the pictures of a closed pull request are kept."""
_LOOKED_AT: Final = 5
_HEADERS: Final = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_REPOSITORY: Final = lazy_pattern(r"[A-Za-z0-9_-]+/(?!\.{1,2}\Z)[A-Za-z0-9._-]+")
_OF_PULL_REQUEST: Final = lazy_pattern(r"refs/pull/(\d+)/\w+")


class GithubPullRequest(Struct):
    """A pull request.

    Attributes:
        session: the API.
        pages: the address of GitHub's pages, such as `https://github.com`.
        repository: the owner and the name.
        number: the pull request.
        author: the login that the token writes as.
    """

    session: ForgeSession
    pages: str
    repository: str
    number: int
    author: str

    def own_comments(self) -> Iterator[OwnComment]:
        """The comments that the token's user wrote, the oldest first."""
        for comment in self.session.pages(f"{self._root}/issues/{self.number}/comments"):
            if text(mapping(comment.get("user")).get("login")) == self.author:
                yield OwnComment(whole(comment.get("id")), text(comment.get("body")))

    def create(self, body: str) -> None:
        """Write a comment."""
        self.session.write("POST", f"{self._root}/issues/{self.number}/comments", {"body": body})

    def change(self, number: int, body: str) -> None:
        """Replace a comment."""
        self.session.write("PATCH", f"{self._root}/issues/comments/{number}", {"body": body})

    def delete(self, number: int) -> None:
        """Delete a comment."""
        self.session.write("DELETE", f"{self._root}/issues/comments/{number}")

    def publish(self, images: Sequence[ImageFile]) -> Mapping[str, str]:
        """Make a branch that has these pictures and nothing else, no history either.

        Raises:
            ForgeError: the token may not write contents, or the branch is protected.
        """
        if not images:
            self.withdraw()
            return {}
        root = f"{self.pages}/{self.repository}/blob/{self._branch}"
        addresses = {image.name: f"{root}/{quote(image.name)}?raw=true" for image in images}
        # Names have the hashes of their pictures in them.
        if self._published() == addresses.keys():
            return addresses
        entries = [self._entry(image) for image in images]
        tree = self._sha("trees", {"tree": entries})
        message = f"Pictures of the review of pull request {self.number}"
        # Without a parent, so that pictures of earlier reviews are not kept.
        commit = self._sha("commits", {"message": message, "tree": tree, "parents": []})
        self._point_branch(commit)
        self._forget_closed()
        return addresses

    def withdraw(self) -> None:
        """Delete the branch with pictures."""
        try:
            self.session.write("DELETE", f"{self._root}/git/refs/heads/{self._branch}")
        except ForgeError as error:
            # 422: there is no such branch.
            if error.status not in (404, 422):
                raise

    def _forget_closed(self) -> None:
        """Delete the branches of pull requests that were closed long ago, a few at a time.

        Nothing runs when a pull request is closed, and its comment shows its pictures for a while yet.
        """
        try:
            refs = self.session.read(f"{self._root}/git/matching-refs/heads/{BRANCHES}-")
            names = [text(ref.get("ref")).removeprefix(f"refs/heads/{BRANCHES}-") for ref in mappings(refs)]
            numbers = sorted(int(name) for name in names if name.isascii() and name.isdigit())
            for number in numbers[:_LOOKED_AT]:
                if self._is_long_closed(number):
                    self.session.write("DELETE", f"{self._root}/git/refs/heads/{BRANCHES}-{number}")
        except ServiceError:
            # The next review tries again.
            return

    def _is_long_closed(self, number: int) -> bool:
        pull = mapping(self.session.read(f"{self._root}/pulls/{number}"))
        try:
            closed = datetime.fromisoformat(text(pull.get("closed_at")))
        except ValueError:
            return False
        return datetime.now(UTC) - closed > _KEPT

    @property
    def _root(self) -> str:
        return f"/repos/{self.repository}"

    @property
    def _branch(self) -> str:
        return f"{BRANCHES}-{self.number}"

    def _published(self) -> set[str]:
        """The names of the pictures of the last review."""
        try:
            tree = mapping(self.session.read(f"{self._root}/git/trees/{self._branch}"))
        except ForgeError as error:
            if error.status not in (404, 409, 422):
                raise
            return set()
        return {text(entry.get("path")) for entry in mappings(tree.get("tree"))}

    def _entry(self, image: ImageFile) -> dict[str, Any]:
        content = {"content": b64encode(image.content).decode(), "encoding": "base64"}
        return {"path": image.name, "mode": "100644", "type": "blob", "sha": self._sha("blobs", content)}

    def _sha(self, kind: str, content: Mapping[str, object]) -> str:
        return text(mapping(self.session.write("POST", f"{self._root}/git/{kind}", content)).get("sha"))

    def _point_branch(self, commit: str) -> None:
        try:
            change = {"sha": commit, "force": True}
            self.session.write("PATCH", f"{self._root}/git/refs/heads/{self._branch}", change)
        except ForgeError as error:
            if error.status not in (404, 422):
                raise
            new = {"ref": f"refs/heads/{self._branch}", "sha": commit}
            self.session.write("POST", f"{self._root}/git/refs", new)


def github_pull_request(environment: Mapping[str, str]) -> GithubPullRequest:
    """The pull request of a job of GitHub Actions.

    ``GITHUB_API_URL``, ``GITHUB_SERVER_URL``, ``GITHUB_REPOSITORY`` and ``GITHUB_TOKEN`` are those of
    GitHub Actions; ``PULL_REQUEST`` is the number, which is in ``GITHUB_REF`` otherwise;
    ``COMMENT_AUTHOR`` is the login that the token writes as, when it is not that of the job.

    Raises:
        DashgenError: one of them is missing or not what it should be.
    """
    repository = required(environment, "GITHUB_REPOSITORY", "the repository")
    if not _REPOSITORY.fullmatch(repository):
        raise DashgenError("`GITHUB_REPOSITORY` is not like `owner/name`")
    match = _OF_PULL_REQUEST.fullmatch(environment.get("GITHUB_REF", ""))
    number = environment.get("PULL_REQUEST", "") or (match[1] if match else "")
    if not (number.isascii() and number.isdigit()):
        raise DashgenError("the number of the pull request is not known; set `PULL_REQUEST`")
    url = environment.get("GITHUB_API_URL") or "https://api.github.com"
    endpoint = replace(forge_endpoint("GitHub", url, environment), headers=_HEADERS)
    pages = (environment.get("GITHUB_SERVER_URL") or "https://github.com").rstrip("/")
    author = environment.get("COMMENT_AUTHOR") or "github-actions[bot]"
    return GithubPullRequest(ForgeSession(endpoint), pages, repository, int(number), author)
