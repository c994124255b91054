"""Texts of users are texts in a comment and on a page, whatever stands in them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from dashgen.core.markdown.markdown_inlines import MarkdownPart
from dashgen.core.markdown.markdown_reader import read_markdown
from dashgen.review.post_review import marker_of
from tests.cli.transcript import commit_all, run_command
from tests.preview.browser import Page

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    "<!-- dashgen review of . -->",
    "</details></td></table>",
    "[click](javascript:alert(1)) [a](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "| a | b |",
    "&#64;octocat &lt;script&gt; &amp;",
    "`code` ```` fence ````",
    "@everyone @octocat ann@example.com",
    "https://evil.example/ www.evil.example HTTP://EVIL.EXAMPLE",
    "#1 acme/shop#2 **bold** _it_ ~~no~~",
    "a\nb\r\n- c\n# d",
    "\u202egnp.exe",
    "images/shop-1-after-0123456789abcdef.png",
)


def write_hostile(folder: Path, mark: str) -> None:
    """A project with such texts everywhere; `mark` is in each of them."""
    specs = folder / "specs"
    specs.mkdir(parents=True, exist_ok=True)
    (folder / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (specs / "sources.yaml").write_text(
        'kind: DataSources\ndatasources:\n  prometheus: {url: "http://prometheus:9090", default: true}\n',
        encoding="utf-8",
    )

    def quoted(text: str) -> str:
        # YAML's double quotes have the escapes of JSON.
        escapes = {"\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\", "\u202e": "\\u202e"}
        return '"' + "".join(escapes.get(letter, letter) for letter in text) + '"'

    panels = "".join(
        f"  - {{title: {quoted(text)}, key: k{number}, type: stat, query: 'vector({number}{mark})', "
        f"description: {quoted(text + mark)}, unit: {quoted('prefix:' + text)}}}\n"
        for number, text in enumerate(HOSTILE)
    )
    title = quoted(f"{HOSTILE[0]} {HOSTILE[5]} {HOSTILE[8]}")
    (specs / "shop.yaml").write_text(
        f"kind: Dashboard\nuid: shop\ntitle: {title}\npanels:\n{panels}", encoding="utf-8"
    )
    rules = "".join(
        f"  - {{alert: {quoted(text)}, uid: a{number}, query: 'vector(1)', when: above {number}{mark}, for: 5m, "
        f"severity: warning, summary: {quoted(text)}, "
        f"tests: [{{name: {quoted(text)}, series: {{up: '1x9'}}, silent_at: 5m}}]}}\n"
        for number, text in enumerate(HOSTILE)
        if "\n" not in text
    )
    (specs / "alerts.yaml").write_text(
        f"kind: AlertRules\ngroup: g\nfolder: F\ndatasource: prometheus\nrules:\n{rules}", encoding="utf-8"
    )


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """The review of a change of such a project, in a folder."""
    project, out = tmp_path / "project", tmp_path / "out"
    write_hostile(project, "1")
    commit_all(project)
    write_hostile(project, "2")
    ended = run_command(
        [
            "review",
            "--against",
            "main",
            "--out",
            str(out),
            "--html",
            str(tmp_path / "page.html"),
            "--fail-on=never",
        ],
        project,
        {},
    )
    assert (ended.code, ended.stderr) == (0, "")
    assert "dashboard" in ended.stdout
    assert "alert rule" in ended.stdout
    return out


def parts_of(parts: Iterable[MarkdownPart]) -> Iterator[MarkdownPart]:
    for part in parts:
        yield part
        yield from parts_of(part.parts)


def every_part(text: str) -> Iterator[MarkdownPart]:
    """Every inline part of a text, at any depth."""
    for block in read_markdown(text):
        yield from parts_of(block.parts)
        for row in block.rows:
            for cell in row:
                yield from parts_of(cell)


def test_a_comment_has_no_tags_links_and_images_but_its_own(reviewed: Path) -> None:
    text = (reviewed / "review.md").read_text(encoding="utf-8")
    parts = list(every_part(text))
    assert {part.text for part in parts if part.kind == "html"} <= {
        "<details>", "</details>", "<summary>", "</summary>",
    }  # fmt: skip
    assert [part.address for part in parts if part.kind == "link"] == []
    images = {part.address for part in parts if part.kind == "image"}
    assert images == {f"images/{path.name}" for path in (reviewed / "images").iterdir()}
    assert "\u202e" not in text


def test_a_comment_mentions_nobody_and_forges_no_marker(reviewed: Path) -> None:
    text = (reviewed / "review.md").read_text(encoding="utf-8")
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert re.findall(r"(?<!\w)@\w", outside_code) == []
    assert re.findall(r"(?<!\\)<!--", outside_code) == []
    assert re.findall(r"\w://|\bwww\.", outside_code, re.IGNORECASE) == []
    # Inside of tags Markdown is not read, and what is written there is HTML.
    for summary in re.findall(r"<summary>(.*)</summary>", text):
        assert "<" not in summary
        assert "\\" not in summary


def test_a_comment_has_as_many_tables_and_details_as_it_means(reviewed: Path) -> None:
    text = (reviewed / "review.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines.count("<details>") == lines.count("</details>")
    for block in read_markdown(text):
        assert len({len(row) for row in block.rows}) <= 1
    # A row for each test whose result differs, and none from a pipe in a name.
    assert all(line.count(" | ") <= 4 for line in lines if line.startswith("| "))


def test_a_page_runs_nothing_asks_nothing_and_shows_all_pictures(
    reviewed: Path, tmp_path: Path, page: Page
) -> None:
    address = (tmp_path / "page.html").as_uri()
    page.open(address, ready="document.images.length > 0")
    shown = "[...document.images].map(image => image.complete && image.naturalWidth > 0)"
    assert set(page.evaluate(shown)) == {True}
    assert page.evaluate("document.images.length") == len(list((reviewed / "images").iterdir()))
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.querySelectorAll('a, iframe, object, form').length") == 0
    handlers = "[...document.querySelectorAll('*')].flatMap(one => [...one.attributes]).filter(one => /^on/.test(one.name))"
    assert page.evaluate(f"{handlers}.length") == 0
    assert page.messages == []
    assert page.requests == [address]
    text = page.evaluate("document.body.innerText")
    assert "<script>alert(1)</script>" in text
    assert "![x](https://evil.example/pixel.png)" in text


def test_a_project_whose_name_is_a_tag_cannot_end_the_marker() -> None:
    for name in ("a --> <b>", "--", "a--->", "plain-name", "."):
        marker = marker_of(name)
        assert marker.count("-->") == 1
        assert marker.endswith(" -->")
    assert marker_of("infra/plain-name") == "<!-- dashgen review of infra/plain-name -->"
