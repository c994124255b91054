"""Values as YAML as people write it: short parts on one line, long texts in blocks, quotes where needed."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.scalars import plain_scalar

WIDTH = 110
"""Characters of a line that are not exceeded where a value can be written on several."""
_LONGEST_FOLDED = 150
"""Characters of a line with a text; a longer one is folded."""
# What YAML reads as something else at the start of a text without quotes.
_UNSAFE_START = lazy_pattern(r"[\s\-?:,\[\]{}#&*!|>'\"%@`]|---|\.\.\.|<<$|=$")
_SAFE_DASH = lazy_pattern(r"-[^\s-]")
_UNSAFE_FLOW = lazy_pattern(r"[,\[\]{}]")
_UNPRINTABLE = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_SINGLE_SPACE = lazy_pattern(r"(?<! ) (?! )")
_SPECIAL_KEYS = frozenset({"nan", "empty", "null+nan"})
"""Keys of value mappings that stand for what is not a text (`dashgen.compile.lower.lower_fields.SPECIAL`)."""
_LEADING_ZERO = lazy_pattern(r"[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
"""Texts that look like numbers. YAML 1.2 takes them for texts, and `panel/mapping` asks for quotes."""
_BLOCKS = frozenset({"panels", "rows", "tabs", "variables", "annotations", "links", "components", "rules"})
"""Keys whose lists have an item below the other, however short they are."""


class Layout(Struct, frozen=True):
    """How far a mapping stands to the right of its key, and how far a list does."""

    step: int = 2
    dash: int = 2


IDIOMATIC = Layout()


def mapping_lines(data: Json, indent: int, layout: Layout = IDIOMATIC) -> Iterator[str]:
    """The lines of a mapping that is not empty, one key below the other."""
    for key, value in data.items():
        name = key_text(key)
        yield from entry_lines(f"{' ' * indent}{name}:", key, value, indent, layout)


def entry_lines(head: str, key: str, value: object, indent: int, layout: Layout = IDIOMATIC) -> Iterator[str]:
    """The lines of one key and its value.

    Args:
        head: the key as it is written, with what stands before it and its colon.
        key: the key itself, because some keys have their lists below them however short they are.
        value: its value.
        indent: the column of the key.
        layout: how what stands below the key is indented.
    """
    if isinstance(value, dict | list) and value:
        is_list = isinstance(value, list)
        below = key in _BLOCKS and is_list and not all(isinstance(item, str) for item in value)
        flow = None if below else _flow(value)
        if flow is not None and len(head) + 1 + len(flow) <= WIDTH:
            yield f"{head} {flow}"
            return
        yield head
        if isinstance(value, dict):
            yield from mapping_lines(value, indent + layout.step, layout)
        else:
            yield from list_lines(value, key, indent + layout.dash, layout)
    else:
        yield from value_lines(head, value, indent + layout.step)


def list_lines(data: list[Any], key: str, indent: int, layout: Layout = IDIOMATIC) -> Iterator[str]:
    """The lines of a list that is not empty, its dashes in the column ``indent``."""
    for item in data:
        yield from item_lines(item, key, indent, layout)


def item_lines(
    item: object, key: str, indent: int, layout: Layout = IDIOMATIC, *, below: bool = False
) -> Iterator[str]:
    """The lines of one item of a list; with ``below``, a mapping has its keys one below the other."""
    head = " " * indent + "-"
    flow = _flow(item) if isinstance(item, dict | list) and not below else None
    if (
        flow is not None
        and len(head) + 1 + len(flow) <= WIDTH
        and not (key in ("rows", "tabs") and len(flow) > WIDTH // 2)
    ):
        yield f"{head} {flow}"
    elif isinstance(item, dict | list) and item:
        inner = indent + 2
        if isinstance(item, dict):
            lines = mapping_lines(item, inner, layout)
        else:
            lines = list_lines(item, "", inner, layout)
        # The first line goes behind the dash, where its indentation would have been.
        yield f"{head} {next(lines)[inner:]}"
        yield from lines
    else:
        yield from value_lines(head, item, indent + 2)


def value_lines(head: str, value: object, indent: int) -> Iterator[str]:
    """The lines of a scalar, or of an empty mapping or list, after its key or dash.

    Args:
        head: what stands before it.
        value: the scalar.
        indent: the column of the lines of a block.
    """
    if not isinstance(value, str):
        yield f"{head} {_plain(value)}"
    elif "\n" in value and _blockable(value):
        # `-` says that the text ends without a line break.
        yield f"{head} {'|' if value.endswith(chr(10)) else '|-'}"
        yield from (" " * indent + line if line.strip() else "" for line in _lines(value))
    elif len(head) + len(value) > _LONGEST_FOLDED and foldable(value):
        yield f"{head} >-"
        yield from (" " * indent + line for line in folded(value, WIDTH - indent))
    else:
        yield f"{head} {scalar_text(value)}"


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _blockable(text: str) -> bool:
    """Whether a literal block keeps a text as it is.

    Its first line sets the indentation, blank lines lose their blanks, and `|` and `|-` know no second line
    break at the end.
    """
    lines = text.split("\n")
    return (
        not _UNPRINTABLE.search(text)
        and not text.endswith("\n\n")
        and bool(lines[0])
        and not lines[0].startswith((" ", "\t"))
        and not any(line != line.rstrip() and not line.strip() for line in lines)
        and "\t" not in {line[:1] for line in lines}
    )


def foldable(text: str) -> bool:
    """Whether a folded block keeps a text of one line as it is."""
    return not _UNPRINTABLE.search(text) and "\n" not in text and text == text.strip() and "\t" not in text


def folded(text: str, width: int) -> Iterator[str]:
    """Lines that a folded block joins with single spaces again.

    Where several spaces stand side by side no line ends: a fold would make one of them.
    """
    line = ""
    for word in _SINGLE_SPACE.split(text):
        if line and len(line) + 1 + len(word) > max(width, 40):
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def flow_text(value: object) -> str:
    """A value on one line, however long that is."""
    if isinstance(value, dict):
        parts = (f"{key_text(key, flow=True)}: {flow_text(part)}" for key, part in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow_text, value))}]"
    return scalar_text(value, flow=True) if isinstance(value, str) else _plain(value)


def _flow(value: object) -> str | None:
    """A value on one line; nothing when it is too long for that or has text in lines."""
    if isinstance(value, dict):
        parts = [(key_text(key, flow=True), _flow(part)) for key, part in value.items()]
        if any(part is None for _, part in parts):
            return None
        inside = ", ".join(f"{key}: {part}" for key, part in parts)
        return f"{{{inside}}}" if len(inside) <= WIDTH else None
    if isinstance(value, list):
        part_texts = [_flow(part) for part in value]
        if any(part is None for part in part_texts):
            return None
        inside = ", ".join(part for part in part_texts if part is not None)
        return f"[{inside}]" if len(inside) <= WIDTH else None
    if isinstance(value, str) and ("\n" in value or len(value) > WIDTH):
        return None
    return scalar_text(value, flow=True) if isinstance(value, str) else _plain(value)


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    return "{}" if isinstance(value, dict) else "[]"


def _number(value: float) -> str:
    text = repr(value)
    if plain_scalar(text) == value:
        return text
    # Python's exponents are not always those of YAML; digits are read everywhere.
    return f"{value:.17f}".rstrip("0")


def key_text(key: str, *, flow: bool = False) -> str:
    """A key, in quotes also when a plain one would look like a special value or a number.

    ``NaN`` is a text and ``nan`` a value; ``01`` is a text in YAML 1.2, which nobody sees without quotes.
    """
    if (key.lower() in _SPECIAL_KEYS and key not in _SPECIAL_KEYS) or _LEADING_ZERO.fullmatch(key):
        return single_quoted(key)
    return scalar_text(key, flow=flow)


def scalar_text(value: str, *, flow: bool = False) -> str:
    """A text on one line, without quotes where it needs none."""
    if "\n" in value or _UNPRINTABLE.search(value) or "\t" in value:
        return double_quoted(value)
    if is_plain(value, flow=flow):
        return value
    if "'" in value and '"' not in value and "\\" not in value:
        return f'"{value}"'
    return single_quoted(value)


def single_quoted(value: str) -> str:
    """A text in single quotes; only for one that has no line breaks and nothing to escape."""
    return "'" + value.replace("'", "''") + "'"


def double_quoted(value: str) -> str:
    """Any text in double quotes, on one line."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", plain) + '"'


def is_plain(text: str, *, flow: bool) -> bool:
    """Whether a text reads as itself without quotes; ``flow`` is for inside brackets and braces."""
    # First what YAML would cut or take for a number, a switch or null, then what it takes for its own marks.
    if not text or text != text.strip() or plain_scalar(text) != text:
        return False
    if "\n" in text or "\t" in text or _UNPRINTABLE.search(text):
        return False
    if _UNSAFE_START.match(text) and not (_SAFE_DASH.match(text) and not flow):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    return not (flow and (_UNSAFE_FLOW.search(text) or (":" in text and "://" not in text)))
