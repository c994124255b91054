"""Rules of one group that the specs and people in Grafana changed: each change is kept, and only real clashes stop a push."""

import shutil
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.formats.resources import RULE_GROUP
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds.rule_group_kind import RuleGroupKind
from dashgen.sync.push.ledger import Ledger
from dashgen.sync.push.normal_items import SCHEME, differences
from dashgen.sync.push.rule_merge import merged_group, parts
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.fake.rules_api import NO_GROUP
from tests.grafana.support import connect, rule
from tests.sync.support import Project


def group(*rules: Any, interval: int = 60) -> Item:
    content = {"title": "g", "folderUid": "f", "interval": interval, "rules": deepcopy(list(rules))}
    return Item(RULE_GROUP, "f/g", "g", content, "f")


A, B, C, D = (rule(name.lower(), name) for name in "ABCD")
BASE = group(A, B, C)


def _with(one: Any, **changes: Any) -> Any:
    return {**one, **changes}


def _summary(one: Any, text: str) -> Any:
    return {**one, "annotations": {**one["annotations"], "summary": text}}


def _expr(one: Any, text: str) -> Any:
    copy = deepcopy(one)
    copy["data"][0]["model"]["expr"] = text
    return copy


MERGES = [
    ("different rules", group(_with(A, **{"for": "9m"}), B, C), group(A, B, _with(C, **{"for": "1h"})),
     group(_with(A, **{"for": "9m"}), B, _with(C, **{"for": "1h"}))),
    ("different parts of a rule", group(_with(A, **{"for": "9m"}), B, C), group(_with(A, isPaused=True), B, C),
     group(_with(A, **{"for": "9m"}, isPaused=True), B, C)),
    ("different texts of a rule", group(_summary(A, "ours"), B, C), group(_with(A, labels={"severity": "critical", "zone": "eu"}), B, C),
     group(_with(_summary(A, "ours"), labels={"severity": "critical", "zone": "eu"}), B, C)),
    ("the same change", group(_with(A, title="AA"), B, C), group(_with(A, title="AA"), B, C), group(_with(A, title="AA"), B, C)),
    ("a rule added here, another there", group(A, B, C, D), group(A, rule("e", "E"), B, C), group(A, rule("e", "E"), B, C, D)),
    ("a rule deleted here", group(A, C), group(A, B, _with(C, **{"for": "1h"})), group(A, _with(C, **{"for": "1h"}))),
    ("a rule deleted there", group(_with(A, **{"for": "9m"}), B, C), group(A, B), group(_with(A, **{"for": "9m"}), B)),
    ("moved here, changed there", group(C, A, B), group(A, _with(B, **{"for": "1h"}), C), group(C, A, _with(B, **{"for": "1h"}))),
    ("moved there, added here", group(A, D, B, C), group(C, B, A), group(C, B, A, D)),
    ("the interval here", group(A, B, C, interval=120), group(_with(A, **{"for": "9m"}), B, C), group(_with(A, **{"for": "9m"}), B, C, interval=120)),
    ("a label taken away there", group(_with(A, **{"for": "9m"}), B, C), group(_with(A, labels={}), B, C), group(_with(A, **{"for": "9m"}, labels={}), B, C)),
]  # fmt: skip

CLASHES = [
    ("one text", group(_summary(A, "ours"), B, C), group(_summary(A, "theirs"), B, C), "alert rule A: annotations `summary`"),
    ("the query", group(_expr(A, "up == 1"), B, C), group(_expr(A, "up == 0"), B, C), "alert rule A: query"),
    ("deleted here, changed there", group(B, C), group(_with(A, **{"for": "9m"}), B, C), "alert rule A, which was deleted in the specs"),
    ("deleted there, changed here", group(_with(A, **{"for": "9m"}), B, C), group(B, C), "alert rule A, which was deleted in Grafana"),
    ("two orders", group(C, A, B), group(B, A, C), "the order of the rules"),
    ("two intervals", group(A, B, C, interval=120), group(A, B, C, interval=30), "how often the rules are evaluated"),
    ("two new rules with one uid", group(A, B, C, D), group(A, B, C, _expr(D, "other")), "alert rule D: query"),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "wanted"), [m[1:] for m in MERGES], ids=[m[0] for m in MERGES])
def test_changes_of_different_parts_come_together(ours: Item, theirs: Item, wanted: Item) -> None:
    merged = merged_group(parts(BASE), ours, theirs)
    assert merged.clashes == {}
    assert differences(merged.item, wanted) == []


@pytest.mark.parametrize(("ours", "theirs", "about"), [c[1:] for c in CLASHES], ids=[c[0] for c in CLASHES])
def test_two_changes_of_one_part_are_a_clash_that_names_the_rule(
    ours: Item, theirs: Item, about: str
) -> None:
    assert [*merged_group(parts(BASE), ours, theirs).clashes.values()] == [about]


def test_the_titles_of_edited_rules_are_told() -> None:
    theirs = group(_with(A, **{"for": "9m"}), C, D)
    assert merged_group(parts(BASE), BASE, theirs).edited == ("A", "B", "D")


_RULES = st.lists(
    st.sampled_from([A, B, C, D]).flatmap(
        lambda one: st.builds(
            lambda length, paused, text: _summary(_with(one, **{"for": length}, isPaused=paused), text),
            st.sampled_from(["5m", "9m"]),
            st.booleans(),
            st.sampled_from(["x", "y"]),
        )
    ),
    unique_by=lambda one: one["uid"],
    max_size=4,
)
_GROUPS = st.builds(
    lambda rules, interval: group(*rules, interval=interval), _RULES, st.sampled_from([60, 120])
)


@given(base=_GROUPS, ours=_GROUPS, theirs=_GROUPS)
def test_a_merge_without_clash_has_every_change_of_both_sides(base: Item, ours: Item, theirs: Item) -> None:
    merged = merged_group(parts(base), ours, theirs)
    before, one, other = parts(base), parts(ours), parts(theirs)
    if merged.clashes:
        assert any(one.get(key) != before.get(key) for key in {**one, **before})
        return
    result = parts(merged.item)
    for key in {**before, **one, **other}.keys() - {"order"}:
        expected = other.get(key) if one.get(key) == before.get(key) else one.get(key)
        assert result.get(key) == expected, key


@given(ours=_GROUPS, theirs=_GROUPS)
def test_an_untouched_side_gives_way(ours: Item, theirs: Item) -> None:
    assert parts(merged_group(parts(ours), ours, theirs).item) == parts(theirs)
    assert parts(merged_group(parts(theirs), ours, theirs).item) == parts(ours)


# --- a push ---


@pytest.fixture(params=["12.4.3", "13.0.1", "13.3.0"])
def pushed(request: pytest.FixtureRequest, tmp_path: Any, addresses: Any, starts: Any) -> Any:
    with FakeGrafana(version=request.param, address=addresses(request.param)) as fake:
        project = Project(tmp_path, fake, starts=starts)
        project.start_pushed()
        yield project


def _edit(project: Project, uid: str, **changes: Any) -> None:
    project.fake.store.rules[uid] |= {**changes, "updated": "2026-11-30T00:00:00Z"}


@pytest.mark.parametrize("remembers", [True, False])
def test_a_push_keeps_the_edit_of_another_rule(pushed: Project, remembers: bool) -> None:
    _edit(pushed, "few-orders", **{"for": "1h0m0s"})
    pushed.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    if not remembers:
        shutil.rmtree(pushed.folder / ".dashgen")
    shown = pushed.run("diff", "--url", pushed.fake.url)
    assert shown.code == 1, shown.stdout
    assert "ours: alert rule ManyErrors: fires after 5m → 6m" in shown.stdout
    assert "theirs: alert rule FewOrders: fires after 10m → 1h" in shown.stdout
    done = pushed.push()
    assert done.code == 0, done.stdout + done.stderr
    assert "edits made in Grafana were kept" in done.stdout
    rules = pushed.fake.store.rules
    assert (rules["few-orders"]["for"], rules["many-errors"]["for"]) in [("1h0m0s", "6m"), ("1h0m0s", "6m0s")]
    # What was kept is still an edit, and no push takes it for its own.
    again = pushed.push()
    assert again.code == 4
    assert "it was edited in Grafana since the last push: FewOrders" in again.stdout
    assert rules["few-orders"]["for"] == "1h0m0s"
    taken = pushed.run("pull", "--url", pushed.fake.url)
    assert taken.code == 0, taken.stdout
    assert "for: 1h" in (pushed.folder / "specs/alerts.yaml").read_text()
    pushed.fake.log.clear()
    assert pushed.push().code == 0
    assert pushed.fake.log.writes == []


def test_a_clash_names_the_rule_and_nothing_is_written(pushed: Project) -> None:
    _edit(pushed, "many-errors", **{"for": "1h0m0s"})
    pushed.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    pushed.fake.log.clear()
    done = pushed.push()
    assert done.code == 4
    assert (
        "it was edited in Grafana since the last push, and the specs changed the same: alert rule ManyErrors: for"
        in done.stdout
    )
    assert pushed.fake.log.writes == []


def test_a_pull_merges_rule_by_rule(pushed: Project) -> None:
    _edit(pushed, "few-orders", **{"for": "1h0m0s"})
    pushed.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    taken = pushed.run("pull", "--url", pushed.fake.url)
    assert taken.code == 0, taken.stdout
    text = (pushed.folder / "specs/alerts.yaml").read_text()
    assert "for: 1h" in text
    assert "for: 6m" in text
    assert pushed.push().code == 0
    assert pushed.run("diff", "--url", pushed.fake.url).code == 0


def test_an_edit_between_plan_and_write_is_merged(pushed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    write, met = RuleGroupKind.write, []

    def meddle(self: Any, *args: Any) -> str:
        if not met:
            met.append(1)
            _edit(pushed, "many-errors", isPaused=True)
        return write(self, *args)

    monkeypatch.setattr(RuleGroupKind, "write", meddle)
    done = pushed.push()
    assert done.code == 0, done.stdout
    stored = pushed.fake.store.rules["many-errors"]
    assert stored["isPaused"] is True
    assert stored["for"].startswith("6m")
    again = pushed.push()
    assert again.code == 4
    assert pushed.fake.store.rules["many-errors"]["isPaused"] is True


TWO_GROUPS = """\
kind: AlertRules
group: a-first
folder: Sales/Alerts
rules:
  - {alert: Stays, query: up, when: below 1}
  - {alert: Moves, query: up, when: below 1}
---
kind: AlertRules
group: b-second
folder: Sales/Alerts
rules:
  - {alert: Other, query: up, when: below 1}
"""


@pytest.mark.parametrize("names", [("a-first", "b-second"), ("b-second", "a-first")], ids=["down", "up"])
def test_a_rule_moves_from_group_to_group_and_is_not_made_anew(
    pushed: Project, names: tuple[str, str]
) -> None:
    first = (
        TWO_GROUPS.replace("a-first", "x")
        .replace("b-second", names[1])
        .replace("group: x", f"group: {names[0]}")
    )
    pushed.write("specs/two.yaml", first)
    assert pushed.push().code == 0
    number = pushed.fake.store.rules["moves"]["id"]
    line = "  - {alert: Moves, query: up, when: below 1}\n"
    pushed.write("specs/two.yaml", first.replace(line, "") + line)
    pushed.fake.log.clear()
    done = pushed.push()
    assert done.code == 0, done.stdout
    assert "kept" not in done.stdout
    stored = pushed.fake.store.rules["moves"]
    assert (stored["id"], stored["ruleGroup"]) == (number, names[1])
    assert not [call for call in pushed.fake.log.writes if call.method == "DELETE"]
    pushed.fake.log.clear()
    assert pushed.push().code == 0
    assert pushed.fake.log.writes == []


def test_a_plan_that_keeps_edits_is_applied_as_such(pushed: Project) -> None:
    _edit(pushed, "few-orders", **{"for": "1h0m0s"})
    pushed.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    assert pushed.push("--plan-out", "plan.json").code == 0
    done = pushed.run("apply", "plan.json", "--url", pushed.fake.url, "--yes")
    assert done.code == 0, done.stdout + done.stderr
    assert pushed.fake.store.rules["few-orders"]["for"] == "1h0m0s"
    # What was kept is not taken for what was pushed.
    assert pushed.push().code == 4
    assert pushed.fake.store.rules["few-orders"]["for"] == "1h0m0s"


def test_a_rollback_keeps_the_edit_of_another_rule(pushed: Project) -> None:
    pushed.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    assert pushed.push().code == 0
    _edit(pushed, "few-orders", isPaused=True)
    done = pushed.run("rollback", "--url", pushed.fake.url)
    assert done.code == 0, done.stdout + done.stderr
    rules = pushed.fake.store.rules
    assert (rules["many-errors"]["for"][:2], rules["few-orders"]["isPaused"]) == ("5m", True)


def test_status_names_the_edited_rule(pushed: Project) -> None:
    _edit(pushed, "few-orders", isPaused=True)
    for change in ((), ("specs/alerts.yaml", "for: 5m", "for: 6m")):
        if change:
            pushed.change(*change)
        shown = pushed.run("status", "--url", pushed.fake.url)
        assert shown.code == 4, shown.stdout
        assert "it was edited in Grafana since the last push: FewOrders" in shown.stdout


def test_status_tells_of_a_rule_in_no_group(tmp_path: Any) -> None:
    with FakeGrafana(version="13.3.0") as fake:
        project = Project(tmp_path, fake)
        assert project.push().code == 0
        lone = {"uid": "lone", "title": "Lone", "ruleGroup": f"{NO_GROUP}lone"}
        fake.store.rules["lone"] = {**fake.store.rules["few-orders"], **lone}
        shown = project.run("status", "--url", fake.url, "--unmanaged")
        assert "alert rule `Lone`: it is in no group, and was made by hand" in shown.stdout, shown
        fake.log.clear()
        assert (project.push().code, fake.log.writes) == (0, [])


def test_a_group_that_is_renamed_keeps_its_rules(pushed: Project) -> None:
    numbers = {uid: one["id"] for uid, one in pushed.fake.store.rules.items()}
    pushed.change("specs/alerts.yaml", "group: shop-health", "group: a-new-name")
    pushed.fake.log.clear()
    done = pushed.push()
    assert done.code == 0, done.stdout
    assert {uid: one["id"] for uid, one in pushed.fake.store.rules.items()} == numbers
    assert {one["ruleGroup"] for one in pushed.fake.store.rules.values()} == {"a-new-name"}
    assert not [call for call in pushed.fake.log.writes if call.method == "DELETE" and "rule" in call.path]
    pushed.fake.log.clear()
    assert (pushed.push().code, pushed.fake.log.writes) == (0, [])


@pytest.mark.parametrize("whole", [True, False], ids=["every rule", "one rule"])
def test_rules_that_cannot_arrive_stay_where_they_are(pushed: Project, whole: bool) -> None:
    pushed.write("specs/two.yaml", TWO_GROUPS)
    assert pushed.push().code == 0
    groups = {uid: one["ruleGroup"] for uid, one in pushed.fake.store.rules.items()}
    if whole:
        pushed.change("specs/two.yaml", "group: a-first", "group: new-name")
    else:
        line = "  - {alert: Moves, query: up, when: below 1}\n"
        pushed.write("specs/two.yaml", TWO_GROUPS.replace(line, "") + line)
    path = "/(new-name|b-second)$"
    pushed.fake.fail(Fault(FaultKind.STATUS, When.BEFORE, status=400, method="PUT", path=path))
    done = pushed.push()
    assert done.code == 1
    assert "what moves from it has not arrived" in done.stdout
    assert {uid: one["ruleGroup"] for uid, one in pushed.fake.store.rules.items()} == groups
    pushed.fake.faults.clear()
    done = pushed.push()
    assert done.code == 0, done.stdout
    assert pushed.fake.store.rules["moves"]["ruleGroup"] == ("new-name" if whole else "b-second")


@pytest.mark.parametrize(("count", "is_kept"), [(50, True), (3000, False)])
def test_a_note_keeps_no_parts_of_a_very_large_group(count: int, is_kept: bool) -> None:
    with FakeGrafana() as fake, connect(fake) as grafana:
        checksums = {f"rule-{number}/title": "0123456789ab" for number in range(count)}
        Ledger(grafana).confirm((RULE_GROUP, "f/g"), f"{SCHEME}x", checksums)
        (note,) = fake.store.annotations.values()
        assert ("rule-7/title" in note["text"], len(note["text"]) < 60_000) == (is_kept, True)


def test_rules_stay_when_the_group_that_takes_them_is_in_conflict(pushed: Project) -> None:
    pushed.write("specs/two.yaml", TWO_GROUPS)
    assert pushed.push().code == 0
    line = "  - {alert: Moves, query: up, when: below 1}\n"
    pushed.write(
        "specs/two.yaml",
        TWO_GROUPS.replace(line, "").replace("alert: Other, query: up", "alert: Other, query: up + 1") + line,
    )
    _edit(pushed, "other", condition="B", data=[*pushed.fake.store.rules["other"]["data"][:1]])
    pushed.fake.store.rules["other"]["data"][0]["model"]["expr"] = "theirs"
    done = pushed.push()
    assert done.code == 4, done.stdout
    assert "what moves from it has not arrived" in done.stdout
    assert pushed.fake.store.rules["moves"]["ruleGroup"] == "a-first"
