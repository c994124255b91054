"""Short texts about how dashgen works, for `dashgen explain TOPIC`; their examples run in tests/docs."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern

_WIDTH: Final = 80
_ENDING: Final = ".md"
_COMMENT: Final = lazy_pattern(r"(?s)<!--.*?-->\n*")
_FENCE: Final = "```"
_ANYTHING: Final = "…"
"""Stands in examples for what a command prints."""
_TARGET: Final = lazy_pattern(r"(?:#|//) (?:file|add to): (\S+)")


class Topic(NamedTuple):
    """A topic: its name, its heading, its first sentence, and its text as it is printed."""

    name: str
    title: str
    summary: str
    text: str


@cache
def topic_names() -> tuple[str, ...]:
    """The names of all topics, in the order of the alphabet."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)))


def topic_source(name: str) -> str:
    """The Markdown of a topic."""
    return files(__name__).joinpath(name + _ENDING).read_text(encoding="utf-8")


def find_topic(name: str) -> Topic | None:
    """The topic of a name; None when there is none."""
    if name not in topic_names():
        return None
    source = _COMMENT.sub("", topic_source(name))
    heading, _, body = source.partition("\n")
    paragraph = " ".join(body.strip().partition("\n\n")[0].split())
    title = heading.removeprefix("# ")
    return Topic(name, title, _first_sentence(paragraph), "\n".join([title, *_lines(body)]).rstrip() + "\n")


def _first_sentence(paragraph: str) -> str:
    sentence, end, _ = paragraph.partition(". ")
    return sentence + "." if end else paragraph


def _lines(body: str) -> Iterator[str]:
    """The lines of a page for a terminal: examples stand to the right, below the file that they are in."""
    inside, paragraph = False, list[str]()
    for line in [*body.rstrip("\n").split("\n"), ""]:
        is_text = not inside and line and not line.startswith(_FENCE)
        if paragraph and (not is_text or line.startswith("- ")):
            yield from _wrapped(" ".join(paragraph))
            paragraph = []
        if is_text:
            paragraph.append(line.strip())
        elif line.startswith(_FENCE):
            inside = not inside
        elif line != _ANYTHING:
            target = _TARGET.fullmatch(line) if inside else None
            yield f"  {target[1]}:" if target else f"    {line}".rstrip() if inside else line


def _wrapped(paragraph: str) -> list[str]:
    hanging = "  " if paragraph.startswith("- ") else ""
    return wrap(paragraph, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
