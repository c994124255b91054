"""The benchmark's dashboards as dashgen specs."""

from pathlib import Path

from tests.bench.content import VARIABLES, Dashboard, Panel, metrics

_WORDS = {
    "stat": "graph: area\ncolor_mode: value",
    "timeseries": "fill: 10\nlegend_mode: table\nlegend_calcs: [mean, max]\ntooltip: multi",
    "table": "",
    "bargauge": "orientation: horizontal\ndisplay: gradient",
    "piechart": "shape: donut",
    "gauge": "min: 0\nmax: 100",
}
LABELS = "env, instance, method, route, service, statement, status, version"
_INSTANT = {"table", "bargauge", "piechart"}


def write_project(folder: Path, dashboards: list[Dashboard]) -> None:
    """Write a project: one file a dashboard, data sources and the metric contract."""
    specs = folder / "specs"
    (specs / "dashboards").mkdir(parents=True)
    (folder / "dashgen.yaml").write_text(
        'specs: [specs]\noutput: generated\ngrafana: "12.4"\n', encoding="utf-8"
    )
    (specs / "shared.yaml").write_text(_shared(), encoding="utf-8")
    for dashboard in dashboards:
        write_spec(folder, dashboard)


def write_spec(folder: Path, dashboard: Dashboard) -> None:
    """Write the spec of one dashboard."""
    path = folder / "specs/dashboards" / f"{dashboard.uid}.yaml"
    path.write_text(spec(dashboard), encoding="utf-8")


def spec(dashboard: Dashboard) -> str:
    """A dashboard's spec."""
    lines = [
        "kind: Dashboard",
        f"uid: {dashboard.uid}",
        f"title: {dashboard.title}",
        "folder: Services",
        "tags: [bench, services]",
        "datasource: prometheus",
        "time: 6h",
        "refresh: 1m",
        "timezone: utc",
        "variables:",
    ]
    for name, label, query in VARIABLES:
        lines += [
            f"  - name: {name}",
            f"    label: {label}",
            f"    query: {query}",
            "    multi: true",
            "    include_all: true",
        ]
    lines.append("rows:")
    for row in dashboard.rows:
        lines += [f"  - title: {row.title}", f"    height: {row.panels[0].h}", "    panels:"]
        for panel in row.panels:
            lines += [f"      {line}" for line in _panel(panel)]
    return "\n".join(lines) + "\n"


def _panel(panel: Panel) -> list[str]:
    lines = [
        f"- title: {panel.title}",
        f"  type: {panel.kind}",
        f'  description: "{panel.description}"',
        f"  unit: {panel.unit}",
        f"  width: {panel.w}",
    ]
    if panel.kind not in {"timeseries", "piechart"}:
        lines.append("  thresholds: {green: 0, yellow: 70, red: 90}")
    lines += [f"  {line}" for line in _WORDS[panel.kind].splitlines()]
    lines.append("  queries:")
    for query in panel.queries:
        lines += [f"    - query: {query.expr}", f'      legend: "{query.legend}"']
    return lines


def _shared() -> str:
    sources = "kind: DataSources\ndatasources:\n  prometheus: {type: prometheus, url: 'http://prometheus:9090', default: true}\n"
    folder = "---\nkind: Folder\ntitle: Services\n"
    lines = ["---", "kind: Metrics", f"target_labels: [{LABELS}]", "metrics:"]
    for name, kind in metrics().items():
        lines.append(f"  {name}: {{type: {kind}, help: The benchmark's.}}")
    return sources + folder + "\n".join(lines) + "\n"
