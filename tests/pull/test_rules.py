"""What was edited of alert rules in Grafana's UI comes back into their specs, word by word."""

from copy import deepcopy

import orjson
import pytest

from dashgen.pull.rule_words import in_units
from tests.sync.support import FILES, Project

RATIO = "sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))"
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
      ("panel: shop/orders", f"panel: shop/orders\n    queries:\n      A:\n        query: {RATIO}\n        raw: {{relativeTimeRange: {{from: 3600, to: 0}}}}")]),
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


def test_a_second_pull_has_nothing_to_do(project, fake):
    _edit(fake, "many-errors", **{"for": "10m"})
    assert project.push().code == 4
    shown = _pull(project, "--dry-run")
    assert shown.code == 1
    assert "-    for: 5m\n+    for: 10m\n" in shown.stdout
    assert _spec(project) == SPEC
    done = _pull(project)
    assert (
        "taken over\n    alert rule ManyErrors: fires after 5m → 10m\nchanged specs/alerts.yaml"
        in done.stdout
    )
    assert _pull(project).stdout == "nothing to pull\n"


def test_several_edits_of_several_rules_come_together(project, fake):
    _threshold(fake, "many-errors", params=[0.02])
    _labels(fake, "many-errors", severity="page", zone="eu")
    _edit(fake, "many-errors", title="Errors!", isPaused=True)
    _edit(fake, "few-orders", notification_settings=None, execErrState="OK")
    done = _pull(project)
    assert done.code == 0, done
    text = _spec(project)
    for line in (
        "- alert: Errors!   # the one that matters",
        "when: above 2%     # of orders",
        "on_error: ok",
        "paused: true",
    ):
        assert line in text
    assert "labels: {severity: page, zone: eu}" in text
    assert project.push().code == 0


def test_a_rule_that_was_added_joins_the_group(project, fake):
    rule = deepcopy(fake.store.rules["many-errors"])
    rule |= {
        "uid": "ui-made-1",
        "title": "Made in the UI",
        "id": 99,
        "annotations": {},
        "labels": {"team": "shop"},
    }
    fake.store.rules["ui-made-1"] = rule
    done = _pull(project)
    assert done.code == 0, done
    assert _spec(project).startswith(SPEC)
    added = _spec(project).removeprefix(SPEC)
    assert added.startswith("\n  - alert: Made in the UI\n    uid: ui-made-1\n    query: ")
    assert "labels" not in added


def test_a_rule_that_was_deleted_is_only_told(project, fake):
    del fake.store.rules["few-orders"]
    done = _pull(project)
    assert done.code == 1
    assert "rule FewOrders: deleted in Grafana; remove it from the spec if that is meant" in done.stdout
    assert _spec(project) == SPEC


def test_what_has_no_word_is_listed_and_the_other_rule_is_taken(project, fake):
    condition = fake.store.rules["few-orders"]["condition"]
    two = {
        "evaluator": {"type": "gt", "params": [1]},
        "operator": {"type": "or"},
        "query": {"params": ["now"]},
        "reducer": {"type": "diff"},
    }
    model = {"refId": condition, "type": "classic_conditions", "conditions": [two, two], "expression": ""}
    _entry(fake, "few-orders", condition)["model"] = model
    _edit(fake, "few-orders", **{"for": "1h"})
    _edit(fake, "many-errors", **{"for": "1h"})
    done = _pull(project)
    assert done.code == 1
    assert _spec(project) == SPEC.replace("for: 5m", "for: 1h")
    assert "not taken over: alert rule FewOrders: " in done.stdout
    assert "there is no word for it: " in done.stdout
    assert "condition is none that the language has" in done.stdout
    # What was not taken over is still protected.
    assert project.push().code == 4


def test_when_both_sides_changed_it_is_a_conflict_until_theirs_is_wanted(project, fake):
    _edit(fake, "many-errors", **{"for": "1h"})
    project.change("specs/alerts.yaml", "for: 10m", "for: 20m")
    ours = _spec(project)
    done = _pull(project)
    assert done.code == 4
    assert "`--theirs` takes everything that is there" in done.stdout
    assert _spec(project) == ours
    assert _pull(project, "--theirs").code == 0
    assert _spec(project) == SPEC.replace("for: 5m", "for: 1h")


def test_only_the_group_that_is_asked_for_is_pulled(project, fake):
    fake.store.edit("shop", refresh="10s")
    _edit(fake, "many-errors", **{"for": "1h"})
    assert _pull(project, "--only", "shop-health").code == 0
    assert "for: 1h" in _spec(project)
    assert "refresh" not in _spec(project, "specs/shop.yaml")
    wrong = _pull(project, "--only", "shop-helth")
    assert (wrong.code, "no spec builds a dashboard or a rule group" in wrong.stderr) == (2, True)


def test_the_result_for_programs_names_rule_groups(project, fake):
    _edit(fake, "many-errors", **{"for": "1h"})
    (target,) = orjson.loads(_pull(project, "--dry-run", "--format", "json").stdout)["targets"]
    assert target["dashboards"] == []
    assert target["rule_groups"] == [
        {"uid": "alerts/shop-health", "title": "shop-health", "state": "taken over", "reason": None,
         "taken": ["alert rule ManyErrors: fires after 5m → 1h"], "left": []}
    ]  # fmt: skip


INDIRECT = """\
kind: AlertRules
group: indirect
folder: Sales/Alerts
rules:
  - for_each: {tier: [free, pro]}
    alert: Slow-${{ tier }}
    query: sum(rate(shop_errors_total{tier="${{ tier }}"}[5m]))
    when: above 5
    for: 5m
    labels: {tier: "${{ tier }}"}
  - use: quiet
    with: {name: Quiet, metric: shop_orders_total}
  - record: shop:errors:rate5m
    grafana: true
    query: sum(rate(shop_errors_total[5m]))
---
kind: Components
components:
  quiet:
    params: {name: {type: string}, metric: {type: string}, limit: {type: number, default: 1}}
    rule:
      alert: ${{ name }}
      query: sum(rate(${{ metric }}[5m]))
      when: below ${{ limit }}
      for: 5m
"""
INDIRECTLY = [
    ("a query around expressions", lambda f: _expr(f, "slow-free", "A", 'avg(rate(shop_errors_total{tier="free"}[5m]))'),
     lambda f: _expr(f, "slow-pro", "A", 'avg(rate(shop_errors_total{tier="pro"}[5m]))'),
     [("query: sum(rate(shop_errors_total{", "query: avg(rate(shop_errors_total{")]),
    ("every turn of a loop", lambda f: _edit(f, "slow-free", **{"for": "9m"}), lambda f: _edit(f, "slow-pro", **{"for": "9m"}),
     [("for: 5m\n    labels", "for: 9m\n    labels")]),
    ("one turn of a loop", lambda f: _edit(f, "slow-pro", **{"for": "9m"}), None,
     [("for: 5m\n    labels", "for: ${{ '9m' if tier == 'pro' else '5m' }}\n    labels")]),
    ("what a component's only user says", lambda f: _edit(f, "quiet", **{"for": "9m"}), None,
     [("when: below ${{ limit }}\n      for: 5m", "when: below ${{ limit }}\n      for: 9m")]),
    ("a recording rule's query", lambda f: _expr(f, "shop-errors-rate5m", "A", "sum(rate(shop_errors_total[9m]))"), None,
     [("query: sum(rate(shop_errors_total[5m]))", "query: sum(rate(shop_errors_total[9m]))")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "another", "wanted"), [case[1:] for case in INDIRECTLY], ids=[case[0] for case in INDIRECTLY]
)
def test_an_edit_is_written_where_the_value_comes_from(fake, tmp_path, edit, another, wanted):
    project = _project(tmp_path, fake, INDIRECT)
    edit(fake)
    if another is not None:
        another(fake)
    done = _pull(project)
    assert done.code == 0, done
    expected = INDIRECT
    for old, new in wanted:
        assert old in expected
        expected = expected.replace(old, new)
    assert _spec(project) == expected
    fake.log.clear()
    assert project.push().code == 0
    assert fake.log.writes == []


OTHER = """\
kind: AlertRules
group: other
folder: Sales/Alerts
rules:
  - use: quiet
    with: {name: Calm, metric: shop_errors_total}
"""


def test_a_component_that_others_use_too_is_overridden(fake, tmp_path):
    project = _project(tmp_path, fake, INDIRECT, **{"specs/other.yaml": OTHER})
    _edit(fake, "quiet", **{"for": "9m"})
    done = _pull(project)
    assert done.code == 0, done
    old = "with: {name: Quiet, metric: shop_orders_total}\n"
    assert _spec(project) == INDIRECT.replace(old, f"{old}    for: 9m\n")
    assert _spec(project, "specs/other.yaml") == OTHER


def test_a_group_that_is_managed_elsewhere_is_left_alone(project, fake):
    _edit(fake, "many-errors", **{"for": "1h"}, provenance="file")
    done = _pull(project)
    assert done.code == 1
    assert "managed elsewhere" in done.stdout
    assert _spec(project) == SPEC


@pytest.mark.parametrize(
    ("written", "wanted", "said"),
    [
        ("above 10%", "above 0.2", ["above 20%"]),
        ("above 10%", "below 0.125", ["below 12.5%"]),
        ("above $50", "above 75", ["above $75"]),
        ("between 1 s and 5 s", "between 2 and 5", ["between 2 s and 5 s"]),
        ("above 5m", "above 600", ["above 10m"]),
        ("below 2GiB", "below 1610612736", ["below 1.5GiB"]),
        ("above 10", "above 20", []),
        ("absent", "above 20", []),
        ("above 10%", "absent", ["absent"]),
        ("above 1/min", "above 0.5", ["above 30/min"]),
    ],
)
def test_a_condition_keeps_the_unit_of_its_author(written, wanted, said):
    assert list(in_units(written, wanted)) == said
