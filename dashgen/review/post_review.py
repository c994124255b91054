"""A review that was written to a folder, as the one comment of a pull request or merge request."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.review.review_files import COMMENT, IMAGES, WORDS
from dashgen.servers.forge import ForgeError, ImageFile, ReviewThread, update_comment
from dashgen.servers.http import ServiceError

_IMAGE: Final = lazy_pattern(r"[a-z0-9-]*-[0-9a-f]{16}\.(?:png|svg)")
_MOST_IMAGES: Final = 200
_MOST_BYTES: Final = 30 * 2**20
"""The bytes of all pictures of a review; what has more is posted in words."""
_WITHOUT: Final = "_The pictures could not be shown here; they are among the files of the review._"


class PostedReview(Struct, frozen=True):
    """What became of the comment, in a word or two, and why it has no pictures or is not there."""

    outcome: str
    warnings: tuple[str, ...] = ()


def post_review(folder: Path, thread: ReviewThread, marker: str, most: int) -> PostedReview:
    """Post a review; an empty one deletes the comment and the pictures.

    A token that may not write, such as that of a job for a fork, gives a warning: what is checked there
    is checked all the same.

    Args:
        folder: what `dashgen review --out` wrote.
        thread: where to.
        marker: the line that finds the comment again.
        most: the characters that a comment may have.

    Raises:
        DashgenError: there is no review in the folder.
        ServiceError: the code host cannot be reached, or refuses the comment for another reason.
    """
    text = _text(folder / COMMENT)
    warnings: list[str] = []
    if text.strip():
        addresses = _published(folder, thread, warnings)
        linked = _linked(text, addresses) if addresses is not None else ""
        if not linked or len(marker) + len(linked) + 2 > most:
            plain = _text(folder / WORDS)
            linked = f"{plain}\n{_WITHOUT}\n" if plain != text else plain
        text = linked
    try:
        outcome = update_comment(thread, marker, text)
        if not text.strip():
            thread.withdraw()
    except ForgeError as error:
        if not error.is_read_only:
            raise
        return PostedReview(
            "", (*warnings, f"no comment: the token may not write comments ({error.message})")
        )
    return PostedReview(outcome, tuple(warnings))


def marker_of(project: str) -> str:
    """The line that begins the comment on a project."""
    # Two hyphens would end an HTML comment.
    return f"<!-- dashgen review of {re.sub('-(?=[->])', '- ', project)} -->"


def _text(path: Path) -> str:
    try:
        return read_regular(path).decode("utf-8", "replace")
    except OSError as error:
        raise DashgenError(
            f"there is no review in `{path.parent}`: {(error.strerror or str(error)).lower()}; "
            "write one with `dashgen review --against REF --out DIR`"
        ) from None


def _published(folder: Path, thread: ReviewThread, warnings: list[str]) -> Mapping[str, str] | None:
    """The addresses of the pictures; None where they cannot be shown."""
    images = list(_images(folder / IMAGES))
    if len(images) > _MOST_IMAGES or sum(len(image.content) for image in images) > _MOST_BYTES:
        warnings.append("no pictures: there are too many; see `--pictures`")
        return None
    try:
        return thread.publish(images)
    except ServiceError as error:
        if images:
            warnings.append(f"no pictures: {error.message}")
        return None


def _images(folder: Path) -> Iterator[ImageFile]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _IMAGE.fullmatch(path.name):
            yield ImageFile(path.name, read_regular(path))


def _linked(text: str, addresses: Mapping[str, str]) -> str:
    """The comment with the addresses of its pictures."""

    def address(match: re.Match[str]) -> str:
        shown = addresses.get(match[1])
        return f"]({shown})" if shown else match[0]

    return re.sub(rf"\]\({IMAGES}/({_IMAGE.pattern})\)", address, text)
