"""Specs as YAML text as people write it: short parts on one line, long queries in blocks, quotes only where they are needed."""

import re
from collections.abc import Iterator
from typing import Any

from dashgen.spec.scalars import plain_scalar

_WIDTH = 110
_LONGEST_FOLDED = 150
_EXPRESSION = re.compile(r"\$\{\{(?!\s*[$.])")
_UNSAFE_START = re.compile(r"[\s\-?:,\[\]{}#&*!|>'\"%@`]|---|\.\.\.|<<$|=$")
_SAFE_DASH = re.compile(r"-[^\s-]")
_UNSAFE_FLOW = re.compile(r"[,\[\]{}]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BLOCKS = frozenset({"panels", "rows", "variables", "annotations", "links", "components", "rules"})
"""Keys whose lists have an item below the other, however short they are."""
_AS_IT_IS = frozenset({"raw"})


def spec_text(documents: list[dict[str, Any]]) -> str:
    """Spec documents as YAML text.

    Args:
        documents: plain data, its keys in the order in which they are to stand.
    """
    return "---\n".join("\n".join(_mapping(document, 0)) + "\n" for document in documents)


def _mapping(data: dict[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        name = _scalar(key, key=True)
        yield from _entry(f"{' ' * indent}{name}:", key, value, indent)


def _entry(head: str, key: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        flow = None if key in _BLOCKS and isinstance(value, list) and not _short(value) else _flow(value)
        if flow is not None and len(head) + 1 + len(flow) <= _WIDTH:
            yield f"{head} {flow}"
            return
        yield head
        yield from _mapping(value, indent + 2) if isinstance(value, dict) else _list(value, key, indent + 2)
    else:
        yield from _value(head, value, indent + 2)


def _short(value: list[Any]) -> bool:
    return all(isinstance(item, str) for item in value)


def _list(data: list[Any], key: str, indent: int) -> Iterator[str]:
    for item in data:
        head = " " * indent + "-"
        flow = _flow(item) if isinstance(item, dict | list) else None
        if (
            flow is not None
            and len(head) + 1 + len(flow) <= _WIDTH
            and not (key == "rows" and len(flow) > _WIDTH // 2)
        ):
            yield f"{head} {flow}"
        elif isinstance(item, dict) and item:
            lines = list(_mapping(item, indent + 2))
            yield f"{head} {lines[0][indent + 2 :]}"
            yield from lines[1:]
        elif isinstance(item, list) and item:
            lines = list(_list(item, "", indent + 2))
            yield f"{head} {lines[0][indent + 2 :]}"
            yield from lines[1:]
        else:
            yield from _value(head, item, indent + 2)


def _value(head: str, value: Any, indent: int) -> Iterator[str]:
    """A scalar, or an empty mapping or list, after its key."""
    if not isinstance(value, str):
        yield f"{head} {_plain(value)}"
        return
    text = _protected(value)
    if "\n" in text and _blockable(text):
        yield f"{head} {_block_mark(text)}"
        yield from (
            (" " * indent + line).rstrip(" ") if not line.strip() else " " * indent + line
            for line in _lines(text)
        )
    elif len(head) + len(text) > _LONGEST_FOLDED and _foldable(text):
        yield f"{head} >-"
        yield from (" " * indent + line for line in _folded(text, _WIDTH - indent))
    else:
        yield f"{head} {_scalar(value)}"


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text.endswith("\n") else text.split("\n")


def _blockable(text: str) -> bool:
    """Whether a literal block keeps a text as it is."""
    lines = text.split("\n")
    return (
        not _UNPRINTABLE.search(text)
        and not text.endswith("\n\n")
        and bool(lines[0])
        and not lines[0].startswith((" ", "\t"))
        and not any(line != line.rstrip() and not line.strip() for line in lines)
        and "\t" not in {line[:1] for line in lines}
    )


def _block_mark(text: str) -> str:
    return "|" if text.endswith("\n") else "|-"


def _foldable(text: str) -> bool:
    return (
        not _UNPRINTABLE.search(text)
        and "\n" not in text
        and "  " not in text
        and text == text.strip()
        and "\t" not in text
    )


def _folded(text: str, width: int) -> Iterator[str]:
    """Lines that a folded block joins with single spaces again."""
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > max(width, 40):
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _flow(value: Any) -> str | None:
    """A value on one line; nothing when it is too long for that or has text in lines."""
    if isinstance(value, dict):
        parts = [(_scalar(key, key=True, flow=True), _flow(part)) for key, part in value.items()]
        if any(part is None for _, part in parts):
            return None
        inside = ", ".join(f"{key}: {part}" for key, part in parts)
        return f"{{{inside}}}" if len(inside) <= _WIDTH else None
    if isinstance(value, list):
        found = [_flow(part) for part in value]
        if any(part is None for part in found):
            return None
        inside = ", ".join(part for part in found if part is not None)
        return f"[{inside}]" if len(inside) <= _WIDTH else None
    if isinstance(value, str) and ("\n" in value or len(value) > _WIDTH):
        return None
    return _scalar(value, flow=True) if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str:
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
    return f"{value:.17f}".rstrip("0")


def _protected(text: str) -> str:
    """Text in which nothing is taken for an expression."""
    return _EXPRESSION.sub("${{ '${{' }}", text)


def _scalar(value: str, *, flow: bool = False, key: bool = False) -> str:
    text = value if key else _protected(value)
    if "\n" in text or _UNPRINTABLE.search(text) or "\t" in text:
        return _escaped(text)
    if _is_plain(text, flow=flow):
        return text
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", plain) + '"'


def _is_plain(text: str, *, flow: bool) -> bool:
    if not text or text != text.strip() or plain_scalar(text) != text:
        return False
    if _UNSAFE_START.match(text) and not (_SAFE_DASH.match(text) and not flow):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    return not (flow and (_UNSAFE_FLOW.search(text) or (":" in text and "://" not in text)))
