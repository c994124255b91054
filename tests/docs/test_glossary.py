"""The glossary is short, sorted, and of words that the code uses."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_TERMS = 40
TERMS = re.findall(
    r"^\| (?!term )([a-z ]+) \| \S", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE
)


def test_there_are_few_terms_each_once_in_their_order() -> None:
    assert 30 <= len(TERMS) <= MOST_TERMS
    assert sorted(set(TERMS)) == TERMS


def test_each_term_occurs_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "dashgen").rglob("*.py")).lower()
    words = re.sub(r"[_\s]+", " ", code)
    assert [term for term in TERMS if not re.search(rf"\b{term}s?\b", words)] == []


def test_it_is_linked_where_contributors_start() -> None:
    for page, link in (("CONTRIBUTING.md", "docs/glossary.md"), ("docs/architecture.md", "glossary.md")):
        assert f"]({link})" in (ROOT / page).read_text("utf-8"), page
