"""Every example in the documentation runs, and prints what the page says."""

import json
import re
from pathlib import Path

import pytest

from tests.docs.examples import blocks, commands_without_promtool, run_page

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(page for page in (ROOT / "docs").rglob("*.md") if "runbooks" not in page.parts)]
)
TUTORIAL = ROOT / "docs/tutorial.md"
LINES_OF_A_PANEL = 6


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_example_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    run_page(text, tmp_path)
    if missing := commands_without_promtool(text):
        pytest.skip(f"promtool is missing, so {len(missing)} commands were not run: {missing}")


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!\w+:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_two_panels_of_the_tutorial_are_short_and_end_in_the_dashboard(tmp_path: Path) -> None:
    panels = [b.text for b in blocks(TUTORIAL.read_text(encoding="utf-8")) if b.text.startswith("# add to: ")]
    for text in panels[:2]:
        assert len(text.splitlines()) - 1 <= LINES_OF_A_PANEL
    project = run_page(TUTORIAL.read_text(encoding="utf-8"), tmp_path)
    built = json.loads(next(project.glob("generated/dashboards/*/product.json")).read_text(encoding="utf-8"))
    queries = {
        panel["title"]: panel["targets"][0]["expr"] for panel in built["panels"] if panel["type"] == "stat"
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


def test_the_gate_runs_the_command_that_the_readme_gives_for_the_tests() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [b.text.strip() for b in blocks(readme) if b.language == "sh"]
    gate = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert any(command in gate for command in commands if "-s tests" in command)


def test_nobody_is_sent_to_the_package_of_somebody_else() -> None:
    wrong = re.compile(r"(pip|pipx|uv)( tool)? install (-\S+ )*dashgen\b")
    assert [_name(page) for page in PAGES if wrong.search(page.read_text(encoding="utf-8"))] == []
