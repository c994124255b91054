"""The benchmark's dashboards as files for grafanalib's own ``generate-dashboards``."""

from pathlib import Path

from tests.bench.content import THRESHOLDS, VARIABLES, Dashboard, Panel

_HEAD = """from grafanalib.core import (
    BarGauge, Dashboard, GaugePanel, GridPos, PieChartv2, RowPanel, Stat, Table, Target, Template, Templating, Time,
    TimeSeries,
)

THRESHOLDS = {thresholds}

dashboard = Dashboard(
    title={title!r},
    uid={uid!r},
    tags=["bench", "services"],
    timezone="utc",
    refresh="1m",
    time=Time("now-6h", "now"),
    schemaVersion=36,
    templating=Templating(list=[
"""
_CLASSES = {
    "stat": ("Stat", 'format={unit!r}, graphMode="area", colorMode="value", reduceCalc="lastNotNull", thresholds=THRESHOLDS'),
    "timeseries": (
        "TimeSeries",
        'unit={unit!r}, fillOpacity=10, legendDisplayMode="table", legendCalcs=["mean", "max"], tooltipMode="multi"',
    ),
    "table": ("Table", "unit={unit!r}, thresholds=THRESHOLDS"),
    "bargauge": ("BarGauge", 'format={unit!r}, orientation="horizontal", displayMode="gradient", thresholds=THRESHOLDS'),
    "piechart": ("PieChartv2", 'unit={unit!r}, pieType="donut"'),
    "gauge": ("GaugePanel", "format={unit!r}, min=0, max=100, thresholds=THRESHOLDS"),
}  # fmt: skip


def write_files(folder: Path, dashboards: list[Dashboard]) -> list[Path]:
    """Write one file a dashboard; gives their paths."""
    folder.mkdir(parents=True)
    paths = []
    for dashboard in dashboards:
        path = folder / f"{dashboard.uid}.dashboard.py"
        path.write_text(source(dashboard), encoding="utf-8")
        paths.append(path)
    return paths


def source(dashboard: Dashboard) -> str:
    """A dashboard's Python file."""
    steps = [{"color": color, "value": value or None} for color, value in THRESHOLDS]
    parts = [_HEAD.format(thresholds=steps, title=dashboard.title, uid=dashboard.uid)]
    for name, label, query in VARIABLES:
        parts.append(
            f"        Template(name={name!r}, label={label!r}, query={query!r}, dataSource='prometheus', multi=True, includeAll=True),\n"
        )
    parts.append("    ]),\n    panels=[\n")
    number = 0
    for row in dashboard.rows:
        number += 1
        parts.append(
            f"        RowPanel(id={number}, title={row.title!r}, gridPos=GridPos(1, 24, 0, {row.y})),\n"
        )
        for panel in row.panels:
            number += 1
            parts.append(_panel(panel, number))
    parts.append("    ],\n).auto_panel_ids()\n")
    return "".join(parts)


def _panel(panel: Panel, number: int) -> str:
    name, options = _CLASSES[panel.kind]
    targets = "".join(
        f"                Target(expr={query.expr!r}, legendFormat={query.legend!r}, refId={ref!r}),\n"
        for ref, query in zip("ABC", panel.queries, strict=False)
    )
    return (
        f"        {name}(\n"
        f"            id={number},\n"
        f"            title={panel.title!r},\n"
        f"            description={panel.description!r},\n"
        f"            dataSource='prometheus',\n"
        f"            gridPos=GridPos({panel.h}, {panel.w}, {panel.x}, {panel.y}),\n"
        f"            {options.format(unit=panel.unit)},\n"
        f"            targets=[\n{targets}            ],\n"
        "        ),\n"
    )
