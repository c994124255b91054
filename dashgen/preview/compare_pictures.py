"""Two pictures of one dashboard compared, as sentences: what of which panel looks different."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from msgspec import Struct

from dashgen.core.errors import DashgenError

PANEL_MARK: Final = "data-panel"
"""The attribute of the group that has the marks of a panel."""
_SVG: Final = "{http://www.w3.org/2000/svg}"
_COLORS = ("fill", "stroke", "stop-color")
_SHAPES: Final[Mapping[str, str]] = {
    "path": "lines and areas",
    "rect": "rectangles",
    "circle": "points",
    "line": "straight lines",
}
_MOST: Final = 4


class _DrawnPanel(Struct):
    """The marks of a panel: its position, its texts, the colours and numbers of its shapes, and all of it."""

    position: tuple[str, ...]
    texts: list[str]
    colors: Counter[str]
    shapes: Counter[str]
    whole: list[tuple[str, tuple[tuple[str, str], ...], str]]


def picture_differences(before: str, after: str) -> list[str]:
    """What looks different, a sentence for each; nothing for pictures of equal elements.

    Args:
        before: the older picture, as `view_svg` draws it.
        after: the newer one.

    Raises:
        DashgenError: the older one is no such picture.
    """
    try:
        old, new = _panels(before), _panels(after)
    except ET.ParseError as error:
        raise DashgenError(f"it is no picture of dashgen's: {error}") from error
    return list(_differences(old, new))


def _differences(old: Mapping[str, _DrawnPanel], new: Mapping[str, _DrawnPanel]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        subject = f"panel “{name}”" if name else "outside of panels"
        if name not in new:
            yield f"{subject}: it is gone"
        elif name not in old:
            yield f"{subject}: it is new"
        else:
            for what in _changes(old[name], new[name]):
                yield f"{subject}: {what}"


def _changes(old: _DrawnPanel, new: _DrawnPanel) -> list[str]:
    if old.whole == new.whole:
        return []
    changes = []
    if old.position != new.position and old.position and new.position:
        changes.append(_position_change(old.position, new.position))
    changes += _text_changes(old.texts, new.texts)
    changes += _color_changes(old.colors, new.colors)
    changes += [
        f"{new.shapes[kind]} {noun} instead of {old.shapes[kind]}"
        for kind, noun in _SHAPES.items()
        if old.shapes[kind] != new.shapes[kind]
    ]
    return changes or ["shapes or positions differ"]


def _position_change(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    if old[2:] != new[2:]:
        return f"it is {new[2]} by {new[3]} pixels instead of {old[2]} by {old[3]}"
    return f"it stands at {new[0]}, {new[1]} instead of {old[0]}, {old[1]}"


def _text_changes(old: list[str], new: list[str]) -> list[str]:
    removed, added = Counter(old) - Counter(new), Counter(new) - Counter(old)
    was, now = [one for one in old if removed[one]], [one for one in new if added[one]]
    changes = [f"“{before}” became “{after}”" for before, after in zip(was, now, strict=False)]
    changes += [f"“{one}” is gone" for one in was[len(now) :]]
    changes += [f"“{one}” is new" for one in now[len(was) :]]
    return _bounded(list(dict.fromkeys(changes)), "texts")


def _color_changes(old: Counter[str], new: Counter[str]) -> list[str]:
    was, now = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    changes = [f"the colour {before} became {after}" for before, after in zip(was, now, strict=False)]
    changes += [f"the colour {one} is gone" for one in was[len(now) :]]
    changes += [f"the colour {one} is new" for one in now[len(was) :]]
    return _bounded(changes, "colours")


def _bounded(changes: list[str], noun: str) -> list[str]:
    left = len(changes) - _MOST
    return changes if left <= 0 else [*changes[:_MOST], f"{left} more {noun} differ"]


def _panels(picture: str) -> dict[str, _DrawnPanel]:
    """The panels of a picture by their titles, and under an empty one what is outside of them."""
    root = ET.fromstring(picture)  # noqa: S314  # expat bounds entities, and a picture has none
    panels: dict[str, _DrawnPanel] = {}
    rest = []
    for child in root:
        title = child.get(PANEL_MARK)
        if title is None:
            rest.append(child)
            continue
        name, number = title, 2
        while name in panels:
            name, number = f"{title} ({number})", number + 1
        panels[name] = _drawn([child])
    return {"": _drawn(rest), **panels}


def _drawn(elements: list[ET.Element]) -> _DrawnPanel:
    panel = _DrawnPanel((), [], Counter(), Counter(), [])
    for element in (one for top in elements for one in top.iter()):
        kind = element.tag.removeprefix(_SVG)
        attributes = {name: value for name, value in element.attrib.items() if name != PANEL_MARK}
        content = "".join(element.itertext()).strip() if kind in ("text", "title") else ""
        # Numbers in ids follow the order of panels, and say nothing about how one looks.
        seen = tuple(
            sorted((name, value) for name, value in attributes.items() if not _is_reference(name, value))
        )
        panel.whole.append((kind, seen, content))
        panel.shapes[kind] += 1
        panel.colors.update(
            value
            for name in _COLORS
            if (value := attributes.get(name, "")) and not value.startswith(("none", "url("))
        )
        if kind == "text" and content:
            panel.texts.append(content)
        if kind == "rect" and not panel.position:
            panel.position = tuple(attributes.get(name, "0") for name in ("x", "y", "width", "height"))
    return panel


def _is_reference(name: str, value: str) -> bool:
    return name == "id" or value.startswith("url(#")
