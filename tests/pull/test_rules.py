"""What was edited of alert rules in Grafana's UI comes back into their specs, word by word."""

from copy import deepcopy

import pytest

from dashgen.pull.rule_words import in_units
from tests.grafana.fake import FakeGrafana
from tests.sync.support import ALERTS, FILES, NOTICES, Project

SPEC = """\
# Is the shop well?
kind: AlertRules
group: shop-health
folder: Sales/Alerts
interval: 1m
labels: {team: shop}   # everybody's
rules:
  # Errors wake people up.
  - alert: ManyErrors   # the one that matters
    query: sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))
    when: above 10%     # of orders
    for: 5m
    severity: warning
    summary: "{{ $value | humanizePercentage }} of orders fail"
    panel: shop/orders

  - alert: FewOrders
    queries:
      now: sum(rate(shop_orders_total[5m]))
      before: sum(rate(shop_orders_total[5m] offset 1d))
      share: {math: $now / $before}
    when: below 0.5
    for: 10m
    outputs: [grafana]
    labels: {tier: free}
    contact_point: ops
"""


def _project(folder, fake, alerts=SPEC, **more) -> Project:
    project = Project(folder, fake, {**FILES, "specs/alerts.yaml": alerts, **more})
    pushed = project.push()
    assert pushed.code == 0, pushed
    return project


@pytest.fixture
def project(fake, tmp_path):
    return _project(tmp_path, fake)


def _edit(fake, uid, **changes):
    """An edit in the UI, which saves the whole rule."""
    rule = fake.store.rules[uid]
    rule |= {**deepcopy(changes), "updated": "2026-02-01T00:00:00Z"}


def _entry(fake, uid, ref):
    return next(entry for entry in fake.store.rules[uid]["data"] if entry["refId"] == ref)


def _threshold(fake, uid, **evaluator):
    rule = fake.store.rules[uid]
    _entry(fake, uid, rule["condition"])["model"]["conditions"][0]["evaluator"] |= evaluator


def _pull(project, *words):
    return project.run("pull", "--url", project.fake.url, *words)


def _spec(project, name="specs/alerts.yaml"):
    return (project.folder / name).read_text(encoding="utf-8")


def _expr(fake, uid, ref, text):
    _entry(fake, uid, ref)["model"]["expr"] = text


EDITS = [
    ("a threshold, in the author's unit", lambda f: _threshold(f, "many-errors", params=[0.2]),
     [("above 10% ", "above 20% ")]),
    ("another comparison", lambda f: _threshold(f, "few-orders", type="outside_range", params=[0.5, 2]),
     [("below 0.5", "outside 0.5 and 2")]),
    ("how long it waits", lambda f: _edit(f, "many-errors", **{"for": "10m0s"}), [("for: 5m", "for: 10m")]),
    ("how long it goes on", lambda f: _edit(f, "many-errors", keep_firing_for="15m"),
     [("panel: shop/orders", "panel: shop/orders\n    keep_firing_for: 15m")]),
    ("what no data means", lambda f: _edit(f, "few-orders", noDataState="NoData"),
     [("contact_point: ops", "contact_point: ops\n    no_data: no_data")]),
    ("what errors mean", lambda f: _edit(f, "few-orders", execErrState="KeepLast"),
     [("contact_point: ops", "contact_point: ops\n    on_error: keep_last")]),
    ("a pause", lambda f: _edit(f, "many-errors", isPaused=True),
     [("panel: shop/orders", "panel: shop/orders\n    paused: true")]),
    ("a summary", lambda f: _summary(f, "{{ $values.A.Value | humanizePercentage }} of all orders fail: why?"),
     [('"{{ $value | humanizePercentage }} of orders fail"', '"{{ $value | humanizePercentage }} of all orders fail: why?"')]),
    ("more annotations", lambda f: _annotations(f, "few-orders", runbook_url="https://wiki.example/few", owner="Kim"),
     [("contact_point: ops", "contact_point: ops\n    runbook: https://wiki.example/few\n    annotations: {owner: Kim}")]),
    ("a label of its own", lambda f: _labels(f, "few-orders", tier="pro", zone="eu"), [("{tier: free}", "{tier: pro, zone: eu}")]),
    ("a severity", lambda f: _labels(f, "many-errors", severity="critical"), [("severity: warning", "severity: critical")]),
    ("a severity that is no word", lambda f: _labels(f, "many-errors", severity="page"),
     [("    severity: warning\n", ""), ("panel: shop/orders", "panel: shop/orders\n    labels: {severity: page}")]),
    ("a label of the group in one rule", lambda f: _labels(f, "few-orders", team="ops"), [("{tier: free}", "{tier: free, team: ops}")]),
    ("a label that is gone", lambda f: f.store.rules["few-orders"]["labels"].pop("tier"), [("    labels: {tier: free}\n", "")]),
    ("a label of the group that is gone", lambda f: f.store.rules["few-orders"]["labels"].pop("team"),
     [("contact_point: ops", "contact_point: ops\n    raw: {labels: {team: null}}")]),
    ("a query", lambda f: _expr(f, "many-errors", "A", "sum(rate(shop_errors_total[10m]))"),
     [("sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))\n", "sum(rate(shop_errors_total[10m]))\n")]),
    ("one query of several", lambda f: _expr(f, "few-orders", "before", "sum(rate(shop_orders_total[5m] offset 7d))"),
     [("offset 1d", "offset 7d")]),
    ("an expression", lambda f: _entry(f, "few-orders", "share")["model"].update(expression="$before / $now"),
     [("$now / $before", "$before / $now")]),
    ("what a query looks back at", lambda f: _entry(f, "many-errors", "A").update(relativeTimeRange={"from": 3600, "to": 0}),
     [("query: sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))\n    when", "when"),
      ("panel: shop/orders", "panel: shop/orders\n    queries:\n      A:\n"
       "        query: sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))\n"
       "        raw: {relativeTimeRange: {from: 3600, to: 0}}")]),
    ("its name", lambda f: _edit(f, "many-errors", title="Too many errors"),
     [("- alert: ManyErrors", "- alert: Too many errors"), ("panel: shop/orders", "panel: shop/orders\n    uid: many-errors")]),
    ("whom it tells", lambda f: _edit(f, "few-orders", notification_settings={"receiver": "office"}),
     [("contact_point: ops", "contact_point: office")]),
    ("that it follows the policies", lambda f: _edit(f, "few-orders", notification_settings=None),
     [("    contact_point: ops\n", "")]),
    ("when it is silent", lambda f: _edit(f, "few-orders", notification_settings={"receiver": "ops", "mute_time_intervals": ["weekend"]}),
     [("contact_point: ops", "contact_point: ops\n    mute_timings: [weekend]")]),
    ("no panel", lambda f: [f.store.rules["many-errors"]["annotations"].pop(k) for k in ("__dashboardUid__", "__panelId__")],
     [("    panel: shop/orders\n", "")]),
    ("how often", lambda f: _interval(f, 120), [("interval: 1m", "interval: 2m")]),
]  # fmt: skip


def _summary(fake, text):
    fake.store.rules["many-errors"]["annotations"]["summary"] = text


def _annotations(fake, uid, **texts):
    fake.store.rules[uid]["annotations"] |= texts


def _labels(fake, uid, **texts):
    fake.store.rules[uid]["labels"] |= texts


def _interval(fake, seconds):
    for key in fake.store.intervals:
        fake.store.intervals[key] = seconds


@pytest.mark.parametrize(("edit", "wanted"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
def test_an_edit_changes_the_words_that_say_it_and_nothing_else(project, fake, edit, wanted):
    edit(fake)
    assert project.push().code == 4
    fake.log.clear()
    done = _pull(project)
    assert done.code == 0, done
    assert fake.log.writes == []
    expected = SPEC
    for old, new in wanted:
        assert old in expected
        expected = expected.replace(old, new)
    assert _spec(project) == expected
    pushed = project.push()
    assert pushed.code == 0, pushed
    # A panel draws the threshold of its alert, so its dashboard may have changed.
    assert [call for call in fake.log.writes if "dashboards" not in call.path] == []
    assert _pull(project).stdout == "nothing to pull\n"
