"""Specs as authors change them, and edits as people make them in Grafana's UI, at random."""

from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st

from dashgen.servers.grafana.rule_forms import seconds
from dashgen.sync.push.ledger import TAG
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.ui_saves import save_in_editor
from tests.sync.fault_stage import saves_in_v2

_NAMES: Final = st.text("abcäß🚀 -/\"'{}$%<>&", min_size=1, max_size=12).map(lambda text: f"x{text}x")
_PLAIN: Final = st.text("abcxyz", min_size=1, max_size=6)

SPEC_CHANGES: Final = (
    ("specs/shop.yaml", "query: up", "query: up == 1"),
    ("specs/shop.yaml", "green: 0.9", "green: 0.95"),
    ("specs/shop.yaml", "title: Orders", "title: All orders"),
    ("specs/shop.yaml", "folder: Sales", "folder: Sales/Alerts"),
    ("specs/alerts.yaml", "for: 5m", "for: 6m"),
    ("specs/alerts.yaml", "interval: 1m", "interval: 2m"),
    ("specs/alerts.yaml", "for: 10m", "for: 11m"),
    ("specs/alerts.yaml", "summary: few orders", "summary: fewer orders"),
    ("specs/notices.yaml", "office@example.com", "desk@example.com"),
    ("specs/notices.yaml", ".Status", ".Receiver"),
    ("specs/notices.yaml", "[saturday, sunday]", "[sunday]"),
    ("specs/notices.yaml", "severity: critical", "severity: page"),
    ("specs/sources.yaml", "prometheus:9090", "prometheus:9091"),
    ("specs/events.yaml", "title: Sale", "title: Summer sale"),
)
"""Each a file, what stands there, and what an author writes instead."""

EDITS: Final = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["shop", "plain"]), st.just("title"), _NAMES),
        st.tuples(st.sampled_from(["shop", "plain"]), st.just("refresh"), st.sampled_from(["7s", "3m"])),
        st.tuples(
            st.sampled_from(["shop", "plain"]), st.just("tags"), st.lists(_PLAIN, min_size=1, max_size=3)
        ),
        st.tuples(st.just("shop"), st.just("panel"), _NAMES),
        st.tuples(st.just("shop"), st.just("fewer panels"), st.none()),
        st.tuples(st.just("shop"), st.just("query"), _PLAIN),
        st.tuples(st.just("shop"), st.just("moved panel"), st.integers(20, 40)),
        st.tuples(st.just("rules"), st.just("for"), st.sampled_from(["7m", "1h"])),
        st.tuples(
            st.just("rules"), st.just("labels"), st.dictionaries(_PLAIN, _PLAIN, min_size=1, max_size=2)
        ),
        st.tuples(st.just("rules"), st.just("isPaused"), st.just(True)),
        st.tuples(st.just("template"), st.just("template"), _PLAIN.map(lambda text: f"{{{{ {text!r} }}}}")),
        st.tuples(st.just("mute"), st.just("days"), st.sampled_from(["monday", "friday"])),
        st.tuples(st.just("policies"), st.just("group_by"), st.lists(_PLAIN, min_size=1, max_size=2)),
        st.tuples(st.just("office"), st.just("addresses"), _PLAIN.map(lambda text: f"{text}@mine.test")),
        st.tuples(st.just("prometheus"), st.just("url"), _PLAIN.map(lambda text: f"http://{text}:1")),
        st.tuples(st.just("folder"), st.just("title"), _NAMES),
        st.tuples(st.just("event"), st.just("text"), _NAMES),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda edit: edit[0],
)


def edit(fake: FakeGrafana, subject: str, key: str, value: Any) -> None:
    """Change something as a person does in the UI."""
    store = fake.store
    if subject in store.dashboards and saves_in_v2(fake):
        save_in_editor(store, subject, lambda spec: _edit_v2(spec, key, value))
    elif subject in store.dashboards:
        store.edit(subject, **_dashboard(store.dashboards[subject].spec, key, value))
    elif subject == "rules":
        _edited_rule(fake)[key] = value
    elif subject == "template":
        store.templates["short"] = {**store.templates["short"], "template": value, "version": "theirs"}
    elif subject == "mute":
        mine = {"time_intervals": [{"weekdays": [value]}], "version": "theirs"}
        store.mute_timings["weekend"] = {**store.mute_timings["weekend"], **mine}
    elif subject == "policies":
        store.policies = {**store.policies, key: value}
    elif subject == "office":
        store.contact_points["office-email"]["settings"][key] = value
    elif subject == "prometheus":
        store.data_sources[subject][key] = value
    elif subject == "folder":
        store.folders["sales"].title = value
    else:
        _event(fake)[key] = value


def _dashboard(spec: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    panels = deepcopy(spec["panels"])
    if key == "panel":
        panels[0]["title"] = value
    elif key == "fewer panels":
        panels = panels[:-1]
    elif key == "query":
        panels[0]["targets"][0]["expr"] = value
    elif key == "moved panel":
        # Moved down alone, it would be where Grafana packs it: a panel has to become narrower, too.
        panels[0]["gridPos"] = {**panels[0]["gridPos"], "y": value, "w": 7}
    else:
        return {key: value}
    return {"panels": panels}


def _edit_v2(spec: dict[str, Any], key: str, value: Any) -> None:
    """The same edit in the editor of a Grafana that stores schema v2."""
    items = spec["layout"]["spec"]["items"]
    first = spec["elements"][items[0]["spec"]["element"]["name"]]["spec"]
    if key == "panel":
        first["title"] = value
    elif key == "fewer panels":
        del spec["elements"][items.pop()["spec"]["element"]["name"]]
    elif key == "query":
        first["data"]["spec"]["queries"][0]["spec"]["query"]["spec"]["expr"] = value
    elif key == "moved panel":
        items[0]["spec"].update(y=value, width=7)
    elif key == "refresh":
        spec["timeSettings"]["autoRefresh"] = value
    else:
        spec[key] = value


def _event(fake: FakeGrafana) -> dict[str, Any]:
    return next(item for item in fake.store.annotations.values() if "event:sale" in item["tags"])


def _edited_rule(fake: FakeGrafana) -> dict[str, Any]:
    return min(fake.store.rules.values(), key=lambda rule: str(rule["uid"]))


def picture(fake: FakeGrafana, subject: str, key: str) -> Any:
    """What an edit is about, as it is there: of a rule only what was edited, as the rest may still be pushed."""
    store = fake.store
    if subject == "rules":
        value = _edited_rule(fake)[key]
        return seconds(value) if key == "for" else deepcopy(value)
    if subject in store.dashboards:
        return deepcopy((store.dashboards[subject].spec, store.dashboards[subject].folder_uid))
    result = {
        "template": store.templates, "mute": store.mute_timings, "policies": store.policies,
        "office": store.contact_points["office-email"], "prometheus": store.data_sources["prometheus"],
        "folder": store.folders["sales"].title, "event": [a for a in store.annotations.values() if TAG not in a["tags"]],
    }  # fmt: skip
    return deepcopy(result[subject])
