"""Every word of Grafana's JSON and of other tools gets the hint that leads to the word of the spec language."""

from pathlib import Path

import pytest

from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.model.alert_rules import AlertRule, AlertRules, RecordingRule
from dashgen.model.base import Spec
from dashgen.model.dashboard_spec import Dashboard, DashboardAnnotation, DashboardLink
from dashgen.model.data_source_spec import DataSource
from dashgen.model.metrics_spec import Metric
from dashgen.model.notification_spec import (
    InhibitionRule,
    Interval,
    MuteTiming,
    Notifications,
    Policies,
    Route,
)
from dashgen.model.panel_spec import Gradient, Link, Override
from dashgen.model.parse import schema_of
from dashgen.model.receivers import ContactPoint
from dashgen.model.section_spec import Row, Tab
from dashgen.model.target_spec import Query
from dashgen.model.variable_spec import VARIABLE_TYPES
from dashgen.model.visibility_spec import AutoLayout, ShowCondition
from dashgen.source.load import load_text
from dashgen.source.other_keys import KEYS
from dashgen.source.other_words import PANEL_TYPES, VALUES, key_hint, panel_type_hint, value_hint
from dashgen.source.schema_errors import schema_problems
from tests.project.project import Project

MODELS: dict[str, list[type[Spec]]] = {
    "panel": [PluginPanel, *panel_types().values()],
    "chart": list(panel_types().values()),
    "query": [Query],
    "dashboard": [Dashboard],
    "row": [Row],
    "tab": [Tab],
    "gradient": [Gradient],
    "layout": [AutoLayout],
    "condition": [ShowCondition],
    "variable": list(VARIABLE_TYPES.values()),
    "override": [Override],
    "annotation": [DashboardAnnotation],
    "link": [Link, DashboardLink],
    "alert": [AlertRule],
    "recording rule": [RecordingRule],
    "rule group": [AlertRules],
    "contact point": [ContactPoint],
    "policy": [Route, Policies],
    "mute timing": [MuteTiming, Interval],
    "inhibition rule": [InhibitionRule],
    "notifications": [Notifications],
    "data source": [DataSource],
    "metric": [Metric],
}
ENTRIES = [(part, word) for part, words in KEYS.items() for word in words]


def keys_of(model: type[Spec]) -> set[str]:
    schema = schema_of(model)
    return set(schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]["properties"])


@pytest.mark.parametrize(("part", "word"), ENTRIES, ids=[f"{part}-{word.theirs}" for part, word in ENTRIES])
def test_each_entry_leads_to_keys_that_exist_and_is_no_key_itself(part: str, word) -> None:
    known = [keys_of(model) for model in MODELS[part]]
    for name in filter(None, word.ours):
        assert any(name in keys for keys in known), f"no {part} has the key `{name}`"
    assert not all(word.theirs in keys for keys in known), f"every {part} has the key `{word.theirs}` itself"
    assert any(
        key_hint(word.theirs, model.__name__, keys) == word.hint
        for model, keys in zip(MODELS[part], known, strict=True)
        if word.theirs not in keys
    )


@pytest.mark.parametrize("theirs", PANEL_TYPES)
def test_each_word_for_a_panel_type_leads_to_one_that_exists(theirs: str) -> None:
    assert PANEL_TYPES[theirs] in panel_types()
    assert panel_type_hint(theirs, panel_types()) == f"did you mean `{PANEL_TYPES[theirs]}`?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("time-series", "timeseries"), ("bar-gauge", "bargauge"), ("bar-chart", "barchart"), ("heat-map", "heatmap"),
        ("pie-chart", "piechart"), ("timeSeries", "timeseries"), ("statetimeline", "state-timeline"), ("state_timeline", "state-timeline"),
        ("node-graph", "nodeGraph"), ("nodegraph", "nodeGraph"), ("time-serie", "timeseries"), ("flame-graph", "flamegraph"),
        ("alert-list", "alertlist"), ("status-histroy", "status-history"), ("xy-chart", "xychart"), ("Stat", "stat"),
    ],
)  # fmt: skip
def test_near_misses_of_a_panel_type_are_recognised(written: str, meant: str) -> None:
    assert panel_type_hint(written, panel_types()) == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    "plugin",
    ["volkovlabs-echarts-panel", "marcusolsson-dynamictext-panel", "yesoreyeram-boomtable-panel",
     "nline-plotlyjs-panel", "isovalent-hubble-panel", "volkovlabs-table-panel", "esnet-matrix-panel", "orchestracities-map-panel"],
)  # fmt: skip
def test_the_id_of_a_plugin_is_no_near_miss(plugin: str) -> None:
    assert panel_type_hint(plugin, panel_types()) == ""


def test_a_row_is_no_panel() -> None:
    assert "rows:" in panel_type_hint("row", panel_types())


@pytest.mark.parametrize(("theirs", "ours"), VALUES.items())
def test_each_value_leads_to_the_choice_it_stands_for(theirs: str, ours: str) -> None:
    assert value_hint(theirs, [ours, "other"]) == f"did you mean `{ours}`?"
    assert value_hint(theirs, ["other"]) == ""


@pytest.mark.parametrize(
    ("key", "title", "known", "hint"),
    [
        ("lineWidth", "X", ["line_width"], "did you mean `line_width`?"),
        ("LineWidth", "X", ["line_width"], "did you mean `line_width`?"),
        ("line-width", "X", ["line_width"], "did you mean `line_width`?"),
        ("nothing", "X", ["line_width"], ""),
        ("expr", "Unknown", ["query"], ""),
    ],
)
def test_keys_that_differ_in_form_only_need_no_entry(
    key: str, title: str, known: list[str], hint: str
) -> None:
    assert key_hint(key, title, known) == hint


@pytest.mark.parametrize(
    ("panel", "hint"),
    [
        ("{datasource: {type: loki, uid: logs}}", "write `loki/logs`"),
        ("{datasource: {uid: logs}}", "write `logs`"),
        ("{datasource: {type: loki, uid: '${ds}'}}", "write `$ds`"),
        ("{legend: {displayMode: table, placement: right}}", "write `legend_mode:`"),
        ("{legend: {showLegend: false}}", "write `legend_mode:`"),
        ("{color: {mode: fixed, fixedColor: red}}", "write `red`"),
        ("{color: {mode: palette-classic}}", "write `palette-classic`"),
        ("{links: {list: [{title: a, url: b}]}}", "write what is in its `list`"),
    ],
)
def test_an_object_of_grafanas_json_gets_the_form_of_the_spec(panel: str, hint: str) -> None:
    data = load_text("specs/a.yaml", f"title: T\n{panel[1:-1]}\n").documents[0].data
    problems = list(schema_problems(schema_of(panel_types()["timeseries"]), data))
    assert [problem.rule for problem in problems] == ["spec/type"]
    assert problems[0].hint.startswith(hint)


def test_a_panel_of_an_unknown_type_is_searched_for_grafanas_json(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    panel = "{title: A, type: graph, targets: [{expr: up}], gridPos: {x: 0}, lineWdth: 2}"
    project.write("specs/a.yaml", f"kind: Dashboard\nuid: a\ntitle: A\npanels: [{panel}]\n")
    messages = [one.message for one in project.build().diagnostics]
    assert messages == [
        "Grafana does not run panels of type `graph` any more",
        "unknown key `targets`",
        "unknown key `gridPos`",
    ]
