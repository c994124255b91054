"""The panel `text` as HTML: Markdown, HTML without what could act, and code.

Source: panel/text of Grafana 12.4.3.
"""

from dashgen.core.json_values import mapping, text
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text
from dashgen.drawing.markup.markdown_markup import markdown_markup
from dashgen.drawing.markup.safe_html import safe_html
from dashgen.drawing.panels.panel_chrome import with_variables
from dashgen.drawing.panels.panel_drawing import PanelDrawing

_MOST_CHARACTERS = 200_000


def text_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The text, which scrolls where it has more than its room."""
    options = drawing.options
    written = text(options.get("content"))[:_MOST_CHARACTERS]
    content = with_variables(written, drawing.context.variables)
    mode = text(options.get("mode")) or "markdown"
    if mode == "code":
        return ContentMarkup(
            _code(content, has_numbers=bool(mapping(options.get("code")).get("showLineNumbers")))
        )
    inner = safe_html(content) if mode == "html" else markdown_markup(content)
    return ContentMarkup(html("div", {"class": "prose"}, inner))


def _code(content: str, *, has_numbers: bool) -> str:
    if not has_numbers:
        return html("pre", {"class": "code-text"}, html("code", {}, html_text(content)))
    lines = [html("span", {"class": "code-line"}, html_text(line)) for line in content.split("\n")]
    return html("pre", {"class": "code-text code-numbered"}, html("code", {}, "\n".join(lines)))
