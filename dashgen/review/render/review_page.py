"""The comment as one page of HTML that needs nothing else: pictures are in it, and it asks for nothing."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.core.markdown.markdown_inlines import MarkdownPart
from dashgen.core.markdown.markdown_reader import MarkdownBlock, read_markdown
from dashgen.review.review import Picture

_POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_SAFE_LINK: Final = lazy_pattern(r"https?://[^\s\"'<>]+")
_TAGS: Final = frozenset({"<details>", "</details>", "<summary>", "</summary>"})
"""The tags that the comment itself has; those in texts of users are escaped there."""
_STYLE: Final = """
:root { color-scheme: light dark; --text: #1f2328; --back: #fff; --edge: #d1d9e0; --code: #eff1f3; --link: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --back: #0d1117; --edge: #3d444d; --code: #262c36; --link: #4493f8; }
}
body { margin: 0 auto; max-width: 1200px; padding: 24px 16px; color: var(--text); background: var(--back);
  font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1, h2, h3, h4 { line-height: 1.25; margin: 24px 0 12px; }
table { border-collapse: collapse; margin: 0 0 16px; display: block; max-width: 100%; overflow-x: auto; }
th, td { border: 1px solid var(--edge); padding: 6px 12px; text-align: left; vertical-align: top; }
code { background: var(--code); border-radius: 4px; padding: 1px 5px; overflow-wrap: anywhere;
  font: 13px ui-monospace, Menlo, Consolas, monospace; }
a { color: var(--link); }
img { max-width: 100%; height: auto; display: block; }
details { margin: 0 0 12px; }
summary { cursor: pointer; }
blockquote { margin: 0 0 16px; padding: 0 16px; border-left: 4px solid var(--edge); }
"""


def review_page(title: str, markdown: str, pictures: Iterable[Picture]) -> str:
    """A page.

    Args:
        title: its title.
        markdown: the comment, whose pictures are addressed by the names of their files.
        pictures: the pictures.
    """
    images = {picture.name: _inline(picture) for picture in pictures}
    body = "\n".join(_PageWriter(images).blocks(read_markdown(markdown))) or "<p>Nothing changes.</p>"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _inline(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}"


class _PageWriter:
    def __init__(self, images: Mapping[str, str]) -> None:
        self._images = images

    def blocks(self, blocks: Sequence[MarkdownBlock]) -> Iterator[str]:
        for is_item, listed in groupby(blocks, key=lambda block: block.kind == "item"):
            if is_item:
                yield "<ul>\n" + "\n".join(f"<li>{self.line(one.parts)}</li>" for one in listed) + "\n</ul>"
                continue
            for block in listed:
                yield self.block(block)

    def block(self, block: MarkdownBlock) -> str:
        if block.kind == "heading":
            # The comment starts at the third level, a page at the first.
            level = min(max(block.level - 2, 1), 6)
            return f"<h{level}>{self.line(block.parts)}</h{level}>"
        if block.kind == "table":
            return self.table(block)
        if block.kind == "code":
            return f"<pre><code>{escape(chr(10).join(block.code))}</code></pre>"
        if block.kind == "rule":
            return "<hr>"
        text = self.line(block.parts)
        # Details stand around blocks, so they are in no paragraph.
        if block.parts and block.parts[0].kind == "html":
            return text
        return f"<blockquote><p>{text}</p></blockquote>" if block.quotes else f"<p>{text}</p>"

    def table(self, block: MarkdownBlock) -> str:
        rows = []
        for number, row in enumerate(block.rows):
            tag = "th" if number == 0 else "td"
            cells = "".join(f"<{tag}>{self.line(cell)}</{tag}>" for cell in row)
            rows.append(f"<tr>{cells}</tr>")
        return "<table>\n" + "\n".join(rows) + "\n</table>"

    def line(self, parts: Iterable[MarkdownPart]) -> str:
        return "".join(map(self.part, parts))

    def part(self, part: MarkdownPart) -> str:
        inner = self.line(part.parts)
        if part.kind == "image":
            return self.image(part)
        if part.kind == "link":
            if not _SAFE_LINK.fullmatch(part.address):
                return inner
            return f'<a href="{escape(part.address)}" rel="noopener noreferrer">{inner}</a>'
        if part.kind == "html":
            return part.text if part.text in _TAGS else ""
        tags = {"emphasis": "em", "strong": "strong", "strike": "s", "code": "code"}
        if part.kind == "break":
            return "<br>"
        text = inner or escape(part.text)
        tag = tags.get(part.kind)
        return f"<{tag}>{text}</{tag}>" if tag else text

    def image(self, part: MarkdownPart) -> str:
        address = self._images.get(part.address)
        if address is None:
            return escape(part.text)
        return f'<img src="{address}" alt="{escape(part.text)}">'
