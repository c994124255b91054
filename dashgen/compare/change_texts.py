"""Sentences about values and their changes."""

import re
from collections.abc import Sequence

import orjson

from dashgen.compare.change import Code, Detail, Path
from dashgen.core.lazy_pattern import lazy_pattern

_PLAIN = lazy_pattern(r"[^\s\"'`,;→]+")
_TOKEN = lazy_pattern(r"[A-Za-z0-9_:$.]")
_WIDE = 64
_HEAD = lazy_pattern(r"[\w:]{1,24}\(")
_BEFORE = 20
_AFTER = 12
_MIDDLE = 96
NOTHING = "not set"


def show(value: object) -> str:
    """Write a value for a sentence: words bare, texts quoted, everything else as JSON; long ones cut."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        text = _cut(" ".join(value.split()), _WIDE)
        return text if _PLAIN.fullmatch(text) else f'"{text}"'
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list) and value and all(isinstance(item, str | int | float) for item in value):
        return _cut(", ".join(show(item) for item in value), _WIDE)
    return _cut(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode(), _WIDE)


def number(value: float) -> str:
    """A number without needless digits."""
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def quoted(text: str) -> str:
    """A name between quotation marks, cut when it is long."""
    return f'"{_cut(" ".join(text.split()), _WIDE)}"'


def code_change(old: str, new: str) -> tuple[str, ...]:
    """Two texts of code as ``old → new``, both shortened to what changed and some of what is around it."""
    left, right = around(_one_line(old), _one_line(new))
    return Code(left), " → ", Code(right)


def around(old: str, new: str) -> tuple[str, str]:
    """Two texts, cut to where they differ unless they are short.

    Cuts are between words and marked with ``…``.
    """
    if max(len(old), len(new)) <= _WIDE:
        return old, new
    start, end = _common(old, new)
    first = _word_start(old, max(0, start - _BEFORE)) if start > _BEFORE else 0
    shared_end = 0 if end <= _AFTER else end - _AFTER
    # A cut inside of a metric's name would show a metric that does not exist.
    while (
        0 < shared_end < end
        and _TOKEN.match(old[len(old) - shared_end - 1])
        and _TOKEN.match(old[len(old) - shared_end])
    ):
        shared_end -= 1
    # `sum(…` says more than `…` about a query whose inner part changed.
    head = _HEAD.match(old)
    opening = head[0] if head and len(head[0]) < first else ""
    lead, tail = f"{opening}…" if first > 0 else "", "…" * (shared_end > 0)
    left, right = (lead + _middle(text[first : len(text) - shared_end]) + tail for text in (old, new))
    return left, right


def _common(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share at their start and at their end, in whole words."""
    shortest = min(len(old), len(new))
    start = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    while start > 0 and _TOKEN.match(old[start - 1]):
        start -= 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    while end > 0 and _TOKEN.match(old[len(old) - end]):
        end -= 1
    return start, end


def _word_start(text: str, position: int) -> int:
    while position > 0 and _TOKEN.match(text[position]) and _TOKEN.match(text[position - 1]):
        position -= 1
    return position


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _middle(text: str) -> str:
    half = _MIDDLE // 2
    return text if len(text) <= _MIDDLE + 8 else f"{text[:half]}…{text[-half:]}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def short_code(text: str) -> Code:
    """A whole text of code, cut when it is long."""
    return Code(_cut(_one_line(text), _MIDDLE))


def word_change(label: str, old: object, new: object) -> tuple[str, ...]:
    """A change of something that has a name: ``unit s → ms``, ``unit set to s``, ``legend off``."""
    if isinstance(new, bool) or (isinstance(old, bool) and new is None):
        return (f"{label} {'on' if new else 'off'}",)
    if old is None:
        return f"{label} set to ", *_shown(new)
    if new is None:
        return f"{label} ", *_shown(old), " removed"
    if _is_long(old) or _is_long(new):
        left, right = around(_one_line(str(old)), _one_line(str(new)))
        return (f'{label} "{left}" → "{right}"',)
    return f"{label} ", *_shown(old), " → ", *_shown(new)


def _is_long(value: object) -> bool:
    return isinstance(value, str) and len(value) > _WIDE


def _shown(value: object) -> tuple[str, ...]:
    return (show(value),) if not isinstance(value, Code) else (short_code(value),)


def word_detail(label: str, old: object, new: object, path: Path, subject: str = "") -> Detail:
    """A change of something that has a name, as a detail."""
    return Detail(word_change(label, old, new), path, old, new, subject)


def dotted_path(path: Sequence[str | int]) -> str:
    """A path as people write it: ``options.legend.calcs[0]``."""
    text = ""
    for step in path:
        plain = isinstance(step, str) and re.fullmatch(r"[\w-]+", step)
        if isinstance(step, int):
            text += f"[{step}]"
        elif plain:
            text += f".{step}" if text else str(step)
        else:
            text += f'["{step}"]'
    return text


def plain_change(
    path: Path, old: object, new: object, *, shown: Path | None = None, subject: str = ""
) -> Detail:
    """A change of something that has no name of its own: ``options.x.y: a → b``."""
    label = dotted_path(path if shown is None else shown)
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > _WIDE:
        left, right = around(_one_line(old), _one_line(new))
        return Detail((f'{label}: "{left}" → "{right}"',), path, old, new, subject)
    return Detail((f"{label}: {_json(old)} → {_json(new)}",), path, old, new, subject)


def _json(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else show(value)
