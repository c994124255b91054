"""The documentation as a site: every page is in its navigation, and no link leads nowhere. `nox -s site` builds it."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dashgen.site.runbooks import heading_anchor
from tests.docs.examples import ROOT

CONFIG = yaml.safe_load((ROOT / ".ci/mkdocs.yml").read_text(encoding="utf-8"))
LISTED = ("reference/lint/", "reference/library/", "runbooks/")
_SPEC = importlib.util.spec_from_file_location("site_pages", ROOT / ".ci/site_pages.py")
site_pages = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(site_pages)


def _sources() -> dict[str, Path]:
    """The file of each page, by its path in the site."""
    pages = {path.relative_to(ROOT / "docs").as_posix(): path for path in (ROOT / "docs").rglob("*.md")}
    return pages | {page: ROOT / name for name, page in site_pages.OUTSIDE.items()}


SOURCES = _sources()


def _named(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list):
        for entry in nav:
            yield from _named(entry)
    elif isinstance(nav, dict):
        for entry in nav.values():
            yield from _named(entry)


def _shown(page: str) -> str:
    source = SOURCES[page].relative_to(ROOT).as_posix()
    text = site_pages.with_site_links(SOURCES[page].read_text(encoding="utf-8"), source)
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(page: str) -> list[str]:
    counts: dict[str, int] = {}
    anchors = []
    for heading in re.findall(r"^#+ +(.*?)#*$", _shown(page), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = heading_anchor(plain)
        number = counts.get(anchor, 0)
        counts[anchor] = number + 1
        anchors.append(f"{anchor}_{number}" if number else anchor)
    return anchors + re.findall(r'<a (?:id|name)="([^"]+)"', _shown(page))


def test_the_navigation_names_every_page_once():
    named = list(_named(CONFIG["nav"]))
    assert len(set(named)) == len(named)
    assert sorted(named) == sorted(page for page in SOURCES if page in named or not page.startswith(LISTED))
    assert CONFIG["not_in_nav"].split() == [f"/{folder}" for folder in LISTED]


@pytest.mark.parametrize(
    ("folder", "page"),
    [("reference/lint", "reference/lint.md"), ("reference/library", "reference/library/README.md")],
)
def test_the_pages_of_a_list_are_in_the_list(folder, page):
    text = SOURCES[page].read_text(encoding="utf-8")
    named = {path for path in SOURCES if path.startswith(f"{folder}/") and path != page}
    above = Path(page).parent.as_posix()
    assert [path for path in sorted(named) if f"]({path.removeprefix(f'{above}/')})" not in text] == []


def test_links_lead_from_the_readme_to_every_page():
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.is_file():
            seen.add(page)
            text = page.read_text(encoding="utf-8") if page.suffix == ".md" else ""
            links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text)
            waiting += [(page.parent / link).resolve() for link in links]
    # The skill is for programs, which find it by llms.txt.
    pages = set((ROOT / "docs").rglob("*.md")) - {ROOT / "docs/skill/SKILL.md"}
    assert sorted(path.relative_to(ROOT).as_posix() for path in pages - seen) == []


@pytest.mark.parametrize("page", sorted(SOURCES))
def test_no_link_of_a_page_leads_nowhere(page):
    dead = []
    for target, anchor in re.findall(
        r"(?:\]\(|src(?:set)?=\")(?!\w+:)([^)\"#\s]*)(?:#([^)\"\s]*))?[)\"]", _shown(page)
    ):
        path = (Path(page).parent / target).as_posix() if target else page
        wanted = Path("/", path).resolve().relative_to("/").as_posix()
        is_page = wanted in SOURCES
        if not is_page and not (ROOT / "docs" / wanted).is_file():
            dead.append(target)
        elif is_page and anchor and anchor not in _anchors(wanted):
            dead.append(f"{target}#{anchor}")
    assert dead == []


@pytest.mark.parametrize(
    ("source", "link", "expected"),
    [
        ("README.md", "[a](docs/alerts.md#tests)", "[a](alerts.md#tests)"),
        ("README.md", "![p](docs/images/x.svg)", "![p](images/x.svg)"),
        ("README.md", '<img src="docs/images/x.png">', '<img src="images/x.png">'),
        ("docs/a/b.md", '<source srcset="../images/x.png">', '<source srcset="../images/x.png">'),
        ("docs/a.md", '<img src="https://example.com/x.png">', '<img src="https://example.com/x.png">'),
        ("README.md", "[c](CONTRIBUTING.md)", "[c](contributing.md)"),
        ("README.md", "[s](stack/README.md)", "s"),
        ("docs/stack.md", "[r](../README.md)", "[r](index.md)"),
        ("docs/reports.md", "[d](../specs/reports/daily.yaml)", "d"),
        ("docs/reference/README.md", "[l](../lint.md)", "[l](../lint.md)"),
        ("docs/a.md", "[w](https://example.com)", "[w](https://example.com)"),
        ("docs/a.md", "```\n[a](../README.md)\n```", "```\n[a](../README.md)\n```"),
    ],
)
def test_a_link_leads_within_the_site_or_is_only_its_text(source, link, expected):
    assert site_pages.with_site_links(link, source) == expected


def test_nothing_of_the_site_is_asked_of_other_hosts():
    assert CONFIG["theme"]["font"] is False
    assert CONFIG["plugins"] == ["search"]
    assert not {"extra_css", "extra_javascript", "google_analytics"} & CONFIG.keys()
    assert CONFIG["extra"] == {"generator": False}
