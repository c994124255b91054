"""The benchmark compares like with like, and says honestly which goals are met."""

from pathlib import Path

import pytest

from dashgen.query import LANGUAGES
from tests.bench.as_dashgen import spec
from tests.bench.as_sdk import source
from tests.bench.client import FEW, MANY, VERSIONS, client_lines, pushed
from tests.bench.content import VARIABLES, dashboard
from tests.bench.importing import LARGE, LINES, SMALL, import_line, large_dashboard, text
from tests.bench.measure import Cost
from tests.bench.parsers import queries
from tests.bench.report import (
    Line,
    client_section,
    lines,
    profile_section,
    rules_section,
    table,
    with_client,
    with_rules,
)
from tests.bench.rounds import Field
from tests.bench.rule_cost import EvaluationCost, RuleCosts, cost_table, rule_lines
from tests.bench.run import check_same


def test_a_dashboard_has_21_panels_30_queries_and_3_variables() -> None:
    panels = [panel for row in dashboard(1).rows for panel in row.panels]
    assert len(panels) == 21
    assert sum(len(panel.queries) for panel in panels) == 30
    assert len(VARIABLES) == 3
    assert 11_000 < len(spec(dashboard(1))) < 13_000


def test_no_two_dashboards_share_a_query() -> None:
    def texts(number: int) -> set[str]:
        return {
            query.expr for row in dashboard(number).rows for panel in row.panels for query in panel.queries
        }

    assert texts(1).isdisjoint(texts(2))


def test_everybody_gets_the_same_content(tmp_path: Path) -> None:
    check_same(Field(tmp_path / "field", 1, with_sdk=False))


def test_the_file_for_the_foundation_sdk_is_python() -> None:
    compile(source(dashboard(1)), "dashboard.py", "exec")


@pytest.mark.parametrize(
    ("line", "met"),
    [
        (Line("a", 0.4, 0.5), "yes"),
        (Line("a", 0.6, 0.5), "**no**"),
        (Line("a", 1.6, 1.5, at_least=True), "yes"),
        (Line("a", 1.2, 1.5, at_least=True), "**no**"),
        (Line("a", 1.2), ""),
    ],
)
def test_a_goal_is_met_or_not(line: Line, met: str) -> None:
    assert line.met == met


def test_the_dashboard_to_import_has_5000_lines_and_its_time_is_told_above_start_up(tmp_path: Path) -> None:
    large = large_dashboard(tmp_path)
    assert LINES <= text(large).count("\n") < LINES + 500
    assert len({panel["id"] for panel in large["panels"]}) == len(large["panels"])
    results = {(LARGE, 0): [Cost(0.9, 1, 50)], (SMALL, 0): [Cost(0.7, 1, 50)]}
    assert (
        str(import_line(results))
        == "| 5,000 lines of JSON imported, above start-up / 0.5 s | 0.4 | ≤ 1 | yes |"
    )


def test_the_table_shows_every_ratio_with_its_goal() -> None:
    names = (
        "cold",
        "unchanged",
        "one changed",
        "review",
        "generate-dashboards",
        "two workers",
        "naive",
        "lint",
        "lint again",
    )
    results = {(name, count): [Cost(2, 2, 50)] for name in names for count in (100, 1000)}
    results |= {
        ("--help", 0): [Cost(4, 4, 10)],
        ("python", 0): [Cost(1, 1, 10)],
        ("build", 0): [Cost(3, 3, 10)],
        ("stdin", 0): [Cost(6, 6, 10)],
        ("import of lint", 0): [Cost(3, 3, 10)],
    }
    text = table(lines(results))
    assert (
        "| 1000 dashboards, cold, all checks / grafanalib's `generate-dashboards` | 1 | ≤ 0.5 | **no** |"
        in text
    )
    assert (
        "| 1000 dashboards, `dashgen review` of one changed, in words / its build | 1 | ≤ 3 | yes |" in text
    )
    assert "| `dashgen --help` / `python -c pass` | 4 | ≤ 3 | **no** |" in text
    assert "| `dashgen build`, nothing changed, 3 dashboards / `python -c pass` | 3 | ≤ 3.5 | yes |" in text
    assert "| `dashgen lint --stdin` of one file / importing what it needs | 2 | ≤ 3 | yes |" in text
    assert "| peak memory of the largest process / 100 MB | 0.5 | ≤ 1 | yes |" in text


def test_a_review_is_measured_on_a_change(tmp_path: Path) -> None:
    field = Field(tmp_path / "field", 2, with_sdk=False)
    field.cold()
    assert field.review().wall > 0
    assert "### Review: 1 dashboard changes" in (field.project / "bench.log").read_text(encoding="utf-8")


def test_the_section_about_a_running_grafana_is_replaced_alone() -> None:
    once = with_client("# Performance\n\ntable\n", [Line("`push`", 0.1, 0.3)], 3)
    assert once.startswith("# Performance\n\ntable\n\n## A running Grafana\n")
    assert "| `push` | 0.1 | ≤ 0.3 | yes |" in once
    twice = with_client(once, [Line("`push`", 0.5, 0.3)], 3)
    assert twice.count("## A running Grafana") == 1
    assert "| 0.5 | ≤ 0.3 | **no** |" in twice
    assert client_section(twice).startswith("\n## A running Grafana")
    assert client_section("# Performance\n") == ""


def test_a_push_is_compared_with_serial_requests_for_each_api() -> None:
    results = {
        (f"{name} {version}", count): [Cost(1, wall, 50)]
        for version in VERSIONS
        for count in (FEW, MANY)
        for name, wall in (("serial", 20), ("push", 2), ("diff", 2), ("forgetful push", 8))
    }
    found = {line.what: (line.ratio, line.met) for line in client_lines(results)}
    assert found["`push` of 1000 unchanged dashboards, Grafana 12 / serial requests"] == (0.1, "yes")
    name = "`push` that remembers nothing, of 1000 unchanged dashboards, Grafana 11 / serial requests"
    assert found[name] == (0.4, "**no**")
    assert found["peak memory of that push, 1000 dashboards / 100, Grafana 12"] == (1.0, "yes")


def test_everybody_can_take_a_turn(tmp_path: Path) -> None:
    with pushed(tmp_path, 3, "12.4.3") as turns:
        for turn in turns.values():
            assert turn().wall > 0


def test_the_section_about_a_profile_stays_when_the_page_is_written_anew() -> None:
    assert profile_section("# P\n\n## Where the time goes\n\na\n\n## A running Grafana\n\nb\n") == (
        "\n## Where the time goes\n\na\n"
    )
    assert profile_section("# P\n\n## A running Grafana\n\nb\n") == ""


@pytest.mark.parametrize("language", ["prometheus", "loki", "tempo"])
def test_a_parser_is_measured_with_hundreds_of_sound_queries(language: str) -> None:
    measured = queries(language)
    assert len(measured) >= 300
    assert not any(LANGUAGES[language].parse(query).error for query in measured)


COSTS = RuleCosts(
    [EvaluationCost("own", 10, 100), EvaluationCost("brought", 30, 20, is_own=False)],
    [EvaluationCost("Shop", 590, 1_000_000)],
)


def test_rules_are_compared_with_all_that_prometheus_evaluates_and_with_a_processor() -> None:
    assert [(line.ratio, line.met) for line in rule_lines(COSTS)] == [
        (30 / 600, "yes"),
        (3, ""),
        (40 / 60_000, "yes"),
    ]
    assert cost_table(COSTS).splitlines()[2:] == [
        "| Shop | 59 | 1,000,000 |",
        "| brought | 3 | 20 |",
        "| own | 1 | 100 |",
    ]


def test_the_section_about_rules_is_the_last_one_and_stays_when_others_are_written() -> None:
    client = with_client("# Performance\n", [Line("push", 0.1)], 3)
    whole = with_rules(client, rule_lines(COSTS), cost_table(COSTS))
    assert rules_section(client) == ""
    assert rules_section(with_client(whole, [Line("push", 0.2)], 3)) == rules_section(whole)
    assert client_section(whole) == client_section(client)
    assert with_rules(whole, rule_lines(COSTS), cost_table(COSTS)) == whole
