"""Mails, plain pages and pictures read one Markdown: blocks and parts, whatever writes them."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.core.markdown.markdown_inlines import MarkdownPart, plain_text
from dashgen.core.markdown.markdown_reader import MarkdownBlock, read_markdown
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import panel_svg
from dashgen.report.simple_markdown import as_html, as_text
from tests.drawing.picture_support import CONTEXT, panel, texts

_MARKS = {"emphasis": "*", "strong": "**", "strike": "~~", "code": "`"}


def written(parts: Iterable[MarkdownPart]) -> str:
    """Parts as Markdown of one spelling; tags of HTML in braces, a break as a vertical line."""
    return "".join(_written(part) for part in parts)


def _written(part: MarkdownPart) -> str:
    if part.kind in ("link", "image"):
        return f"{'!' * (part.kind == 'image')}[{part.text or written(part.parts)}]({part.address})"
    if part.kind == "break":
        return "|"
    inner = part.text or written(part.parts)
    return (
        f"{{{inner}}}"
        if part.kind == "html"
        else f"{_MARKS.get(part.kind, '')}{inner}{_MARKS.get(part.kind, '')}"
    )


def shown(block: MarkdownBlock) -> str:
    """A block in a line: how deep it is, its kind, and its text."""
    where = "-" * block.depth + ">" * block.quotes
    if block.kind == "table":
        return f"{where}table " + " / ".join(" | ".join(map(written, row)) for row in block.rows).rstrip()
    text = "/".join(block.code) if block.kind == "code" else written(block.parts)
    kind = f"h{block.level}" if block.kind == "heading" else block.mark or block.kind
    return f"{where}{kind} {text}".rstrip()


BLOCKS = {
    "# One #\n## Two *x*\nThree\n===\nFour\n---\n####### no": ["h1 One", "h2 Two *x*", "h1 Three", "h2 Four", "paragraph ####### no"],
    "a\nb\n\nc": ["paragraph a b", "paragraph c"],
    "a  \nb\\\nc": ["paragraph a|b|c"],
    "- a\n- b\n  more\n  1. c\n  2. d\n\n  e\n- f": ["-• a", "-• b more", "--1. c", "--2. d", "-paragraph e", "-• f"],
    "3) a\n7) b": ["-3. a", "-4. b"],
    "text\n- a\nlazy\n\nafter": ["paragraph text", "-• a lazy", "paragraph after"],
    "- ```\n  code\n  ```\n- b": ["-•", "-code code", "-• b"],
    "> a\n> - b\n>\n> c\nlazy\n\nd": [">paragraph a", "->• b", ">paragraph c lazy", "paragraph d"],
    "```py\n# no\n  *x*\n```\n~~~\n```\n~~~": ["code # no/  *x*", "code ```"],
    "```\nnever closed": ["code never closed"],
    "a\n***\n- - -\n__ _\nb": ["paragraph a", "rule", "rule", "rule", "paragraph b"],
    "| a | *b* |\n|:-|-:|\n| 1 | 2 | 3 |\n| x \\| y |\n\nend": ["table a | *b* / 1 | 2 / x | y |", "paragraph end"],
    "a | b\nno table": ["paragraph a | b no table"],
    "": [],
}  # fmt: skip
PARTS = {
    "*a* _b_ **c** __d__ ~~e~~ ***f***": "*a* *b* **c** **d** ~~e~~ ***f***",
    "**a *b* c** *d **e** f*": "**a *b* c** *d **e** f*",
    "snake_case_name 5 * 3 * 2 a*b": "snake_case_name 5 * 3 * 2 a*b",
    "*open **and** so": "*open **and** so",
    r"\*a\* \_ \q": r"*a* _ \q",
    "`a*b*` ``c`d`` ` e": "`a*b*` `c`d` ` e",
    '[a *b*](https://e.example/x_(y) "t") ![p](q.png)': "[a *b*](https://e.example/x_(y)) ![p](q.png)",
    "[a [b](c) d](e)": "[a [b](c) d](e)",
    "[a] (b) [c]": "[a] (b) [c]",
    "<https://e.example> <mailto:a@e.example>": "[https://e.example](https://e.example) [a@e.example](mailto:a@e.example)",
    "a <b class='x'>c</b> 1 < 2 <script>*x*</script>": "a {<b class='x'>}c{</b>} 1 < 2 {<script>*x*</script>}",
    "&amp; &#8364; &nosuch &": "& € &nosuch &",
}  # fmt: skip


@pytest.mark.parametrize("text", BLOCKS)
def test_blocks_are_those_of_githubs_markdown(text: str) -> None:
    assert [shown(block) for block in read_markdown(text)] == BLOCKS[text]


@pytest.mark.parametrize("text", PARTS)
def test_parts_are_those_of_githubs_markdown(text: str) -> None:
    [block] = read_markdown(text)
    assert written(block.parts) == PARTS[text]


def test_a_link_has_no_link_in_it() -> None:
    [block] = read_markdown("[a [b](c) d](e)")
    assert [part.address for part in block.parts if part.kind == "link"] == ["c"]


@pytest.mark.parametrize(
    "text", ["*a" * 3_000, "[" * 3_000, "> " * 3_000, "**a*" * 2_000, "1. " * 3_000, "[a](" * 3_000]
)
def test_what_nests_deep_is_text(text: str) -> None:
    assert len(as_text(text)) >= len(text) // 4
    assert as_html(text).count("<em>") <= len(text)


@given(st.text(alphabet="ab *_`[]()<>!#-|\\\n~&1.", max_size=120))
def test_every_word_of_a_text_is_in_both_of_its_forms(text: str) -> None:
    for block in read_markdown(text):
        for word in plain_text(block.parts).split():
            if word.isalnum():
                assert word in as_text(text)
                assert word in as_html(text)


def test_a_picture_shows_the_same_blocks() -> None:
    text = "# Plan\nover\nlines\n\n- a\n  - **b** <br> c\n\n> said\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n---\n![alt](p.png)"
    svg = panel_svg(panel("text", title="", options={"content": text}), PanelData([]), (400, 600), CONTEXT)
    assert texts(svg) == ["Plan", "over lines", "• a", "• b", "c", "said", "x   y", "1   2", "alt"]
