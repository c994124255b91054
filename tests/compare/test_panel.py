import pytest

from tests.compare.support import PROMETHEUS, changed, dashboard, panel, row, said

PANEL = panel(
    1,
    "P95 latency",
    targets=[
        {"refId": "A", "datasource": PROMETHEUS, "expr": "rate(x_total[5m])", "legendFormat": "{{job}}"}
    ],
    fieldConfig={
        "defaults": {
            "unit": "s",
            "thresholds": {
                "mode": "absolute",
                "steps": [{"color": "green", "value": None}, {"color": "yellow", "value": 0.9}],
            },
            "mappings": [{"type": "value", "options": {"0": {"text": "down", "color": "red"}}}],
            "custom": {"fillOpacity": 10},
        },
        "overrides": [
            {
                "matcher": {"id": "byName", "options": "errors"},
                "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}}],
            }
        ],
    },
    transformations=[{"id": "reduce", "options": {"mode": "rows"}}, {"id": "organize", "options": {}}],
    links=[{"title": "Runbook", "url": "https://a"}],
    description="Slow",
    options={},
)
STEPS = "fieldConfig.defaults.thresholds.steps"

CASES = [
    ("title", "P95", 'renamed from "P95 latency"'),
    ("description", "Slower", "description Slow → Slower"),
    ("description", ..., "description Slow removed"),
    ("type", "stat", "type timeseries → stat"),
    ("id", 7, "has a new id, which links and alerts need"),
    ("datasource", {"type": "prometheus", "uid": "mimir"}, "data source prometheus → mimir"),
    ("transparent", True, "transparent background on"),
    ("repeat", "job", "repeated for set to job"),
    ("interval", "30s", "min interval set to 30s"),
    ("maxDataPoints", 100, "max data points set to 100"),
    ("timeFrom", "1h", "own time range set to 1h"),
    ("targets.0.expr", "rate(x_total[$__rate_interval])", "query A changed `rate(x_total[5m])` → `rate(x_total[$__rate_interval])`"),
    ("targets.0.expr", "rate( x_total[5m] )", "query A changed `rate(x_total[5m])` → `rate( x_total[5m] )`"),
    ("targets.0.legendFormat", "{{pod}}", "query A legend {{job}} → {{pod}}"),
    ("targets.0.legendFormat", ..., "query A legend {{job}} removed"),
    ("targets.0.hide", True, "query A hidden"),
    ("targets.0.interval", "1m", "query A min step set to 1m"),
    ("targets.0.format", "table", "query A format set to table"),
    ("targets.0.instant", True, "query A mode range → instant"),
    ("targets.0.exemplar", True, "query A exemplars on"),
    ("targets.0.foo", {"bar": 1}, "query A foo.bar: not set → 1"),
    ("targets.1", {"refId": "B", "expr": "up"}, "query B added `up`"),
    ("fieldConfig.defaults.unit", "ms", "unit s → ms"),
    ("fieldConfig.defaults.decimals", 2, "decimals set to 2"),
    ("fieldConfig.defaults.max", 1, "max set to 1"),
    ("fieldConfig.defaults.noValue", "none yet", 'text without a value set to "none yet"'),
    ("fieldConfig.defaults.color", {"mode": "fixed"}, "colour mode set to fixed"),
    ("fieldConfig.defaults.custom.fillOpacity", 20, "fill 10 → 20"),
    ("fieldConfig.defaults.custom.lineWidth", 2, "line width set to 2"),
    ("fieldConfig.defaults.custom.strange", 2, "fieldConfig.defaults.custom.strange: not set → 2"),
    (f"{STEPS}.1.value", 0.92, "threshold yellow 0.9 → 0.92"),
    (f"{STEPS}.1.color", "orange", "threshold 0.9 yellow → orange"),
    (f"{STEPS}.0.color", "blue", "base colour green → blue"),
    (f"{STEPS}.2", {"color": "red", "value": 2}, "threshold red 2 added"),
    (f"{STEPS}.1", ..., "threshold yellow 0.9 removed"),
    ("fieldConfig.defaults.thresholds.mode", "percentage", "thresholds as percentages"),
    ("fieldConfig.defaults.thresholds", ..., "thresholds removed: green, yellow 0.9"),
    ("fieldConfig.defaults.mappings.0.options.0.text", "off", 'mapping of 0 "down" red → "off" red'),
    ("fieldConfig.defaults.mappings.0.options.1", {"text": "up"}, 'mapping of 1 to "up" added'),
    ("fieldConfig.defaults.mappings", [], 'mapping of 0 to "down" red removed'),
    (
        "fieldConfig.defaults.mappings.1",
        {"type": "range", "options": {"from": 1, "to": None, "result": {"text": "some"}}},
        'mapping of 1 to ∞ to "some" added',
    ),
    ("fieldConfig.overrides.0.properties.0.value.fixedColor", "blue", "override of field errors: color red → blue"),
    ("fieldConfig.overrides.0.properties.1", {"id": "unit", "value": "short"}, "override of field errors: unit set to short"),
    ("fieldConfig.overrides", [], "override of field errors removed: color red"),
    ("options.legend.placement", "right", "legend placement set to right"),
    ("options.legend.showLegend", False, "legend off"),
    ("options.legend.calcs", ["max", "mean"], "legend values set to max, mean"),
    ("options.x", {"y": "a"}, "options.x.y: not set → a"),
    ("transformations.0.options.mode", "fields", "transformation reduce options.mode: rows → fields"),
    ("transformations.0.disabled", True, "transformation reduce switched off"),
    ("transformations.2", {"id": "merge"}, "transformation merge added"),
    ("transformations.1", ..., "transformation organize removed"),
    ("transformations", [{"id": "organize"}, {"id": "reduce", "options": {"mode": "rows"}}], "transformations in another order: organize, reduce"),
    ("links.0.url", "https://b", 'link "Runbook" address https://a → https://b'),
    ("links.0.title", "Book", 'link "Runbook" renamed to "Book"'),
    ("links.1", {"title": "Logs", "url": "/x"}, 'link "Logs" added'),
    ("links", [], 'link "Runbook" removed'),
    ("strange", {"a": [1]}, "strange.a: not set → 1"),
    ("gridPos.w", 8, "resized 12×8 → 8×8"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "sentence"), CASES, ids=[f"{path}={value}" for path, value, _ in CASES]
)
def test_one_edit_of_a_panel_is_one_sentence(path, value, sentence):
    after = changed(PANEL, path, value)
    name = after.get("title")
    if path == "datasource":
        after = changed(after, "targets.0.datasource", value)
    assert said(dashboard(PANEL), dashboard(after)) == [f'panel "{name}": {sentence}']


def test_a_query_with_another_letter_is_the_same_query():
    after = changed(PANEL, "targets", [{"refId": "A", "expr": "new"}, {**PANEL["targets"][0], "refId": "B"}])
    assert said(dashboard(PANEL), dashboard(after)) == [
        'panel "P95 latency": query A is now B',
        'panel "P95 latency": query A added `new`',
    ]


def test_panels_of_one_title_are_told_apart_by_their_rows():
    def made(unit):
        second = panel(4, "Rate", y=10, fieldConfig={"defaults": {"unit": unit}})
        return dashboard(row(1, "A", 0), panel(2, "Rate", y=1), row(3, "B", 9), second)

    assert said(made("s"), made("ms")) == ['panel "Rate" in row "B": unit s → ms']


def test_a_panel_without_a_title_is_called_by_its_type():
    before, after = (
        dashboard(panel(1, "", fieldConfig={"defaults": {"unit": unit}})) for unit in ("s", "ms")
    )
    assert said(before, after) == ["panel without a title (timeseries): unit s → ms"]
