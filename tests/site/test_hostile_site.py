"""Whatever specs hold, it is text on the pages: no element, no link that runs something, no request."""

import json
import re

import pytest

from dashgen.site.markdown_html import markdown_html, safe_address
from dashgen.site.runbooks import runbook_text, section_of
from dashgen.site.site_paths import SitePaths
from tests.site.site_projects import SHOP, PageReader, dead_links, project, site

EVIL = (
    "</title><script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) ![i](https://evil.example/p.png) "
    "\u202egnp.exe <a href='data:text/html,x'>d</a>"
)
ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "header",
        "div",
        "input",
        "ul",
        "li",
        "button",
        "nav",
        "main",
        "footer",
        "code",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "small",
        "b",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "span",
        "section",
        "details",
        "summary",
        "figure",
        "figcaption",
        "pre",
        "br",
        "strong",
        "em",
        "s",
        "blockquote",
        "hr",
        "img",
        "svg",
        "g",
        "rect",
        "text",
        "path",
    ]
)
ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "content",
        "name",
        "rel",
        "href",
        "src",
        "class",
        "id",
        "type",
        "aria-label",
        "aria-current",
        "role",
        "hidden",
        "placeholder",
        "autocomplete",
        "spellcheck",
        "http-equiv",
        "data-root",
        "alt",
        "loading",
        "viewbox",
        "x",
        "y",
        "width",
        "height",
        "rx",
        "d",
    ]
)


def hostile_specs(specs: str) -> str:
    """Specs in which texts of every kind are hostile."""
    quoted = json.dumps(EVIL)
    for text in ("Shop\nfolder", '"What is sold. See [the wiki](https://wiki.example.com)."', "Look at the *payments*.",
                 '"{{ $value | humanizePercentage }} of orders fail"', '"Orders **placed**."', "Country}"):  # fmt: skip
        head, mark, tail = specs.partition(text)
        assert mark, text
        rest = (
            text.removeprefix("Shop")
            if text.startswith("Shop")
            else "}"
            if text.endswith("}") and text[0] == "C"
            else ""
        )
        specs = head + quoted + rest + tail
    return specs


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    root = project(tmp_path_factory.mktemp("hostile"), hostile_specs(SHOP))
    (root / "docs/runbook.md").write_text(f"## Orders fail\n{EVIL}\n<script>alert(4)</script>\n")
    return site(root)


def test_pages_have_only_elements_and_attributes_of_the_templates(hostile):
    for path, text in hostile.items():
        if path.endswith(".html"):
            for tag, attributes in PageReader(text).elements:
                assert (tag in ELEMENTS, set(attributes) - ATTRIBUTES) == (True, set()), (
                    path,
                    tag,
                    attributes,
                )


def test_scripts_are_those_of_the_site(hostile):
    for path, text in hostile.items():
        if path.endswith(".html"):
            sources = [attributes for tag, attributes in PageReader(text).elements if tag == "script"]
            assert [one["src"].removeprefix("../") for one in sources] == ["site.js"]


def test_links_lead_to_pages_and_web_addresses_alone(hostile):
    for path, text in hostile.items():
        if path.endswith(".html"):
            schemes = {
                address.split(":")[0] for address in PageReader(text).addresses if re.match(r"\w+:", address)
            }
            assert schemes <= {"https", "http"}, path
    assert dead_links(hostile) == []


def test_every_page_forbids_what_is_not_of_the_site(hostile):
    for path, text in hostile.items():
        if path.endswith(".html"):
            policy = [a["content"] for _, a in PageReader(text).elements if a.get("http-equiv")]
            assert policy
            assert policy[0].startswith(
                "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'"
            )
            assert "unsafe" not in policy[0]


def test_the_search_index_is_a_list_without_markup(hostile):
    script = hostile["search-index.js"]
    entries = json.loads(script.partition("= ")[2].rstrip(";\n"))
    assert any("alert(1)" in entry[0] for entry in entries)
    assert "<" not in script


def test_text_that_turns_the_direction_of_writing_is_replaced(hostile):
    assert [path for path, text in hostile.items() if "\u202e" in text] == []


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example", "/x", "java\nscript:x", "https://a b"],
)  # fmt: skip
def test_an_address_that_may_run_something_is_none(address):
    assert safe_address(address) == ""
    assert "<a" not in markdown_html(f"[x](<{address}>)")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** _b_ `c<d`", "<p><strong>a</strong> <em>b</em> <code>c&lt;d</code></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a", '<ul><li class="plain">1. a</li></ul>'),
        ("# T\n## U", "<h3>T</h3><h4>U</h4>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("![x](https://e.example/p.png)", "<p>x</p>"),
        ("> q", "<blockquote><p>q</p></blockquote>"),
        ("```\n<a>\n```", "<pre><code>&lt;a&gt;</code></pre>"),
        ('[x](https://e.example/"onclick=")', '<p><a href="https://e.example/&#34;onclick=&#34;" rel="noopener noreferrer">x</a></p>'),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_becomes_html_in_which_tags_are_text(markdown, html):
    assert markdown_html(markdown) == html


@pytest.mark.parametrize(
    "runbook",
    [
        "../secret.md",
        "/etc/hosts.md",
        "docs/../../secret.md",
        "docs/link.md",
        "docs/none.md",
        "https://x.example/a.md",
        "docs",
    ],
)
def test_a_runbook_outside_of_the_project_is_not_read(runbook, tmp_path):
    root = tmp_path / "project"
    (root / "docs").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (root / "docs/link.md").symlink_to(tmp_path / "secret.md")
    assert runbook_text(root, runbook) == ""


def test_a_section_of_a_runbook_ends_at_the_next_heading_of_its_level():
    text = "# A\na\n## B & C\nb\n### D\nd\n```\n# e\n```\n## F\nf\n"
    assert section_of(text, "b--c") == "b\n### D\nd\n```\n# e\n```"
    assert section_of(text, "a") == text.partition("\n")[2].strip()
    assert section_of(text, "nothing") == ""


def test_names_that_differ_in_case_alone_have_pages_of_their_own():
    paths = SitePaths()
    names = ["Abc", "abc", "ABC", "index", "con", "a/b", "a b", "..", "ü", "x" * 300, "a:b_total"]
    pages = [paths.page("metrics", name) for name in names]
    assert len({page.lower() for page in pages}) == len(names)
    assert all(re.fullmatch(r"metrics/[a-z0-9_-]{1,95}\.html", page) for page in pages), pages
    assert paths.page("metrics", "Abc") == pages[0]
