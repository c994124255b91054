"""What lint rules about dashboards, rows and annotations find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintAnnotation, LintDashboard, LintQuery, LintRow
from dashgen.check.lint.title_claims import repeats
from tests.lint.lint_dashboards import dashboard, findings, panel
from tests.lint.lint_queries import PLACE

TITLES = {
    "dashboard/unfinished-title": [
        "Test results", "k6 Load Testing", "Copying files", "TEMPO / Overview", "Old backups", "Drafts of mails",
        "New York", "Dashboard of new users", "Testing", "Contest", "Latest", "Temperature", "Carbon copy machines",
    ],
}  # fmt: skip


@pytest.mark.parametrize("title", TITLES["dashboard/unfinished-title"])
def test_an_ordinary_title_is_left_alone(title: str) -> None:
    assert findings("dashboard/unfinished-title", dashboard(title)) == []


@pytest.mark.parametrize(
    "title",
    [
        "New dashboard", "New dashboard 2", "Orders Copy", "Orders copy 3", "TEST Orders", "Orders (old)", "test", "[WIP] Orders",
        "My Dashboard", "Orders - TMP", "Untitled",
    ],
)  # fmt: skip
def test_the_title_of_a_draft_is_found(title: str) -> None:
    assert len(findings("dashboard/unfinished-title", dashboard(title))) == 1


def _with_query(language: str = "prometheus", **more: object) -> LintDashboard:
    one = panel("Example", "up")
    one.queries[0].language = language
    for name, value in more.items():
        setattr(one.dashboard, name, value)
    return one.dashboard


@pytest.mark.parametrize(
    ("rule", "subject", "count"),
    [
        (
            "dashboard/absolute-time",
            _with_query(time="2024-01-01T00:00:00Z", time_to="2024-01-02T00:00:00Z"),
            1,
        ),
        ("dashboard/absolute-time", _with_query(time="2024-01-01T00:00:00Z", time_to="now"), 0),
        ("dashboard/absolute-time", _with_query("mysql", time="2012-01-01", time_to="2013-01-01"), 0),
        ("dashboard/absolute-time", _with_query(time="now-7d", time_to="now-1d"), 0),
        ("dashboard/long-range-refresh", _with_query(time="now-7d", refresh="30s"), 1),
        ("dashboard/long-range-refresh", _with_query(time="now-24h", refresh="10s"), 0),
        ("dashboard/long-range-refresh", _with_query(time="now/d", refresh="5s"), 0),
        ("dashboard/long-range-refresh", _with_query(time="now-90d", refresh=""), 0),
        ("dashboard/long-range-refresh", _with_query(time="now-90d", refresh="auto"), 0),
        ("dashboard/fixed-timezone", dashboard(timezone="Europe/Berlin"), 1),
        ("dashboard/fixed-timezone", dashboard(timezone="UTC"), 0),
        ("dashboard/fixed-timezone", dashboard(), 0),
        ("dashboard/duplicate-tag", dashboard(tags=("a", "b", "A")), 1),
        ("dashboard/no-tags", dashboard(tags=("dashgen",)), 1),
        ("dashboard/no-tags", dashboard(tags=("dashgen", "shop")), 0),
        ("dashboard/random-uid", dashboard(uid="mission-control"), 0),
        ("dashboard/random-uid", dashboard(uid="rYdddlPWk"), 0),
        ("dashboard/random-uid", dashboard(uid="000000012"), 0),
    ],
)
def test_a_rule_about_dashboards(rule: str, subject: LintDashboard, count: int) -> None:
    assert len(findings(rule, subject)) == count


def test_a_description_that_repeats_the_title() -> None:
    assert repeats("This dashboard shows the orders.", "Orders")
    assert repeats("Orders", "Orders")
    assert not repeats("Orders of the last day", "Orders")
    assert not repeats("", "Orders")
    assert not repeats("Заказы", "Orders")


def test_repeated_rows_may_have_one_title() -> None:
    parent = dashboard()
    rows = [
        LintRow(place=PLACE, title="Host", dashboard=parent, repeat=repeat) for repeat in ("host", "", "")
    ]
    parent.rows = rows
    assert [len(findings("row/same-title", row)) for row in rows] == [0, 0, 1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("process_start_time_seconds", 1), ("sum(up)", 1), ("changes(x[1m]) > 0", 0), ("x unless x offset 1m", 0),
        ('ALERTS{alertstate="firing"}', 0), ("x == 0", 0), ("increase(x[1m])", 0), ("$query", 0),
    ],
)  # fmt: skip
def test_an_annotation_marks_moments(text: str, count: int) -> None:
    query = LintQuery(place=PLACE, text=text, language="prometheus", owner=dashboard())
    assert (
        len(findings("annotation/always-on", LintAnnotation(place=PLACE, name="Events", query=query)))
        == count
    )


def test_each_uid_of_a_data_source_is_explained_by_where_it_comes_from() -> None:
    by_name = _with_query()
    by_name.rows[0].panels[0].queries[0].datasource = "PBFA97CFB590B2093"
    assert findings("dashboard/fixed-datasource", by_name) == [
        "the data source has the uid `PBFA97CFB590B2093`, which stands for the name of a provisioned one"
    ]
    made_up = _with_query()
    made_up.rows[0].panels[0].queries[0].datasource = "xK9dPz27k"
    assert findings("dashboard/fixed-datasource", made_up) == [
        "the data source has the uid `xK9dPz27k`, which one Grafana made up"
    ]


def test_the_second_of_several_rows_of_a_title_is_found_once() -> None:
    whole = dashboard()
    whole.rows = [LintRow(place=PLACE, title="Network", dashboard=whole) for _ in range(5)]
    assert [len(findings("row/same-title", row)) for row in whole.rows] == [0, 1, 0, 0, 0]
