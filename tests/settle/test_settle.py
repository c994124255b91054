"""What a spec leaves out is derived, and said to be."""

import pytest

from dashgen.compile.settle.alert_thresholds import AlertThreshold
from dashgen.core.diagnostics import Location
from dashgen.model.condition import Kind
from tests.settle.settling import context, panel, panels, parsed, settled
from tests.source.helpers import told


def test_a_description_is_the_help_of_the_one_metric() -> None:
    result = panel("{title: T, query: 'rate(http_requests_total[5m])'}")
    assert (result.description, result.derived["description"]) == (
        "Requests answered.",
        "the help of `http_requests_total`",
    )
    assert (
        panel("{title: T, query: 'sum(rate(http_duration_seconds_bucket[5m]))'}").description
        == "How long an answer takes."
    )
    assert panel("{title: T, query: users, description: mine}").description == "mine"
    assert panel("{title: T, queries: {a: users, b: users}}").description is None


def test_a_uid_is_a_slug_of_the_title_of_at_most_40_characters() -> None:
    assert settled("panels: []\n", head="title: 🚀 Mission Control\n")[0].uid == "mission-control"
    assert len(settled("panels: []\n", head=f"title: {'word ' * 30}\n")[0].uid) <= 40
    assert parsed("panels: []\n")[0].dashboard.uid == "d"


def test_every_dashboard_has_the_tag_of_its_owner_once() -> None:
    assert settled("tags: [a]\n")[0].tags == ["a", "dashgen"]
    assert settled("tags: [dashgen, a]\n")[0].tags == ["dashgen", "a"]


ALERT = AlertThreshold("TooMany", Kind.ABOVE, (80,), "red", Location("x"))


def test_an_alert_draws_its_line_on_the_panel_it_names_and_nowhere_else() -> None:
    given = context(alerts={"d": {"rate": [ALERT]}})
    dashboard, problems = settled("panels: [{title: Rate, query: up}, {title: Other, query: up}]\n", given)
    assert problems == []
    rate, other = panels(dashboard)
    assert rate.thresholds is not None
    assert [(step.color, step.value) for step in rate.thresholds.steps] == [("green", None), ("red", 80)]
    assert (rate.threshold_lines, rate.derived["thresholds"]) == (True, "the alerts `TooMany`")
    assert (other.thresholds, other.threshold_lines) == (None, False)


def test_an_alert_joins_the_thresholds_of_its_panel() -> None:
    given = context(alerts={"d": {"rate": [ALERT]}})
    dashboard, _ = settled("panels: [{title: Rate, query: up, thresholds: {green: 0, yellow: 50}}]\n", given)
    [rate] = panels(dashboard)
    assert rate.thresholds is not None
    assert [(step.color, step.value) for step in rate.thresholds.steps] == [
        ("green", None),
        ("yellow", 50),
        ("red", 80),
    ]


@pytest.mark.parametrize(
    ("body", "findings"),
    [
        (
            "annotations: [{name: a}]",
            ["4:15 annotation/empty: the annotation `a` has neither a query nor tags"],
        ),
        (
            "annotations: [{name: a, datasource: nope, query: x}]",
            ["4:37 datasource/unknown: there is no data source `nope`"],
        ),
        (
            "links: [{title: x}]",
            ["4:9 link/target: a link needs exactly one of `dashboard`, `url` and `tags`"],
        ),
        (
            "links: [{dashboard: a, url: b}]",
            ["4:9 link/target: a link needs exactly one of `dashboard`, `url` and `tags`"],
        ),
        (
            "variables: [{name: a, query: x}, {name: a, query: x}]",
            ["4:41 variable/duplicate: two variables are called `a`"],
        ),
        (
            "variables: [{name: a, query: x, datasource: nope}]",
            ["4:45 datasource/unknown: there is no data source `nope`"],
        ),
        ("variables: [{name: a, type: cutsom}]", ["4:29 variable/type: there is no variable type `cutsom`"]),
        (
            "panels: [{title: A, query: up, thresholds: {red: x}}]",
            ["4:44 panel/thresholds: `red: x` is not a number"],
        ),
    ],
)
def test_what_cannot_be_settled_is_told(body: str, findings: list[str]) -> None:
    assert told(settled(body + "\n")[1]) == findings


def test_links_without_a_title_are_called_after_what_they_lead_to() -> None:
    dashboard, _ = settled(
        "links: [{dashboard: ai-cost}, {url: 'https://x'}, {tags: [a, b]}, {tags: [a], title: Own}]\n"
    )
    assert [link.title for link in dashboard.links] == ["Ai cost", "https://x", "a, b", "Own"]


def test_a_drill_down_is_a_link_on_the_values_and_in_the_header() -> None:
    result = panel("{title: T, query: up, drill_down: ai-cost}")
    assert [link.dashboard for link in (*result.links, *result.panel_links)] == ["ai-cost", "ai-cost"]
    assert result.links[0].title == "Open ai cost"


def test_a_variable_that_is_wrong_does_not_make_its_queries_wrong() -> None:
    body = "variables: [{name: tier, type: custom}]\npanels: [{title: A, query: 'up{tier=\"$tier\"}'}]\n"
    assert told(settled(body)[1]) == ["4:13 spec/missing-key: `values` is missing"]
