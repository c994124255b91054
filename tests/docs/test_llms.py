"""`llms.txt` is as https://llmstxt.org says, and the skill file is the topic for agents."""

import re

from dashgen.cli.reference.skill_page import skill_text
from tests.docs.examples import ROOT

DOCS = ROOT / "docs"
TEXT = (DOCS / "llms.txt").read_text(encoding="utf-8")
LINK = re.compile(r"^- \[[^\]]+\]\(([^)#\s]+)\)(: .+)$")


def test_it_has_a_title_a_summary_and_sections_of_links() -> None:
    head, *sections = TEXT.split("\n## ")
    assert re.match(r"# \w+\n\n> .+\n\n", head)
    for section in sections:
        _, _, lines = section.partition("\n\n")
        assert [line for line in lines.strip().splitlines() if not LINK.match(line)] == []


def test_every_link_leads_somewhere_and_every_page_is_linked() -> None:
    links = [match[1] for line in TEXT.splitlines() if (match := LINK.match(line))]
    assert [link for link in links if not (DOCS / link).is_file()] == []
    assert len(links) == len(set(links))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("*.md")}
    assert pages - set(links) == set()


def test_the_skill_is_what_explain_agents_prints() -> None:
    assert (DOCS / "skill/SKILL.md").read_text(encoding="utf-8") == skill_text()
    head = skill_text().split("---\n")[1]
    assert re.search(r"^name: dashgen$", head, re.MULTILINE)
    description = " ".join(head.partition("description: ")[2].split())
    assert 50 < len(description) < 1024
