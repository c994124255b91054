"""What a review needs of a code host: one comment of its own, and a place for pictures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol


class ImageFile(NamedTuple):
    """A picture: the name of its file, and its bytes."""

    name: str
    content: bytes


class OwnComment(NamedTuple):
    """A comment that the token's user wrote."""

    id: int
    body: str


class ReviewThread(Protocol):
    """The comments of a pull request or merge request."""

    def own_comments(self) -> Iterable[OwnComment]:
        """The comments that the token's user wrote, the oldest first."""

    def create(self, body: str) -> None:
        """Write a comment."""

    def change(self, number: int, body: str) -> None:
        """Replace a comment."""

    def delete(self, number: int) -> None:
        """Delete a comment."""

    def publish(self, images: Sequence[ImageFile]) -> Mapping[str, str]:
        """Put pictures where the comment can show them, in place of those of earlier reviews.

        Returns:
            Their addresses by name.
        """

    def withdraw(self) -> None:
        """Remove the pictures of earlier reviews, as far as the code host lets."""


def update_comment(thread: ReviewThread, marker: str, text: str) -> str:
    """Make the comment with a marker be a text; without text there is none.

    Comments of others are left alone, also those with the marker.

    Args:
        thread: the comments.
        marker: the line that begins the comment and finds it again, an HTML comment that nobody sees.
        text: the Markdown.

    Returns:
        What was done, in a word or two.

    Raises:
        ServiceError: the code host refuses it, or cannot be reached.
    """
    body = f"{marker}\n{text.strip()}\n" if text.strip() else ""
    mine = [one for one in thread.own_comments() if one.body.startswith(marker)]
    # Two runs at once may both have written one.
    for spare in mine[1:] if body else mine:
        thread.delete(spare.id)
    if not body:
        return "deleted" if mine else "nothing to show"
    if not mine:
        thread.create(body)
        return "created"
    if mine[0].body.strip() == body.strip():
        return "unchanged"
    thread.change(mine[0].id, body)
    return "updated"
