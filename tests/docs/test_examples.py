"""Every example in the documentation runs, and prints what the page says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.docs.examples import blocks, commands_without_promtool, run_page
from tests.docs.promises import proves

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "dashgen/cli/topics").glob("*.md"),
        *(
            page
            for page in (ROOT / "docs").rglob("*.md")
            if not {"runbooks", "lint", "library"} & set(page.parts)
        ),
    ]
)
"""The pages whose examples run; those of lint rules do in tests/lint, with what stands around them."""
TUTORIAL = ROOT / "docs/tutorial.md"
LINES_OF_A_PANEL = 6
Json = dict[str, Any]


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


class Tutorial:
    """The tutorial, run once, and the panels of its dashboard at each heading and at the end."""

    def __init__(self, folder: Path) -> None:
        self.panels: dict[str, list[Json]] = {}
        self._note("the end", run_page(TUTORIAL.read_text(encoding="utf-8"), folder, self._note))

    def _note(self, heading: str, folder: Path) -> None:
        for built in folder.glob("generated/dashboards/*/product.json"):
            panels = json.loads(built.read_text(encoding="utf-8"))["panels"]
            self.panels[heading] = [panel for panel in panels if panel["type"] != "row"]


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> Tutorial:
    return Tutorial(tmp_path_factory.mktemp("tutorial"))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_example_of_a_page_runs(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    if page == TUTORIAL:
        request.getfixturevalue("tutorial")
    else:
        run_page(text, tmp_path)
    if missing := commands_without_promtool(text):
        pytest.skip(f"promtool is missing, so {len(missing)} commands were not run: {missing}")


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!\w+:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_two_panels_of_the_tutorial_are_short_and_end_in_the_dashboard(tutorial: Tutorial) -> None:
    panels = [b.text for b in blocks(TUTORIAL.read_text(encoding="utf-8")) if b.text.startswith("# add to: ")]
    for text in panels[:2]:
        assert len(text.splitlines()) - 1 <= LINES_OF_A_PANEL
    queries = {
        panel["title"]: panel["targets"][0]["expr"]
        for panel in tutorial.panels["the end"]
        if panel["type"] == "stat"
    }
    assert queries == {
        "❄️ Chiller Calculations": (
            'sum(increase(dubai_estate_tool_usage_total{tool_name="calculate_chiller_cost"}[1h]))'
        ),
        "📊 Conversion Rate": (
            'sum(increase(dubai_estate_subscription_upgrades_total{to_tier="pro"}[24h]))'
            ' / (sum(increase(dubai_estate_query_limit_hits_total{tier="free"}[24h])) > 0)'
        ),
    }


@proves("row", "shares")
def test_one_panel_fills_the_row_and_three_share_it(tutorial: Tutorial) -> None:
    for heading, widths in (
        ("Two more panels", [24]),
        ("When you make a mistake", [8, 8, 8]),
    ):
        assert [panel["gridPos"]["w"] for panel in tutorial.panels[heading]] == widths


def test_the_gate_runs_the_command_that_the_readme_gives_for_the_tests() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [b.text.strip() for b in blocks(readme) if b.language == "sh"]
    gate = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert any(command in gate for command in commands if "-s tests" in command)


def test_nobody_is_sent_to_the_package_of_somebody_else() -> None:
    wrong = re.compile(r"(pip|pipx|uv)( tool)? install (-\S+ )*dashgen\b")
    assert [_name(page) for page in PAGES if wrong.search(page.read_text(encoding="utf-8"))] == []
