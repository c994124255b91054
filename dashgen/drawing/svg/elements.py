"""Elements of SVG as text.

Every attribute and every text is escaped here, so that no title, label or log line becomes markup. No element
that refers to something outside the picture is ever written.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from dashgen.core.lazy_pattern import lazy_pattern

Attribute: TypeAlias = str | float | None
# XML 1.0 cannot hold these, not even escaped.
_FORBIDDEN: Final = lazy_pattern(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\t": " ", "\n": " ", "\r": " "}
)
_LINE_ESCAPES: Final = {code: mark for code, mark in _ESCAPES.items() if mark != " "}


def escaped(text: str) -> str:
    """A text for an attribute or between tags."""
    return _FORBIDDEN.sub("\ufffd", text).translate(_ESCAPES)


def escaped_lines(text: str) -> str:
    """A text between tags, with its line feeds and tabs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return _FORBIDDEN.sub("\ufffd", plain).translate(_LINE_ESCAPES)


def number(value: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{value:.2f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def element(name: str, attributes: dict[str, Attribute], *children: str) -> str:
    """An element; attributes whose value is None are left out, and underscores of names are hyphens."""
    written = "".join(
        f' {key.replace("_", "-")}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


class Box(NamedTuple):
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    def inset(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> "Box":
        """The rectangle without some of its edges; never smaller than nothing."""
        width, height = max(self.width - left - right, 0), max(self.height - top - bottom, 0)
        return Box(self.x + left, self.y + top, width, height)


class TextStyle(NamedTuple):
    """How a line of text looks; `anchor` is start, middle or end."""

    size: float = 12
    color: str = "#ccccdc"
    anchor: str = "start"
    weight: int = 400
    opacity: float = 1
    family: str | None = None
    decoration: str | None = None
    is_italic: bool = False


def line_of_text(text: str, x: float, middle: float, style: TextStyle) -> str:
    """A line of text whose small letters are centred at a height."""
    if not text:
        return ""
    attributes: dict[str, Attribute] = {
        "x": x, "y": middle + style.size * 0.364, "font_size": style.size, "fill": style.color,
        "text_anchor": None if style.anchor == "start" else style.anchor,
        "font_weight": None if style.weight == 400 else str(style.weight),
        "fill_opacity": None if style.opacity == 1 else style.opacity,
        "font_family": style.family, "text_decoration": style.decoration,
        "font_style": "italic" if style.is_italic else None,
        "xml:space": "preserve" if "  " in text else None,
    }  # fmt: skip
    return element("text", attributes, escaped(text))


def rectangle(
    box: Box, fill: str, *, opacity: float = 1, radius: float = 0, stroke: str | None = None
) -> str:
    """A filled rectangle."""
    return element(
        "rect",
        {
            "x": box.x, "y": box.y, "width": max(box.width, 0), "height": max(box.height, 0),
            "rx": radius or None, "fill": fill, "fill_opacity": None if opacity == 1 else opacity,
            "stroke": stroke,
        },
    )  # fmt: skip


class Stroke(NamedTuple):
    """How a line looks; `dash` has lengths of strokes and gaps."""

    color: str
    width: float = 1
    opacity: float = 1
    dash: tuple[float, ...] = ()

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The attributes that say so."""
        return {
            "stroke": self.color,
            "stroke_width": None if self.width == 1 else self.width,
            "stroke_opacity": None if self.opacity == 1 else self.opacity,
            "stroke_dasharray": " ".join(number(length) for length in self.dash) or None,
            # A dot is a stroke without length, of which only its round ends are seen.
            "stroke_linecap": "round" if 0 in self.dash else None,
        }


def straight_line(start: tuple[float, float], end: tuple[float, float], stroke: Stroke) -> str:
    """A line from one point to another."""
    return element("line", {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1], **stroke.attributes})


def path(commands: str, fill: str = "none", stroke: Stroke | None = None, *, opacity: float = 1) -> str:
    """A path; nothing for one without commands."""
    if not commands:
        return ""
    attributes: dict[str, Attribute] = {
        "d": commands,
        "fill": fill,
        "fill_opacity": None if opacity == 1 else opacity,
    }
    if stroke is not None:
        attributes |= stroke.attributes | {"stroke_linejoin": "round"}
    return element("path", attributes)


def circle(center: tuple[float, float], radius: float, fill: str) -> str:
    """A filled circle."""
    return element("circle", {"cx": center[0], "cy": center[1], "r": radius, "fill": fill})


def group(marks: Iterable[str], **attributes: Attribute) -> str:
    """Marks together; nothing when there are none."""
    inner = "".join(marks)
    return element("g", attributes, inner) if inner else ""


def clip(box: Box, identity: str, marks: Iterable[str]) -> str:
    """Marks of which only what is inside a rectangle shows."""
    inner = "".join(marks)
    if not inner:
        return ""
    shape = element("clipPath", {"id": identity}, rectangle(box, "#000"))
    return shape + element("g", {"clip_path": f"url(#{identity})"}, inner)


class GradientStop(NamedTuple):
    """A colour at a share of a gradient's length."""

    share: float
    color: str
    opacity: float = 1


def gradient(
    identity: str, start: tuple[float, float], end: tuple[float, float], stops: Iterable[GradientStop]
) -> str:
    """A gradient between two points of the picture, for `fill="url(#identity)"`."""
    inner = "".join(
        element(
            "stop",
            {
                "offset": number(stop.share), "stop_color": stop.color,
                "stop_opacity": None if stop.opacity == 1 else stop.opacity,
            },
        )
        for stop in stops
    )  # fmt: skip
    attributes: dict[str, Attribute] = {
        "id": identity, "gradientUnits": "userSpaceOnUse", "x1": start[0], "y1": start[1], "x2": end[0],
        "y2": end[1],
    }  # fmt: skip
    return element("linearGradient", attributes, inner)


def document(size: tuple[float, float], font: str, title: str, marks: Iterable[str]) -> str:
    """A whole picture."""
    width, height = (number(length) for length in size)
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height,
            "viewBox": f"0 0 {width} {height}", "font_family": font, "role": "img",
        },
        element("title", {}, escaped(title)) if title else "",
        *marks,
    )  # fmt: skip
