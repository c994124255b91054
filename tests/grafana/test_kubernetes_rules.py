"""Rules over the API that has a resource for each: what goes through it, and what has to go through the other one."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana
from dashgen.servers.grafana.alert_rules_api import AlertRulesApi, RuleGroup
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.grafana_errors import RefusedError
from dashgen.servers.grafana.kubernetes_rules import KubernetesAlertRules
from dashgen.servers.grafana.rule_forms import comparable, seconds
from dashgen.servers.grafana.rule_resources import duration, plural_of, read_rule, resource_of
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.accounts import ACTIONS, Actor
from tests.grafana.fake.rules_api import NO_GROUP
from tests.grafana.fake.wire import Call
from tests.grafana.support import connect, rule

RECORDING = {
    "uid": "rec",
    "title": "Orders",
    "record": {"metric": "shop:orders", "from": "A", "target_datasource_uid": "prometheus"},
    "condition": "",
    "labels": {"team": "shop"},
    "data": rule("rec")["data"],
}
THREE = RuleGroup("f", "service", 60, (RECORDING, rule("r1", "One"), rule("r2", "Two")))


@pytest.fixture(params=["13.0.1", "13.3.0"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeGrafana]:
    with FakeGrafana(version=request.param) as grafana:
        yield grafana


@pytest.fixture
def grafana(fake: FakeGrafana) -> Iterator[Grafana]:
    with connect(fake) as client:
        client.folders.create(LiveFolder("f", "F"))
        yield client


@pytest.fixture
def stored(fake: FakeGrafana, grafana: Grafana) -> RuleGroup:
    group = grafana.alert_rules.put(THREE, None)
    fake.log.clear()
    return group


def _with(group: RuleGroup, uid: str, **changes: Any) -> RuleGroup:
    return replace(
        group, rules=tuple({**one, **changes} if one["uid"] == uid else one for one in group.rules)
    )


def _writes(fake: FakeGrafana) -> list[str]:
    return [f"{call.method} {call.path.rpartition('/')[2]}" for call in fake.log.writes]


@pytest.mark.parametrize(
    ("version", "api", "spoken"),
    [("12.4.3", AlertRulesApi, ""), ("13.0.1", KubernetesAlertRules, "v0alpha1"), ("13.3.0", KubernetesAlertRules, "v1beta1")],
)  # fmt: skip
def test_the_newest_served_version_is_spoken(version: str, api: type, spoken: str) -> None:
    with FakeGrafana(version=version) as fake, connect(fake) as grafana:
        assert type(grafana.alert_rules) is api
        grafana.alert_rules.list_all()
        paths = [call.path for call in fake.log if "alertrules" in call.path]
        assert [path.split("/")[3] for path in paths] == ([spoken] if spoken else [])


def test_groups_are_read_in_their_order_with_one_listing_of_each_kind(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup
) -> None:
    assert stored.uids == ("rec", "r1", "r2")
    assert stored.fingerprint == THREE.fingerprint
    assert grafana.alert_rules.groups() == [stored]
    assert grafana.alert_rules.groups(["other"]) == []
    assert (
        sorted(call.path.rpartition("/")[2] for call in fake.log)
        == ["alertrules"] * 2 + ["recordingrules"] * 2
    )


def test_a_changed_rule_is_written_alone(fake: FakeGrafana, grafana: Grafana, stored: RuleGroup) -> None:
    others = [deepcopy(fake.store.rules[uid]) for uid in ("rec", "r2")]
    grafana.alert_rules.put(_with(stored, "r1", **{"for": "10m"}), stored)
    assert _writes(fake) == ["PUT r1"]
    sent = fake.log.writes[0].json["metadata"]
    assert sent["resourceVersion"] == stored.resources["r1"].metadata["resourceVersion"]
    assert seconds(fake.store.rules["r1"]["for"]) == 600
    assert [fake.store.rules[uid] for uid in ("rec", "r2")] == others


def test_a_recording_rule_is_written_alone(fake: FakeGrafana, grafana: Grafana, stored: RuleGroup) -> None:
    record = {**RECORDING["record"], "metric": "shop:orders:new"}
    grafana.alert_rules.put(_with(stored, "rec", record=record), stored)
    assert _writes(fake) == ["PUT rec"]
    assert fake.log.writes[0].path.split("/")[-2] == "recordingrules"
    assert fake.store.rules["rec"]["record"]["metric"] == "shop:orders:new"


def test_a_rule_that_is_left_out_is_deleted_alone(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup
) -> None:
    grafana.alert_rules.put(replace(stored, rules=stored.rules[:2]), stored)
    assert _writes(fake) == ["DELETE r2"]
    assert list(fake.store.rules) == ["rec", "r1"]


@pytest.mark.parametrize(
    "group",
    [
        replace(THREE, interval=120),
        replace(THREE, rules=(*THREE.rules, rule("r3", "Three"))),
        replace(THREE, rules=THREE.rules[::-1]),
        replace(THREE, rules=(RECORDING, rule("r1", "Two"), rule("r2", "One"))),
        replace(THREE, rules=(rule("rec", "Orders"), *THREE.rules[1:])),
    ],
    ids=["interval", "new rule", "order", "swapped titles", "another kind"],
)
def test_what_the_resources_cannot_say_goes_through_the_group(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup, group: RuleGroup
) -> None:
    after = grafana.alert_rules.put(group, stored)
    assert _writes(fake) == ["PUT service"]
    assert after.fingerprint == group.fingerprint
    assert grafana.alert_rules.get("f", "service") == after


def test_rules_beside_the_changed_one_keep_the_edits_of_others(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup
) -> None:
    fake.store.rules["r2"]["title"] = "Edited by a person"
    grafana.alert_rules.put(_with(stored, "r1", **{"for": "10m"}), stored)
    assert _writes(fake) == ["PUT r1"]
    assert fake.store.rules["r2"]["title"] == "Edited by a person"


@pytest.mark.parametrize(
    ("meddle", "words"),
    [
        (lambda one: one.update(title="Edited"), "alert rule `One` was changed in the meantime"),
        (lambda one: one.update(ruleGroup="other"), "alert rule `One` was moved to group `other`"),
    ],
    ids=["changed", "moved"],
)
def test_the_same_rule_changed_by_others_is_a_conflict_that_names_it(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup, meddle: Any, words: str
) -> None:
    meddle(fake.store.rules["r1"])
    before = deepcopy(fake.store.rules)
    for wanted in (
        _with(stored, "r1", **{"for": "10m"}),
        replace(stored, rules=(RECORDING, rule("r2", "Two"))),
    ):
        with pytest.raises(ConflictError, match=words) as caught:
            grafana.alert_rules.put(wanted, stored)
        assert caught.value.kind is ConflictKind.VERSION
    assert fake.store.rules == before


def test_a_rule_that_was_deleted_meanwhile_is_a_conflict(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup
) -> None:
    del fake.store.rules["r1"]
    with pytest.raises(ConflictError, match="`One` was deleted in the meantime"):
        grafana.alert_rules.put(_with(stored, "r1", **{"for": "10m"}), stored)
    # Of a deletion nothing is left to do.
    grafana.alert_rules.put(replace(stored, rules=(RECORDING, rule("r2", "Two"))), stored)


@pytest.mark.parametrize("provenance", ["file", "converted_prometheus"])
def test_what_somebody_else_manages_is_left_alone(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup, provenance: str
) -> None:
    # Over this API Grafana itself deletes what files provision, so dashgen has to look.
    fake.store.rules["r1"]["provenance"] = provenance
    for wanted in (
        _with(stored, "r1", **{"for": "10m"}),
        replace(stored, rules=(RECORDING, rule("r2", "Two"))),
    ):
        with pytest.raises(ConflictError, match="is managed by") as caught:
            grafana.alert_rules.put(wanted, stored)
        assert caught.value.kind is ConflictKind.MANAGED
    assert fake.log.writes == []
    (group,) = grafana.alert_rules.groups()
    assert group.marks.manager is not None


def test_the_marks_of_a_manager_that_yields_are_kept(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.alert_rules.put(THREE, None)
    fake.store.rules["r1"]["provenance"] = "api"
    (group,) = grafana.alert_rules.groups()
    grafana.alert_rules.put(_with(group, "r1", **{"for": "10m"}), group)
    assert fake.store.rules["r1"]["provenance"] == "api"
    assert seconds(fake.store.rules["r1"]["for"]) == 600


def test_what_grafana_refuses_is_told_as_such_and_not_as_a_lack_of_permissions(
    grafana: Grafana, stored: RuleGroup
) -> None:
    wanted = _with(stored, "r1", notification_settings={"receiver": "nobody"})
    with pytest.raises(RefusedError, match=r"refuses alert rule `One`: .*receiver nobody does not exist"):
        grafana.alert_rules.put(wanted, stored)


def test_a_rule_of_a_sequence_stays_and_the_reason_is_told(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup
) -> None:
    fake.store.sequences["r2"] = "chain"
    with pytest.raises(ConflictError, match="belongs to rule sequence") as caught:
        grafana.alert_rules.put(replace(stored, rules=stored.rules[:2]), stored)
    assert caught.value.kind is ConflictKind.IN_USE


def test_rules_without_a_group_are_in_no_group(
    fake: FakeGrafana, grafana: Grafana, stored: RuleGroup
) -> None:
    fake.store.rules["lone"] = {**fake.store.rules["r1"], "uid": "lone", "ruleGroup": f"{NO_GROUP}lone"}
    assert grafana.alert_rules.groups() == [stored]
    assert next(r for r in grafana.alert_rules.list_all() if r["uid"] == "lone")["ruleGroup"] == ""


@pytest.mark.parametrize("reads", [True, False])
def test_an_account_that_may_only_use_the_provisioning_api_uses_that(fake: FakeGrafana, reads: bool) -> None:
    actions = [action for action in ACTIONS["Admin"] if not action.startswith("alert.rules:")]
    actions += ["alert.rules:read"] if reads else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ACTIONS, "Provisioner", tuple(actions))
        fake.accounts.tokens["t"] = Actor("sa", "Provisioner")
        with connect(fake, "t") as grafana:
            grafana.folders.create(LiveFolder("f", "F"))
            stored = grafana.alert_rules.put(THREE, None)
            grafana.alert_rules.put(_with(stored, "r1", **{"for": "10m"}), stored)
            assert [group.uids for group in grafana.alert_rules.groups()] == [("rec", "r1", "r2")]
            grafana.alert_rules.delete(grafana.alert_rules.groups()[0])
    assert not fake.store.rules
    done = [call for call in fake.log.writes if call.status != 403]
    assert all(call.path.startswith("/api/") for call in done)


def test_listings_are_read_page_by_page(fake: FakeGrafana, grafana: Grafana) -> None:
    many = tuple(rule(f"r{number}", f"Rule {number}") for number in range(450))
    stored = grafana.alert_rules.put(replace(THREE, rules=many), None)
    assert len(stored.rules) == 450
    assert stored.uids == tuple(f"r{number}" for number in range(450))


# --- the fake itself ---


def _ask(fake: FakeGrafana, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    version = "v1beta1" if fake.config.version >= "13.3" else "v0alpha1"
    target = f"/apis/rules.alerting.grafana.app/{version}/namespaces/default/{path}"
    headers = {"Authorization": f"Bearer {fake.admin_token}"}
    content = json.dumps(body).encode() if body is not None else b""
    answer = fake.serve(Call(method, target, {}, headers, content))
    return answer.status, answer.body


def _resource(fake: FakeGrafana, uid: str) -> Any:
    return deepcopy(_ask(fake, "GET", f"alertrules/{uid}")[1])


@pytest.mark.usefixtures("stored")
def test_the_fake_knows_versions_since_13_3(fake: FakeGrafana) -> None:
    old = _resource(fake, "r1")
    fake.store.rules["r1"]["title"] = "Edited"
    expected = 409 if fake.config.version >= "13.3" else 200
    assert _ask(fake, "PUT", "alertrules/r1", old)[0] == expected
    options = {"preconditions": {"resourceVersion": "1"}}
    assert _ask(fake, "DELETE", "alertrules/r1", options)[0] == expected


@pytest.mark.usefixtures("stored")
def test_the_fake_refuses_what_grafana_does_and_keeps_the_interval(fake: FakeGrafana) -> None:
    body = _resource(fake, "r1")
    body["metadata"]["name"] = "new"
    status, answer = _ask(fake, "POST", "alertrules", body)
    assert (status, answer["message"].partition("forbidden: ")[2]) == (
        403,
        "cannot set group when creating a new rule",
    )
    del body["metadata"]["labels"]
    assert _ask(fake, "POST", "alertrules", body)[0] == 201
    body = _resource(fake, "new")
    body["metadata"]["labels"] |= {"grafana.com/group": "service", "grafana.com/group-index": "7"}
    assert "un-grouped" in _ask(fake, "PUT", "alertrules/new", body)[1]["message"]
    body = _resource(fake, "r1")
    body["spec"]["trigger"]["interval"] = "5m"
    assert _ask(fake, "PUT", "alertrules/r1", body)[1]["spec"]["trigger"]["interval"] == "1m"
    body = _resource(fake, "r1")
    body["spec"]["noDataState"] = "OK"
    assert "is not one of the allowed values" in _ask(fake, "PUT", "alertrules/r1", body)[1]["message"]


@pytest.mark.usefixtures("stored")
def test_the_fake_moves_a_rule_by_its_number_and_its_group(fake: FakeGrafana, grafana: Grafana) -> None:
    body = _resource(fake, "r2")
    body["metadata"]["labels"]["grafana.com/group-index"] = "-1"
    assert _ask(fake, "PUT", "alertrules/r2", body)[0] == 200
    assert [r["uid"] for r in fake.store.rules.values()] == ["r2", "rec", "r1"]
    body = _resource(fake, "r2")
    body["metadata"]["labels"]["grafana.com/group"] = "other"
    assert _ask(fake, "PUT", "alertrules/r2", body)[0] == 200
    assert {group.title: group.uids for group in grafana.alert_rules.groups()} == {
        "service": ("rec", "r1"),
        "other": ("r2",),
    }


# --- the two forms ---


_TEXT = st.text("abcäß🚀 -{}$\"'", max_size=8)
_LENGTHS = st.sampled_from(["", "0s", "30s", "5m", "1h30m", "2d"])
_ROUTINGS = st.one_of(
    st.none(),
    st.just({"policy": "tree"}),
    st.fixed_dictionaries(
        {"receiver": st.just("ops")},
        optional={
            "group_by": st.just(["alertname", "..."]),
            "group_wait": st.sampled_from(["30s", "5m"]),
            "mute_time_intervals": st.just(["weekend"]),
            "active_time_intervals": st.just(["office"]),
        },
    ),
)
_RULES = st.builds(
    lambda **fields: {**rule("u"), **fields},
    title=_TEXT,
    **{"for": _LENGTHS},
    keep_firing_for=_LENGTHS,
    noDataState=st.sampled_from(["OK", "NoData", "Alerting", "KeepLast"]),
    execErrState=st.sampled_from(["OK", "Error", "Alerting", "KeepLast"]),
    isPaused=st.booleans(),
    labels=st.dictionaries(_TEXT.filter(bool), _TEXT.filter(bool), max_size=3),
    annotations=st.dictionaries(_TEXT.filter(bool), _TEXT.filter(bool), max_size=3).flatmap(
        lambda texts: st.sampled_from([texts, {**texts, "__dashboardUid__": "shop", "__panelId__": "4"}])
    ),
    missingSeriesEvalsToResolve=st.sampled_from([None, 1, 5]),
    notification_settings=_ROUTINGS,
)


@given(one=st.one_of(_RULES, st.just(RECORDING)), version=st.sampled_from(["v0alpha1", "v1beta1"]))
def test_a_rule_written_as_a_resource_reads_as_the_same_rule(one: Any, version: str) -> None:
    metadata = {"name": one["uid"], "labels": {"grafana.com/group": "g", "grafana.com/group-index": "3"}}
    plural = plural_of(one)
    live = read_rule({"metadata": metadata, "spec": {"trigger": {"interval": "90s"}}}, plural)
    resource = resource_of(one, live, version)
    again = read_rule(resource, plural)
    assert comparable(again.rule) == comparable(one)
    assert (again.interval, again.index, again.place) == (90, 3, ("", "g"))
    # What was read is written back as it is.
    assert resource_of(again.rule, again, version) == resource


@pytest.mark.parametrize("length", [0, 1, 59, 60, 90, 3600, 5400, 86_400, 90_061])
def test_a_duration_is_spelled_as_it_is_read(length: int) -> None:
    assert seconds(duration(length)) == length
