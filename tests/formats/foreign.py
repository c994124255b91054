"""A dashboard with every panel class of grafanalib, as somebody may have written it by hand."""

from typing import Any

from grafanalib import core

LEFT_OUT = {"ePict", "Svg", "Ae3ePlotly"}
"""Classes for plugins of third parties that have nothing of Grafana's own to become."""


def targets() -> list[core.Target]:
    return [core.Target(expr="up", legendFormat="{{job}}"), core.Target(expr="down", refId="A", hide=True)]


def panels() -> list[Any]:
    """One panel of each class, with the arguments that a migration has to look at."""
    common: dict[str, Any] = {"dataSource": "Prometheus", "targets": targets(), "title": "T"}
    return [
        core.AlertList(title="Alerts", stateFilter=[core.ALERTLIST_STATE_ALERTING], nameFilter="Latency"),
        core.BarChart(**common),
        core.BarGauge(**common, format="s", dataLinks=[core.DataLink("x", "https://x")]),
        core.DashboardList(title="Dashboards", searchTags=["a"], showSearch=True),
        core.Discrete(**common, valueMaps=[core.ValueMap("Up", 1)], rangeMaps=[core.RangeMap(2, 5, "Many")]),
        core.GaugePanel(**common, format="percent", limit=3),
        core.Graph(
            **common,
            seriesOverrides=[core.SeriesOverride("/p9.*/", yaxis=2, color="red", dashes=True)],
            thresholds=[core.GraphThreshold(10.0, colorMode="warning"), core.GraphThreshold(5.0, op="lt")],
            yAxes=core.YAxes(core.YAxis(format="s", min=0, logBase=10), core.YAxis(format="bytes")),
            legend=core.Legend(avg=True, rightSide=True, alignAsTable=True),
            aliasColors={"a": "blue"},
            stack=True,
        ),
        core.Graph(**common, xAxis=core.XAxis(mode="series"), bars=True, lines=False),
        core.Heatmap(**common, dataFormat="tsbuckets", yAxis=core.YAxis(format="s")),
        core.Histogram(**common, bucketSize=2),
        core.Logs(**common),
        core.News(title="News", feedUrl="https://x"),
        core.PieChartv2(**common, unit="s"),
        core.SingleStat(
            **common, thresholds="5,10", colorValue=True, sparkline=core.SparkLine(show=True), postfix=" people"
        ),
        core.SingleStat(**common, gauge=core.Gauge(show=True, maxValue=5), valueMaps=[core.ValueMap("N/A", "null")]),
        core.Stat(**common, thresholds=[core.Threshold("green", 0, 0.0), core.Threshold("red", 1, 80.0)]),
        core.StateTimeline(**common),
        core.Statusmap(**common),
        core.Table(**common, displayMode="color-background-solid", sortBy=[core.TableSortByField("a", True)]),
        core.Text(title="Text", content="hello", mode="text"),
        core.TimeSeries(**common, valueMax=5, mappings=[core.StatValueMappings(core.StatValueMappingItem("x", "1"))]),
        core.Worldmap(**common, mapCenter="Europe"),
    ]  # fmt: skip


def dashboard(**given: Any) -> core.Dashboard:
    """The whole of it."""
    inner = [core.Stat(title="Inside", dataSource="$source", gridPos=core.GridPos(4, 6, 0, 1))]
    row = core.RowPanel(title="Row", collapsed=True, panels=inner, gridPos=core.GridPos(1, 24, 0, 0))
    return core.Dashboard(
        title="Foreign",
        panels=[*panels(), row],
        templating=core.Templating(
            [
                core.Template(
                    "job", "label_values(up, job)", dataSource="Prometheus", default="a", includeAll=True
                ),
                core.Template("size", "a,b", type="custom", default="b"),
            ]
        ),
        annotations=core.Annotations(
            [{"name": "Launches", "datasource": "Prometheus", "expr": "x", "limit": None}]
        ),
        links=[core.ExternalLink("https://wiki", "Wiki")],
        sharedCrosshair=True,
        **given,
    ).auto_panel_ids()
