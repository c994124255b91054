"""What was edited of alert rules in Grafana's UI comes back into their specs, word by word."""

import shutil
from copy import deepcopy

import orjson
import pytest

from dashgen.sync.pull.rule_keys import in_units
from tests.grafana.fake import FakeGrafana
from tests.pull.rule_support import (
    RATIO,
    SPEC,
    annotations,
    edit,
    entry,
    expr,
    interval,
    labels,
    pull,
    pushed,
    spec_of,
    summary,
    threshold,
)
from tests.sync.support import Project


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A project that was pushed, and what was there then."""
    with FakeGrafana() as fake:
        project = pushed(tmp_path_factory.mktemp("shared"), fake)
        yield project, deepcopy(fake.store.rules), dict(fake.store.intervals)


@pytest.fixture
def once(shared, tmp_path):
    """The same project and Grafana as after that push; tests only pull from it."""
    project, rules, intervals = shared
    project.fake.store.rules = deepcopy(rules)
    project.fake.store.intervals = dict(intervals)
    shutil.copytree(project.folder, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path, project.fake, {})


@pytest.fixture
def project(fake, tmp_path):
    return pushed(tmp_path, fake)


EDITS = [
    ("a threshold, in the author's unit", lambda f: threshold(f, "many-errors", params=[0.2]),
     [("above 10% ", "above 20% ")]),
    ("another comparison", lambda f: threshold(f, "few-orders", type="outside_range", params=[0.5, 2]),
     [("below 0.5", "outside 0.5 and 2")]),
    ("how long it waits", lambda f: edit(f, "many-errors", **{"for": "10m0s"}), [("for: 5m", "for: 10m")]),
    ("how long it goes on", lambda f: edit(f, "many-errors", keep_firing_for="15m"),
     [("for: 5m", "for: 5m\n    keep_firing_for: 15m")]),
    ("what no data means", lambda f: edit(f, "few-orders", noDataState="NoData"),
     [("labels: {tier: free}", "labels: {tier: free}\n    no_data: no_data")]),
    ("what errors mean", lambda f: edit(f, "few-orders", execErrState="KeepLast"),
     [("labels: {tier: free}", "labels: {tier: free}\n    on_error: keep_last")]),
    ("a pause", lambda f: edit(f, "many-errors", isPaused=True),
     [("panel: shop/orders", "panel: shop/orders\n    paused: true")]),
    ("a summary", lambda f: summary(f, "{{ $values.A.Value | humanizePercentage }} of all orders fail: why?"),
     [('"{{ $value | humanizePercentage }} of orders fail"', '"{{ $value | humanizePercentage }} of all orders fail: why?"')]),
    ("more annotations", lambda f: annotations(f, "few-orders", runbook_url="https://wiki.example/few", owner="Kim"),
     [("for: 10m", "for: 10m\n    runbook: https://wiki.example/few"), ("labels: {tier: free}", "labels: {tier: free}\n    annotations: {owner: Kim}")]),
    ("a label of its own", lambda f: labels(f, "few-orders", tier="pro", zone="eu"), [("{tier: free}", "{tier: pro, zone: eu}")]),
    ("a severity", lambda f: labels(f, "many-errors", severity="critical"), [("severity: warning", "severity: critical")]),
    ("a severity that is no word", lambda f: labels(f, "many-errors", severity="page"),
     [("    severity: warning\n", ""), ('fail"\n', 'fail"\n    labels: {severity: page}\n')]),
    ("a label of the group in one rule", lambda f: labels(f, "few-orders", team="ops"), [("{tier: free}", "{tier: free, team: ops}")]),
    ("a label that is gone", lambda f: f.store.rules["few-orders"]["labels"].pop("tier"), [("    labels: {tier: free}\n", "")]),
    ("a label of the group that is gone", lambda f: f.store.rules["few-orders"]["labels"].pop("team"),
     [("contact_point: ops", "contact_point: ops\n    raw: {labels: {team: null}}")]),
    ("a query", lambda f: expr(f, "many-errors", "A", "sum(rate(shop_errors_total[10m]))"),
     [("sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))\n", "sum(rate(shop_errors_total[10m]))\n")]),
    ("one query of several", lambda f: expr(f, "few-orders", "before", "sum(rate(shop_orders_total[5m] offset 7d))"),
     [("offset 1d", "offset 7d")]),
    ("an expression", lambda f: entry(f, "few-orders", "share")["model"].update(expression="$before / $now"),
     [("$now / $before", "$before / $now")]),
    ("what a query looks back at", lambda f: entry(f, "many-errors", "A").update(relativeTimeRange={"from": 3600, "to": 0}),
     [(f"    query: {RATIO}\n    when",
       f"    queries:\n      A:\n        query: {RATIO}\n        raw: {{relativeTimeRange: {{from: 3600, to: 0}}}}\n    when")]),
    ("its name", lambda f: edit(f, "many-errors", title="Too many errors"),
     [("- alert: ManyErrors   # the one that matters", "- alert: Too many errors   # the one that matters\n    uid: many-errors")]),
    ("whom it tells", lambda f: edit(f, "few-orders", notification_settings={"receiver": "office"}),
     [("contact_point: ops", "contact_point: office")]),
    ("that it follows the policies", lambda f: edit(f, "few-orders", notification_settings=None),
     [("    contact_point: ops\n", "")]),
    ("when it is silent", lambda f: edit(f, "few-orders", notification_settings={"receiver": "ops", "mute_time_intervals": ["weekend"]}),
     [("contact_point: ops", "contact_point: ops\n    mute_timings: [weekend]")]),
    ("no panel", lambda f: [f.store.rules["many-errors"]["annotations"].pop(k) for k in ("__dashboardUid__", "__panelId__")],
     [("    panel: shop/orders\n", "")]),
    ("how often", lambda f: interval(f, 120), [("interval: 1m", "interval: 2m")]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "wanted"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
def test_an_edit_changes_the_words_that_say_it_and_nothing_else(once, change, wanted):
    change(once.fake)
    once.fake.log.clear()
    done = pull(once)
    assert done.code == 0, done
    assert once.fake.log.writes == []
    expected = SPEC
    for old, new in wanted:
        assert old in expected
        expected = expected.replace(old, new)
    assert spec_of(once) == expected


def test_a_second_pull_has_nothing_to_do(project, fake):
    edit(fake, "many-errors", **{"for": "10m"})
    assert project.push().code == 4
    shown = pull(project, "--dry-run")
    assert shown.code == 1
    assert "-    for: 5m\n+    for: 10m\n" in shown.stdout
    assert spec_of(project) == SPEC
    done = pull(project)
    assert (
        "taken over\n    alert rule ManyErrors: fires after 5m → 10m\nchanged specs/alerts.yaml"
        in done.stdout
    )
    assert pull(project).stdout == "nothing to pull\n"


def test_several_edits_of_several_rules_come_together(project, fake):
    threshold(fake, "many-errors", params=[0.02])
    labels(fake, "many-errors", severity="page", zone="eu")
    edit(fake, "many-errors", title="Errors!", isPaused=True)
    edit(fake, "few-orders", notification_settings=None, execErrState="OK")
    done = pull(project)
    assert done.code == 0, done
    text = spec_of(project)
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
    done = pull(project)
    assert done.code == 0, done
    assert spec_of(project).startswith(SPEC)
    added = spec_of(project).removeprefix(SPEC)
    assert added.startswith("\n  - alert: Made in the UI\n    uid: ui-made-1\n    query: ")
    assert "labels" not in added


def test_a_rule_that_was_deleted_goes_from_the_specs(project, fake):
    del fake.store.rules["few-orders"]
    done = pull(project)
    assert done.code == 0, done
    assert "rule FewOrders: deleted in Grafana" in done.stdout
    assert spec_of(project) == SPEC[: SPEC.index("\n  - alert: FewOrders")]
    pushed_again = project.push()
    assert pushed_again.code == 0, pushed_again
    assert "few-orders" not in fake.store.rules


def test_one_turn_of_a_loop_of_rules_goes(folder_of_loop, fake):
    del fake.store.rules["slow-pro"]
    done = pull(folder_of_loop)
    assert done.code == 0, done
    assert "for_each: {tier: [free, team]}" in spec_of(folder_of_loop)


@pytest.fixture
def folder_of_loop(fake, tmp_path):
    rules = (
        "rules:\n  - for_each: {tier: [free, pro, team]}\n    alert: Slow ${{ tier }}\n"
        '    query: avg(slow{tier="${{ tier }}"})\n    when: above 5\n    summary: slow\n'
    )
    return pushed(tmp_path, fake, SPEC[: SPEC.index("rules:")] + rules)


TESTS = """\
    tests:
      - name: fires at a fifth
        series: {shop_errors_total: 0+20x20, shop_orders_total: 0+100x20}
        fires_at: 10m
"""


def test_tests_of_a_rule_that_asks_for_something_else_are_named(fake, tmp_path):
    project = pushed(
        tmp_path, fake, SPEC.replace("    panel: shop/orders\n", f"    panel: shop/orders\n{TESTS}")
    )
    threshold(fake, "many-errors", params=[0.5])
    done = pull(project)
    assert done.code == 0, done
    assert 'note: rule ManyErrors: see whether its tests still hold: "fires at a fifth"' in done.stdout


def test_tests_of_a_rule_that_changed_otherwise_are_not(fake, tmp_path):
    project = pushed(
        tmp_path, fake, SPEC.replace("    panel: shop/orders\n", f"    panel: shop/orders\n{TESTS}")
    )
    summary(fake, "many")
    assert "note" not in pull(project).stdout


def test_what_has_no_key_is_raw_with_a_note(project, fake):
    condition = fake.store.rules["few-orders"]["condition"]
    two = {
        "evaluator": {"type": "gt", "params": [1]},
        "operator": {"type": "or"},
        "query": {"params": ["now"]},
        "reducer": {"type": "diff"},
    }
    model = {"refId": condition, "type": "classic_conditions", "conditions": [two, two], "expression": ""}
    entry(fake, "few-orders", condition)["model"] = model
    edit(fake, "few-orders", **{"for": "1h"})
    edit(fake, "many-errors", **{"for": "1h"})
    done = pull(project)
    assert done.code == 0, done
    text = spec_of(project)
    assert text.startswith(SPEC.replace("for: 5m", "for: 1h").replace("for: 10m", "for: 1h"))
    assert "    raw:\n      condition: C\n      data:\n" in text
    assert "note: rule FewOrders: " in done.stdout
    assert "the language has no such condition" in done.stdout
    assert "the keys beside it are those from before" in done.stdout
    assert "not taken over" not in done.stdout
    pushed_again = project.push()
    assert pushed_again.code == 0, pushed_again
    assert entry(fake, "few-orders", condition)["model"]["type"] == "classic_conditions"


def test_what_both_sides_changed_of_one_rule_stays_until_theirs_is_wanted(project, fake):
    edit(fake, "many-errors", **{"for": "1h"}, isPaused=True)
    project.change("specs/alerts.yaml", "for: 5m", "for: 20m")
    ours = spec_of(project)
    done = pull(project)
    assert done.code == 4
    assert "alert rule ManyErrors: for: the specs changed it too" in done.stdout
    paused = ("panel: shop/orders", "panel: shop/orders\n    paused: true")
    assert spec_of(project) == ours.replace(*paused)
    assert pull(project, "--theirs").code == 0
    assert spec_of(project) == SPEC.replace("for: 5m", "for: 1h").replace(*paused)


def test_without_the_last_push_both_sides_are_a_conflict_until_theirs_is_wanted(project, fake):
    edit(fake, "many-errors", **{"for": "1h"})
    project.change("specs/alerts.yaml", "for: 10m", "for: 20m")
    shutil.rmtree(project.folder / ".dashgen")
    fake.store.annotations.clear()
    ours = spec_of(project)
    done = pull(project)
    assert done.code == 4
    assert "`--theirs` takes everything that is there" in done.stdout
    assert spec_of(project) == ours
    assert pull(project, "--theirs").code == 0
    assert spec_of(project) == SPEC.replace("for: 5m", "for: 1h")


def test_only_the_group_that_is_asked_for_is_pulled(project, fake):
    fake.store.edit("shop", refresh="10s")
    edit(fake, "many-errors", **{"for": "1h"})
    assert pull(project, "--only", "shop-health").code == 0
    assert "for: 1h" in spec_of(project)
    assert "refresh" not in spec_of(project, "specs/shop.yaml")
    wrong = pull(project, "--only", "shop-helth")
    assert (wrong.code, "no spec builds a dashboard or a rule group" in wrong.stderr) == (2, True)


def test_the_result_for_programs_names_rule_groups(project, fake):
    edit(fake, "many-errors", **{"for": "1h"})
    (target,) = orjson.loads(pull(project, "--dry-run", "--format", "json").stdout)["targets"]
    assert target["dashboards"] == []
    assert target["rule_groups"] == [
        {"uid": "alerts/shop-health", "title": "shop-health", "state": "taken over", "reason": None,
         "taken": ["alert rule ManyErrors: fires after 5m → 1h"], "left": [], "notes": []}
    ]  # fmt: skip


def test_a_group_that_is_managed_elsewhere_is_left_alone(project, fake):
    edit(fake, "many-errors", **{"for": "1h"}, provenance="file")
    done = pull(project)
    assert done.code == 1
    assert "managed elsewhere" in done.stdout
    assert spec_of(project) == SPEC


@pytest.mark.parametrize(
    ("written", "expected", "message"),
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
def test_a_condition_keeps_the_unit_of_its_author(written, expected, message):
    assert list(in_units(written, expected)) == message


def test_a_value_that_two_rules_share_by_an_anchor_is_written_apart(tmp_path, fake):
    spec = SPEC.replace("for: 5m", "for: &wait 10m").replace("for: 10m", "for: *wait")
    project = pushed(tmp_path, fake, spec)
    edit(fake, "few-orders", **{"for": "20m"})
    done = pull(project)
    assert (done.code, "not taken over" in done.stdout) == (0, False), done
    assert spec_of(project) == spec.replace("for: *wait", "for: 20m")
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])


def test_a_value_that_two_rules_share_by_an_anchor_is_edited_for_both(tmp_path, fake):
    spec = SPEC.replace("for: 5m", "for: &wait 10m").replace("for: 10m", "for: *wait")
    project = pushed(tmp_path, fake, spec)
    for uid in ("many-errors", "few-orders"):
        edit(fake, uid, **{"for": "20m"})
    done = pull(project)
    assert (done.code, "not taken over" in done.stdout) == (0, False), done
    assert project.push().code == 0
    assert fake.store.rules["many-errors"]["for"] == fake.store.rules["few-orders"]["for"]
