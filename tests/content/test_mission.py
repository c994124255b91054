"""What the dashboards' readers asked for is in generated/: every title, threshold, alert, and nothing that hurts."""

from pathlib import Path
from typing import Any

import pytest

from .conftest import DASHBOARDS, GENERATED, ROOT, SPECS, load_yaml, panels_of, queries_of

# The guide's titles. Parentheses that only list what a chart draws ("success vs failures", "P50, P95, P99", "top 10
# tools", the tiers, the models) are not part of the title; those that say what a figure is are.
TITLES = {
    "mission-control": [
        "🔥 Queries (Last Hour)",
        "✅ Success Rate",
        "💰 Cost (Last Hour)",
        "👥 Active Users",
        "⚡ Avg Response Time",
        "❌ Errors",
        "📈 Query Rate",
        "⏱️ Response Time Percentiles",
        "🛠️ Tool Usage",
        "📱 Command Usage Distribution",
        "💸 Cost Over Time",
        "🔥 Top Users by Query Count",
        "📜 Recent Logs",
    ],
    "user-analytics": [
        "📊 Total Signups (24h)",
        "🎯 Active Users (Now)",
        "⬆️ Upgrades (24h)",
        "💵 MRR (Monthly Recurring Revenue)",
        "📈 User Signups Over Time",
        "🔄 Active Users Over Time",
        "👤 Users by Tier",
        "🚧 Query Limit Hits by Tier",
        "📊 Conversion Rate (Limit→Upgrade)",
        "🏆 Top Users by Activity",
        "💰 Top Users by Cost",
        "💸 Revenue Trend",
    ],
    "ai-cost": [
        "💰 Total Cost (24h)",
        "📊 Avg Cost per Query",
        "🔢 Total Tokens (24h)",
        "💸 Projected Monthly Cost",
        "💵 Cost Over Time",
        "🔢 Token Usage Over Time",
        "💰 Cost by Model",
        "🔢 Token Usage by Model",
        "📊 Cost per Query Over Time",
        "💸 Cost Efficiency (Queries per Dollar)",
        "💰 Most Expensive Queries",
    ],
}
KPIS = {"mission-control": 6, "user-analytics": 4, "ai-cost": 4}
# The other business metrics that the guide explains, and where a reader finds them.
BUSINESS = {
    "user-analytics": [
        "DAU (Daily Active Users)",
        "MAU (Monthly Active Users)",
        "DAU/MAU (Stickiness)",
        "Churn Rate (30d)",
        "ARR (Annual Recurring Revenue)",
        "ARPU (Revenue per User)",
        "Paying Users (Free → Paid)",
        "Tool Adoption",
    ],
    "ai-cost": ["Cost per User", "Input/Output Token Ratio", "Cost by Query Type", "Cost and Revenue"],
    "mission-control": ["Response Time by Feature", "Error Rate by Query Type"],
}
# Mission row: (alert, server of its rule file, end of its expression, severity)
ALERTS = {
    "M-A1": ("HighErrorRate", "prometheus", "> 0.1", "warning"),
    "M-A2": ("SlowResponses", "prometheus", "> 30", "warning"),
    "M-A3": ("DailyBudget", "prometheus", "> 50", "warning"),
    "M-A4": ("NoQueries", "prometheus", "< 1", "critical"),
    "M-A5": ("HeavyUser", "loki", "> 50", "warning"),
    "M-A6": ("HourlyBudget", "prometheus", "> 10", "critical"),
    "M-A7": ("CriticalErrorRate", "prometheus", "> 0.2", "critical"),
}

Json = dict[str, Any]


def panel(dashboard: Json, title: str) -> Json:
    return next(panel for panel in panels_of(dashboard) if panel["title"] == title)


def steps(dashboard: Json, title: str) -> list[tuple[str, float | None]]:
    thresholds = panel(dashboard, title)["fieldConfig"]["defaults"]["thresholds"]["steps"]
    return [(step["color"], step.get("value")) for step in thresholds]


# Dashboards


@pytest.mark.parametrize(("uid", "title"), DASHBOARDS.items())
def test_a_dashboard_has_its_uid_title_and_folder(dashboards: dict[str, Json], uid: str, title: str) -> None:
    assert (dashboards[uid]["uid"], dashboards[uid]["title"]) == (uid, title)
    assert dashboards[uid]["schemaVersion"] == 42


@pytest.mark.parametrize("uid", TITLES)
def test_a_dashboard_has_every_title_of_the_guide_in_its_order(dashboards: dict[str, Json], uid: str) -> None:
    titles = [panel["title"] for panel in panels_of(dashboards[uid])]
    assert set(TITLES[uid]) <= set(titles)
    assert titles[: KPIS[uid]] == TITLES[uid][: KPIS[uid]]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("uid", TITLES)
def test_the_key_figures_are_big_numbers_in_the_top_line(dashboards: dict[str, Json], uid: str) -> None:
    top = list(panels_of(dashboards[uid]))[: KPIS[uid]]
    assert {panel["type"] for panel in top} == {"stat"}
    assert len({panel["gridPos"]["y"] for panel in top}) == 1
    assert sum(panel["gridPos"]["w"] for panel in top) == 24


@pytest.mark.parametrize(
    ("uid", "title"), [(uid, title) for uid, titles in BUSINESS.items() for title in titles]
)
def test_every_business_metric_has_a_panel(dashboards: dict[str, Json], uid: str, title: str) -> None:
    assert panel(dashboards[uid], title)


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_panel_tells_its_reader_something(dashboards: dict[str, Json], uid: str) -> None:
    for each in panels_of(dashboards[uid]):
        assert 20 < len(each.get("description", "")) < 200, each["title"]


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_a_dashboard_is_not_crowded(dashboards: dict[str, Json], uid: str) -> None:
    open_panels = [panel for panel in dashboards[uid]["panels"] if panel["type"] != "row"]
    rows = [panel for panel in dashboards[uid]["panels"] if panel["type"] == "row"]
    assert len(open_panels) <= 20
    assert all(panel["title"] for panel in rows)
    assert [row["collapsed"] for row in rows][-1]


@pytest.mark.parametrize(
    ("uid", "title", "wanted"),
    [
        ("mission-control", "✅ Success Rate", [("red", None), ("yellow", 0.9), ("green", 0.95)]),
        ("mission-control", "⚡ Avg Response Time", [("green", None), ("yellow", 8), ("red", 15)]),
        (
            "mission-control",
            "⏱️ Response Time Percentiles",
            [("green", None), ("yellow", 8), ("orange", 15), ("red", 30)],
        ),
        (
            "mission-control",
            "🚨 Error Rate",
            [("green", None), ("yellow", 0.05), ("orange", 0.1), ("red", 0.2)],
        ),
        ("mission-control", "🔥 Queries (Last Hour)", [("red", None), ("green", 1)]),
        ("mission-control", "💸 Cost Over Time", [("green", None), ("red", 10)]),
        ("ai-cost", "💰 Total Cost (24h)", [("green", None), ("yellow", 40), ("red", 50)]),
    ],
)
def test_the_good_values_of_the_guide_are_thresholds(
    dashboards: dict[str, Json], uid: str, title: str, wanted: list[tuple[str, float | None]]
) -> None:
    assert steps(dashboards[uid], title) == wanted


@pytest.mark.parametrize("title", ["⏱️ Response Time Percentiles", "🚨 Error Rate", "💸 Cost Over Time"])
def test_an_alerts_limit_is_drawn_on_its_graph(dashboards: dict[str, Json], title: str) -> None:
    custom = panel(dashboards["mission-control"], title)["fieldConfig"]["defaults"]["custom"]
    assert custom["thresholdsStyle"]["mode"] != "off"


@pytest.mark.parametrize(
    ("uid", "title", "target"),
    [
        ("mission-control", "🔥 Queries (Last Hour)", "/d/user-analytics?"),
        ("mission-control", "💰 Cost (Last Hour)", "/d/ai-cost?"),
        ("mission-control", "👥 Active Users", "/d/user-analytics?"),
        ("mission-control", "❌ Errors", "/explore?"),
        ("user-analytics", "💵 MRR (Monthly Recurring Revenue)", "/d/ai-cost?"),
    ],
)
def test_a_key_figure_leads_to_its_details(
    dashboards: dict[str, Json], uid: str, title: str, target: str
) -> None:
    links = panel(dashboards[uid], title)["fieldConfig"]["defaults"]["links"]
    assert any(link["url"].startswith(target) for link in links)


@pytest.mark.parametrize(
    ("uid", "title"),
    [
        ("mission-control", "🔥 Top Users by Query Count"),
        ("user-analytics", "🏆 Top Users by Activity"),
        ("user-analytics", "💰 Top Users by Cost"),
        ("ai-cost", "💰 Most Expensive Queries"),
    ],
)
def test_a_user_leads_to_their_log_lines(dashboards: dict[str, Json], uid: str, title: str) -> None:
    overrides = panel(dashboards[uid], title)["fieldConfig"]["overrides"]
    user = next(override for override in overrides if override["matcher"]["options"] == "User")
    links = next(prop["value"] for prop in user["properties"] if prop["id"] == "links")
    assert links[0]["url"].startswith("/explore?")
    assert "user_id" in links[0]["url"]
    assert "${__value.raw}" in links[0]["url"]


def test_the_dots_on_the_latency_graph_are_exemplars(dashboards: dict[str, Json]) -> None:
    targets = panel(dashboards["mission-control"], "⏱️ Response Time Percentiles")["targets"]
    assert [target["legendFormat"] for target in targets] == ["P50", "P95", "P99"]
    assert [target["exemplar"] for target in targets] == [False, True, False]


@pytest.mark.parametrize("uid", TITLES)
def test_every_variable_is_used_and_all_means_everything(dashboards: dict[str, Json], uid: str) -> None:
    variables = dashboards[uid]["templating"]["list"]
    text = str(list(panels_of(dashboards[uid])))
    assert variables
    for variable in variables:
        name = variable["name"]
        assert f"${name}" in text or f"${{{name}:" in text, name
        if variable.get("includeAll"):
            assert variable["allValue"] == ".*"


# Alerts


@pytest.mark.parametrize("row", ALERTS)
def test_an_alert_of_the_mission_has_its_limit_and_severity(rules: dict[str, Json], row: str) -> None:
    name, server, limit, severity = ALERTS[row]
    rule = rules[name]
    assert rule["server"] == server
    assert rule["expr"].strip().endswith(limit)
    assert rule["labels"]["severity"] == severity


@pytest.mark.parametrize("row", ALERTS)
def test_grafana_evaluates_every_alert_too(grafana_rules: dict[str, Json], row: str) -> None:
    rule = grafana_rules[ALERTS[row][0]]
    assert rule["folder"] == "Dubai Estate AI"
    assert rule["labels"]["severity"] == ALERTS[row][3]
    assert rule["noDataState"] == "OK"
    assert rule["execErrState"] == ("Alerting" if row == "M-A4" else "Error")


@pytest.mark.parametrize("row", ALERTS)
def test_an_alert_says_what_is_wrong_and_what_to_do(rules: dict[str, Json], row: str) -> None:
    annotations = rules[ALERTS[row][0]]["annotations"]
    assert annotations["summary"]
    assert annotations["description"]
    file, _, anchor = annotations["runbook_url"].partition("#")
    runbook = ROOT / "docs" / "runbooks" / Path(file).name
    headings = [line for line in runbook.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert anchor in {heading.removeprefix("## ").lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("row", ALERTS)
def test_an_alert_leads_to_a_panel_that_exists(
    grafana_rules: dict[str, Json], dashboards: dict[str, Json], row: str
) -> None:
    rule = grafana_rules[ALERTS[row][0]]
    ids = {panel["id"] for panel in panels_of(dashboards[rule["annotations"]["__dashboardUid__"]])}
    assert int(rule["annotations"]["__panelId__"]) in ids


def test_every_alert_over_metrics_has_tests_that_fire_stay_silent_and_see_no_traffic() -> None:
    for path in sorted((SPECS / "alerts").glob("*.yaml")):
        for document in load_all(path):
            for rule in document["rules"]:
                if "alert" in rule and document.get("datasource") != "loki":
                    tests = rule["tests"]
                    assert any(test.get("fires_at") for test in tests), rule["alert"]
                    assert any(test.get("silent_at") and not test.get("fires_at") for test in tests), rule[
                        "alert"
                    ]


def load_all(path: Path) -> list[Json]:
    content = load_yaml(path)
    return content if isinstance(content, list) else [content]


def test_everybody_is_told_by_slack_and_by_e_mail_and_no_secret_is_in_the_files() -> None:
    files = {
        path.name: path.read_text(encoding="utf-8")
        for path in (GENERATED / "provisioning" / "alerting").iterdir()
    }
    points = next(
        load_yaml(GENERATED / "provisioning" / "alerting" / name) for name in files if "contact" in name
    )
    for point in points["contactPoints"]:
        assert {receiver["type"] for receiver in point["receivers"]} == {"slack", "email"}
    text = "".join(files.values())
    assert "SLACK_WEBHOOK_URL" in text
    assert "https://hooks.slack.com" not in text


# Size


def test_each_dashboard_stays_small() -> None:
    lines = [
        len(path.read_text(encoding="utf-8").splitlines()) for path in (SPECS / "dashboards").glob("*.yaml")
    ]
    assert len(lines) == len(DASHBOARDS)
    assert max(lines) < 270


def test_no_query_to_loki_or_tempo_is_empty_of_a_stream(dashboards: dict[str, Json]) -> None:
    for dashboard in dashboards.values():
        for title, query in queries_of(dashboard, "loki"):
            assert '{app="bot"}' in query or '{app="insights"}' in query, title
