"""Pages say in words what the specs define, and lead to each other."""

import pytest

from dashgen.site.site_project import SiteOptions
from tests.site.site_projects import PageReader, dead_links, project, site
from tests.stack.files import ROOT


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The site of a shop whose tests of rules ran."""
    root = project(
        tmp_path_factory.mktemp("shop"), settings="grafana_url: https://grafana.example.com\ndocs_url: https://git.example.com/shop/blob/main\n"
    )  # fmt: skip
    return site(root, SiteOptions(has_pictures=False))


@pytest.fixture(scope="module")
def own():
    """The site of this project."""
    return site(ROOT)


SENTENCES = {
    "alerts/orders-fail.html": (
        "Fires when the value is above 10% for 5 minutes.",
        "Without data it does not fire.",
        "Grafana and Prometheus evaluate it every minute.",
        "on-call (slack)",
        'By the default policy → severity="critical".',
        "again every hour",
        "Shown by Failed in Shop",
        "Ask the bank. # no heading",
        "fires when a quarter fails (fires after 5 minutes and 10 minutes; is silent after 4 minutes; its summary reads as expected)",
        "25% of orders fail One of its messages; they are written as {{ $value | humanizePercentage }} of orders fail .",
        "Its tests show that it fires",
        "No test shows that it is silent below its threshold, what it does without data, that it recovers",
        "docs/runbook.md#orders-fail",
        "specs/shop.yaml:39",
    ),
    "alerts/no-orders.html": (
        "Fires when the query gives nothing for 1 hour.",
        "team (email, team@example.com)",
        "Muted nights: 22:00-06:00, Asia/Dubai.",
        "It has no tests.",
    ),
    "dashboards/shop.html": (
        "Thresholds green below 10 req/s, red from 10 req/s",
        "Unit reqps",
        "the result of label_values(shop_orders_total, country)",
        "Alerts: OrdersFail",
        "Reads shop_orders_total",
        "Query of shop:failed:ratio",
        "Open in Grafana",
    ),
    "metrics/shop_orders_total.html": (
        "Orders placed .",
        "status paid, failed",
        "country at most 30 values, such as ae",
        "country in Shop (variable) specs/shop.yaml:19 Orders in Shop specs/shop.yaml:24 Failed in Shop , by shop:failed:ratio specs/shop.yaml:29 Alerted on by NoOrders",
        "Alerted on by NoOrders",
        "OrdersFail , by shop:failed:ratio",
        "Recorded by shop:failed:ratio",
        "Its alerts notify",
    ),
    "metrics/shop_old_total.html": ("It goes away. Use shop_orders_total.", "Nothing reads it."),
    "metrics/shop_duration_seconds.html": ("Series shop_duration_seconds_bucket, shop_duration_seconds_sum", "Unit s"),
    "recordings.html": ("shop:failed:ratio orders, every minute", "Read by: Failed in Shop"),
    "notifications.html": (
        "every alert → team",
        'severity="critical" → on-call again after 1 hour',
        "muted: nights",
        "No alert of the specs notifies it.",
        "nights : 22:00-06:00, Asia/Dubai",
    ),
    "data-sources.html": ("New panels ask it.", "Its exemplars lead to tempo.", "The field TraceID of its lines leads to tempo."),
    "index.html": ("1 dashboard · 2 alerts · 3 metrics", "critical OrdersFail → on-call"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "sentence"), [(path, one) for path, many in SENTENCES.items() for one in many]
)
def test_a_page_says_what_the_spec_means(shop, path, sentence):
    assert sentence in PageReader(shop[path]).text


def test_secrets_of_addresses_are_on_no_page(shop):
    assert [path for path, text in shop.items() if "hunter2" in text or "SLACK_URL" in text] == []


def test_places_lead_to_the_lines_that_the_code_host_shows(shop):
    addresses = PageReader(shop["alerts/orders-fail.html"]).addresses
    assert "https://git.example.com/shop/blob/main/specs/shop.yaml#L39" in addresses
    assert "https://git.example.com/shop/blob/main/docs/runbook.md#orders-fail" in addresses
    assert "https://grafana.example.com/alerting/grafana/orders-fail/view" in addresses


@pytest.mark.parametrize("name", ["shop", "own"])
def test_no_link_of_a_site_is_dead(name, request):
    assert dead_links(request.getfixturevalue(name)) == []


def test_a_dead_link_would_be_found():
    files = {
        "index.html": '<a href="a/b.html#x">b</a><a href="a/c.html">c</a>',
        "a/b.html": '<a href="../index.html#y">i</a>',
    }
    assert dead_links(files) == [
        "index.html: a/b.html#x",
        "index.html: a/c.html",
        "a/b.html: ../index.html#y",
    ]


def test_a_page_has_each_target_of_links_once(own):
    for path, text in own.items():
        if path.endswith(".html"):
            ids = PageReader(text).ids
            assert sorted(set(ids)) == sorted(ids), path


def test_every_dashboard_alert_and_metric_of_this_project_has_a_page(own):
    folders = [path.split("/")[0] for path in own if "/" in path]
    assert {name: folders.count(name) for name in set(folders)} == {
        "dashboards": 5,
        "alerts": 16,
        "metrics": 50,
    }


def test_the_objectives_of_this_project_are_read_from_their_rules(own):
    text = PageReader(own["objectives.html"]).text
    assert "97 % within 30 days" in text
    assert "Watched by AnswersBurnsBudgetFast, AnswersBurnsBudgetSlowly" in text.replace(" ,", ",")


def test_the_flow_has_a_column_for_each_step(own):
    text = own["flow.html"]
    for heading in ("Application", "Data sources", "Recording rules", "Dashboards and alerts", "Contacts"):
        assert f">{heading}</text>" in text
    assert 'href="alerts/no-queries.html"' in text


def test_the_same_specs_give_the_same_bytes(shop, tmp_path):
    settings = "grafana_url: https://grafana.example.com\ndocs_url: https://git.example.com/shop/blob/main\n"
    again = site(project(tmp_path / "other", settings=settings), SiteOptions(has_pictures=False))
    assert again == shop


def test_a_project_without_alerts_has_no_page_and_no_link_for_them(tmp_path):
    specs = "kind: Dashboard\nuid: d\ntitle: D\npanels:\n  - {title: T, type: text, content: hi}\n"
    files = site(project(tmp_path, specs))
    assert sorted(path for path in files if path.endswith(".html")) == [
        "dashboards.html",
        "dashboards/d-" + "18ac3e73.html",
        "index.html",
    ]
    assert dead_links(files) == []
