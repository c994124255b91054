"""The elements of a panel's markup, and what may be among them."""

import re
from html.parser import HTMLParser

from dashgen.drawing.markup.safe_html import ALLOWED_TAGS

VOID = {"br", "col", "hr", "img", "wbr"}
SVG_TAGS = {
    "svg", "title", "g", "rect", "text", "tspan", "path", "line", "circle", "clippath", "lineargradient",
    "radialgradient", "stop", "polygon",
}  # fmt: skip
TAGS = ALLOWED_TAGS | SVG_TAGS | {"button", "img", "option", "select", "style"}
ATTRIBUTES = re.compile(
    r"(?:aria-[a-z]+|data-[a-z-]+|align|alt|anchor|class|clip-path|colspan|cx|cy|d|dir|fill|fill-opacity|font-[a-z]+|"
    r"gradientunits|height|hidden|href|id|lang|offset|opacity|open|points|preserveaspectratio|r|rel|role|rowspan|rx|scope|"
    r"span|src|start|stop-color|stop-opacity|stroke(?:-[a-z]+)?|style|tabindex|target|text-anchor|text-decoration|"
    r"title|transform|type|valign|value|viewbox|width|x|x1|x2|xml:space|xmlns|y|y1|y2)"
)
STYLE_SHEET = re.compile(
    r"#[a-z][\w-]*\{--spacing:[\d.]+px;--columns:\d+\}(?:@container \(min-width:\d+px\)\{#[a-z][\w-]*\{--columns:\d+\}\})*"
)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.texts = []
        self.open = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl):
        raise AssertionError(f"a declaration: {decl}")


def read_markup(html):
    """The elements and texts of markup; refuses what does not nest."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def shown_text(html):
    """What a viewer reads."""
    return " ".join(
        text.strip()
        for tag, text in read_markup(html).texts
        if tag not in {"style", "title"} and text.strip()
    )


def assert_inert(html, *, identity):
    """Refuse all but elements, attributes and addresses that only show something."""
    reader = read_markup(html)
    for tag, attributes in reader.elements:
        assert tag in TAGS, tag
        for name, value in attributes.items():
            assert ATTRIBUTES.fullmatch(name), name
            assert_inert_attribute(tag, name, value or "", identity)
    for tag, text in reader.texts:
        if tag == "style":
            assert STYLE_SHEET.fullmatch(text), text
        assert "\0" not in text
        assert "\x1b" not in text


def assert_inert_attribute(tag, name, value, identity):
    if name == "href":
        assert tag == "a"
        assert re.match(r"(?i)https?://|mailto:", value), value
    if name == "src":
        assert value.startswith("data:image/"), value
        assert not value.startswith("data:image/svg"), value
    if name == "id":
        assert value.startswith(identity), value
    if name == "style":
        assert not re.search(r"(?i)url\(|expression|@import|javascript|position\s*:|[\\<>]", value), value
    elif "url(" in value and name in {"fill", "stroke", "clip-path"}:
        assert value.startswith(f"url(#{identity}"), value
