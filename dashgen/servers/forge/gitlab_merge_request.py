"""A merge request of GitLab.

Sources: docs.gitlab.com/api/notes, /api/project_markdown_uploads and /api/users (17.6). Uploads stay
until somebody with the role of a maintainer deletes them, which the API does by number.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.core.json_values import mapping, text, whole
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.forge.forge_session import ForgeError, ForgeSession, forge_endpoint, required
from dashgen.servers.forge.review_thread import ImageFile, OwnComment

_ADDRESS: Final = lazy_pattern(r"/uploads/[0-9a-f]{32}/[A-Za-z0-9._-]+")


class GitlabMergeRequest(Struct):
    """A merge request.

    Attributes:
        session: the API.
        project: the number of the project, or its path.
        number: the merge request, as its project counts it.
    """

    session: ForgeSession
    project: str
    number: int

    @property
    def _root(self) -> str:
        return f"/projects/{quote(self.project, safe='')}"

    @property
    def _notes(self) -> str:
        return f"{self._root}/merge_requests/{self.number}/notes"

    @property
    def _prefix(self) -> str:
        return f"dashgen-{self.number}-"

    def own_comments(self) -> Iterator[OwnComment]:
        """The notes that the token's user wrote, the oldest first."""
        me = whole(mapping(self.session.read("/user")).get("id"))
        notes = [
            OwnComment(whole(note.get("id")), text(note.get("body")))
            for note in self.session.pages(self._notes)
            if whole(mapping(note.get("author")).get("id")) == me and note.get("system") is not True
        ]
        yield from sorted(notes)

    def create(self, body: str) -> None:
        """Write a note."""
        self.session.write("POST", self._notes, {"body": body})

    def change(self, number: int, body: str) -> None:
        """Replace a note."""
        self.session.write("PUT", f"{self._notes}/{number}", {"body": body})

    def delete(self, number: int) -> None:
        """Delete a note."""
        self.session.write("DELETE", f"{self._notes}/{number}")

    def publish(self, images: Sequence[ImageFile]) -> Mapping[str, str]:
        """Upload pictures to the project; those of earlier reviews are deleted if the token may.

        Raises:
            ForgeError: the token may not upload.
        """
        # Names have the hashes of their pictures in them, so what a note shows already is not sent again.
        shown = self._shown_addresses()
        addresses = {image.name: shown.get(image.name) or self._upload(image) for image in images}
        self._remove_others({address.split("/")[2] for address in addresses.values()})
        return addresses

    def withdraw(self) -> None:
        """Delete the pictures of earlier reviews if the token may."""
        self._remove_others(set())

    def _shown_addresses(self) -> dict[str, str]:
        """The addresses of the pictures in the token's own notes, by the names of the pictures."""
        matches = (match for note in self.own_comments() for match in _ADDRESS.finditer(note.body))
        names = ((match[0].rpartition("/")[2], match[0]) for match in matches)
        return {
            name.removeprefix(self._prefix): address
            for name, address in names
            if name.startswith(self._prefix)
        }

    def _upload(self, image: ImageFile) -> str:
        boundary = sha256(image.content).hexdigest()
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{self._prefix}{image.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        data = head.encode() + image.content + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        address = text(mapping(self.session.upload(f"{self._root}/uploads", data, kind)).get("url"))
        if not _ADDRESS.fullmatch(address):
            raise ForgeError("GitLab's answer to an upload has no address in it")
        return address

    def _remove_others(self, secrets: Collection[str]) -> None:
        """Delete this merge request's pictures but those with some secrets in their addresses.

        Listing and deleting uploads is for maintainers; with a token of another role they stay.
        """
        try:
            for upload in self.session.pages(f"{self._root}/uploads"):
                is_own = text(upload.get("filename")).startswith(self._prefix)
                if is_own and text(upload.get("secret")) not in secrets:
                    self.session.write("DELETE", f"{self._root}/uploads/{whole(upload.get('id'))}")
        except ForgeError:
            return


def gitlab_merge_request(environment: Mapping[str, str]) -> GitlabMergeRequest:
    """The merge request of a job of GitLab CI.

    ``CI_API_V4_URL``, ``CI_PROJECT_ID`` and ``CI_MERGE_REQUEST_IID`` are those of GitLab CI;
    ``GITLAB_TOKEN`` is a token of the project with the scope `api`, as that of a job may not write notes.

    Raises:
        DashgenError: one of them is missing or not what it should be.
    """
    url = required(environment, "CI_API_V4_URL", "the address of GitLab")
    project = required(environment, "CI_PROJECT_ID", "the project")
    number = required(environment, "CI_MERGE_REQUEST_IID", "the merge request")
    if not (number.isascii() and number.isdigit()):
        raise DashgenError("`CI_MERGE_REQUEST_IID` is not a number")
    return GitlabMergeRequest(ForgeSession(forge_endpoint("GitLab", url, environment)), project, int(number))
