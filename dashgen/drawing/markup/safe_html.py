"""HTML of texts as the part of it that only shows something.

Grafana takes scripts, handlers and foreign frames out of the HTML of its text panels and table cells too
(utils/sanitize of @grafana/data 12.4.3). Here pictures and frames of other servers are left out as well,
since a page must not load anything: what stands instead of them is shown.
"""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.markup.html_elements import html_text, link
from dashgen.drawing.svg.elements import escaped

_TAG_NAMES: Final = """
    a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details
    dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark nav ol
    p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt
    u ul var wbr
"""
_DROPPED_NAMES: Final = """
    applet audio canvas embed head iframe math noscript object script select style svg template textarea title
    video xml
"""
ALLOWED_TAGS: Final = frozenset(_TAG_NAMES.split())
_VOID: Final = frozenset({"br", "col", "hr", "wbr"})
_DROPPED: Final = frozenset(_DROPPED_NAMES.split())
_ATTRIBUTES: Final = frozenset(
    {"align", "colspan", "dir", "lang", "open", "rowspan", "span", "start", "title", "valign"}
)
_PROPERTIES: Final = lazy_pattern(
    r"(?:align|background|border|box-sizing|color|column|display|flex|float|font|gap|grid|height|justify|"
    r"letter|line|list|margin|max|min|opacity|order|overflow|padding|row|table|text|vertical|"
    r"white|width|word|object)"
    r"(?:-[a-z-]{1,40})?"
)
_UNSAFE_VALUE: Final = lazy_pattern(r"(?i)url|image-set|expression|import|javascript|[\\<>{}@&]|/\*|var\s*\(")
_DATA_IMAGE: Final = lazy_pattern(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]{1,500000}")
_DEEPEST: Final = 60


def safe_html(markup: str) -> str:
    """The part of some HTML that only shows something, of an allow-list, and balanced."""
    reader = _SafeReader()
    reader.feed(markup.replace("\0", "\ufffd"))
    reader.close()
    return reader.result()


def safe_image(address: str, alternative: str) -> str:
    """An image that is in its address; of any other its text."""
    if _DATA_IMAGE.fullmatch(address):
        return f'<img src="{escaped(address)}" alt="{escaped(alternative)}">'
    return link(address, address, html_text(alternative or address)) if address or alternative else ""


def safe_style(style: str) -> str:
    """The declarations of a style that change how an element looks in its own room."""
    declarations = []
    for declaration in style.split(";")[:40]:
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if _PROPERTIES.fullmatch(name) and value and len(value) <= 200 and not _UNSAFE_VALUE.search(value):
            declarations.append(f"{name}:{value}")
    return ";".join(declarations)


class _SafeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []
        self._dropped: list[str] = []

    def result(self) -> str:
        closing = "".join(f"</{name}>" for name in reversed(self._open))
        return "".join(self._parts) + closing

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _DROPPED:
            self._drop(tag, values)
        elif self._dropped:
            return
        elif tag == "img":
            self._parts.append(safe_image(values.get("src", "").strip(), values.get("alt", "")))
        elif tag in ALLOWED_TAGS and (tag in _VOID or len(self._open) < _DEEPEST):
            self._parts.append(_start_of(tag, values))
            if tag not in _VOID:
                self._open.append(tag)

    def _drop(self, tag: str, values: dict[str, str]) -> None:
        if tag != "embed":
            self._dropped.append(tag)
        source = values.get("src") or values.get("data") or ""
        if source and len(self._dropped) <= 1 and tag in {"iframe", "embed", "object", "video", "audio"}:
            self._parts.append(f"<em>{link(source, source, html_text(f'{tag}: {source}'))}</em>")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        # HTML has no elements that end at once, except in foreign content, which is left out.
        if tag in _DROPPED:
            return
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
            elif tag in self._dropped:
                del self._dropped[self._dropped.index(tag) :]
            return
        if tag in self._open:
            while True:
                last = self._open.pop()
                self._parts.append(f"</{last}>")
                if last == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self._parts.append(html_text(data))


def _start_of(tag: str, values: dict[str, str]) -> str:
    if tag == "a":
        address = values.get("href", "")
        opening = link(address, values.get("title", ""), "").removesuffix("</a>")
        style = safe_style(values.get("style", ""))
        return f'{opening[:-1]} style="{escaped(style)}">' if style else opening
    attributes = {name: value for name, value in values.items() if name in _ATTRIBUTES}
    if tag == "font":
        color = f"color:{values['color']};" if "color" in values else ""
        values = {**values, "style": color + values.get("style", "")}
    if style := safe_style(values.get("style", "")):
        attributes["style"] = style
    written = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>"
