"""What the language can say, built and imported, builds to the same again."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dashgen.compile.lower.panels import panel_types
from dashgen.core.diagnostics import has_errors
from dashgen.importer.import_dashboard import Importer
from dashgen.source.load import load_text
from dashgen.source.resolve import resolve
from tests.importer.support import ROOT, imported, importer_for, rebuilt, small_project
from tests.property.strategies import as_yaml

CASES = sorted((ROOT / "tests" / "lower" / "panels").glob("*.yaml"))
KINDS = {cls.__module__.rpartition(".")[2]: kind for kind, cls in panel_types().items()}
NEEDED = frozenset({"type", "query", "queries", "content", "uid", "name", "url", "datasource"})
TITLES = ["A", "B", "Cost (24h)", "🚀", "", "a b", "${{ '${{' }} x }}", "CPU of ${node}", "null", "1e3"]
QUERIES = [
    'sum by (tier) (rate(x_total{job="a"}[5m]))', 'sum by (tier) (rate(x_total{job="b"}[5m]))', "up", "increase(y_total[1h])",
    "histogram_quantile(0.95, sum by (le) (rate(z_bucket[5m])))", "histogram_quantile(0.5, sum by (le) (rate(z_bucket[5m])))",
]  # fmt: skip
QUERY = st.fixed_dictionaries(
    {"query": st.sampled_from(QUERIES)},
    optional={
        "legend": st.sampled_from(["", "{{tier}}", "a", "b", "__auto"]),
        "hide": st.booleans(),
        "instant": st.sampled_from([True, False, "both"]),
        "format": st.sampled_from(["time_series", "table", "heatmap"]),
        "exemplars": st.booleans(),
        "step": st.sampled_from(["1m", "$__interval"]),
        "datasource": st.sampled_from(["prometheus", "mixed-not", "prometheus/other uid"]),
        "ref": st.sampled_from(["A", "C", "errors", "JVM heap"]),
    },
).map(lambda query: {key: value for key, value in query.items() if value != "mixed-not"})
PLACES = {
    "width": st.sampled_from([1, 7, 12, "1/3"]),
    "height": st.integers(1, 12),
    "description": st.sampled_from(["", "What it is.", "Two\nlines\n"]),
    "repeat": st.sampled_from(["tier", {"by": "tier", "direction": "vertical"}]),
    "key": st.sampled_from(["k1", "k2"]),
    "decimals": st.sampled_from([0, 2, "auto"]),
    "datasource": st.sampled_from(["prometheus", "mixed", "$ds", "mysql/P1"]),
}
TOP = {
    "time": st.sampled_from(["6h", "now-7d to now-1d", "2d"]),
    "refresh": st.sampled_from(["off", "30s"]),
    "timezone": st.sampled_from(["utc", "browser", "Asia/Dubai"]),
    "tooltip": st.sampled_from(["single", "crosshair", "shared"]),
    "tags": st.sampled_from([[], ["a", "b"]]),
    "datasource": st.sampled_from(["prometheus", "$ds", "prometheus/other uid"]),
    "editable": st.booleans(),
    "height": st.integers(3, 9),
    "defaults": st.sampled_from([{"panel": {"unit": "s"}}, {"panels": {"timeseries": {"fill": 3, "raw": {"options": {"y": 1}}}}}]),
    "links": st.sampled_from([[{"dashboard": "other"}], [{"title": "T", "url": "https://x", "new_tab": True}]]),
    "annotations": st.sampled_from([[{"name": "N", "tags": ["t"]}], [{"name": "Q", "query": "changes(up[1m])"}]]),
}  # fmt: skip
VARIABLES = [
    {"type": "datasource", "name": "ds", "plugin": "prometheus"},
    {"name": "tier", "query": "label_values(up, tier)", "multi": True},
    {"type": "textbox", "name": "node", "default": "n1"},
]


@cache
def _cases() -> list[dict[str, Any]]:
    result = []
    for path in CASES:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        kind = data.pop("type", None) or KINDS[path.stem]
        source = {"datasource": data.pop("source")} if "source" in data else {}
        result += [{"type": kind, **source, **spec} for spec in data.values()]
    return result


@st.composite
def _panels(draw: st.DrawFn) -> dict[str, Any]:
    """A panel with some of the words that its type has."""
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["timeseries", "stat", "table"]))
        asked = draw(st.one_of(QUERY, st.lists(QUERY, min_size=1, max_size=4)))
        asked = {"queries": asked} if isinstance(asked, list) else {"query": asked["query"]}
        return {"title": draw(st.sampled_from(TITLES)), "type": kind, **asked, **draw(_some(PLACES))}
    case = draw(st.sampled_from(_cases()))
    remaining = draw(st.sets(st.sampled_from(sorted(case)))) | NEEDED
    panel = {key: value for key, value in case.items() if key in remaining}
    return {"title": draw(st.sampled_from(TITLES)), **panel, **draw(_some({"width": PLACES["width"]}))}


def _some(words: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=words)


ROWS = st.fixed_dictionaries(
    {"panels": st.lists(_panels(), max_size=5)},
    optional={
        "title": st.sampled_from(TITLES),
        "collapsed": st.booleans(),
        "height": st.integers(1, 9),
        "columns": st.sampled_from([2, 3, 4]),
        "repeat": st.just("tier"),
    },
)
DASHBOARDS = st.builds(
    lambda panels, rows, top: {
        "kind": "Dashboard", "uid": "d", "title": "T", "variables": VARIABLES, **top, "panels": panels, "rows": rows,
    },
    st.lists(_panels(), max_size=5), st.lists(ROWS, max_size=3), _some(TOP),
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Importer]:
    folder = tmp_path_factory.mktemp("project")
    return folder, importer_for(small_project(folder))


def _built(spec: dict[str, Any], importer: Importer) -> dict[str, Any]:
    loaded = load_text("spec.yaml", as_yaml([spec]))
    resolved, problems = resolve(loaded.documents[0], importer.compiler.scope)
    assume(not has_errors([*loaded.diagnostics, *problems]) and resolved)
    built = importer.compiler.one(resolved[0], problems)
    assume(built is not None)
    assert built is not None
    return built.data


@pytest.mark.property
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(DASHBOARDS)
def test_what_is_built_comes_back_as_keys_that_build_to_the_same(
    project: tuple[Path, Importer], spec: dict[str, Any]
) -> None:
    folder, importer = project
    data = _built(spec, importer)
    file = imported(data, folder, importer)
    assert (file.imported.differences, file.imported.problems) == ([], [])
    assert rebuilt(file, importer) == data
