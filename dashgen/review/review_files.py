"""A review in a folder: its Markdown, its document, and its pictures."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from dashgen.core.files.standalone import make_folder, replace_file
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.review.review import Picture

COMMENT: Final = "review.md"
WORDS: Final = "review-in-words.md"
DOCUMENT: Final = "review.json"
IMAGES: Final = "images"
_OWN: Final = lazy_pattern(r"[a-z0-9-]*-[0-9a-f]{16}\.(?:png|svg)")


class WrittenReview(NamedTuple):
    """The texts of a review: its Markdown with pictures and without them, and its JSON."""

    comment: str
    without_pictures: str
    document: str


def write_review(folder: Path, texts: WrittenReview, pictures: Iterable[Picture]) -> None:
    """Write a review; the pictures of an earlier one that it does not have are removed.

    Args:
        folder: where to; it is made if it is not there.
        texts: its texts.
        pictures: the pictures.

    Raises:
        DashgenError: a file is in the way of the folder.
        OSError: something cannot be written.
    """
    images = folder / IMAGES
    make_folder(images)
    shown = {picture.name: picture.content for picture in pictures}
    for file in images.iterdir():
        if file.name not in shown and _OWN.fullmatch(file.name):
            with suppress(FileNotFoundError):
                file.unlink()
    for name, content in shown.items():
        replace_file(images / name, content)
    for name, text in zip((COMMENT, WORDS, DOCUMENT), texts, strict=True):
        replace_file(folder / name, text.encode("utf-8", "replace"))
