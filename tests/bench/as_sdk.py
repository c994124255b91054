"""The benchmark's dashboards for grafana-foundation-sdk: one Python file each, and the program that runs them."""

from pathlib import Path

from tests.bench.content import THRESHOLDS, VARIABLES, Dashboard, Panel

PROGRAM = """import importlib.util
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder


def load(path):
    spec = importlib.util.spec_from_file_location("dashboard", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.dashboard


for path in sys.argv[1:]:
    with open(path.removesuffix(".py") + ".json", "w") as file:
        file.write(JSONEncoder(sort_keys=True, indent=2).encode(load(path).build()))
        file.write("\\n")
"""
_HEAD = """from grafana_foundation_sdk.builders import (
    bargauge, common, dashboard as board, gauge, piechart, prometheus, stat, table, timeseries,
)
from grafana_foundation_sdk.models import common as words
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef, GridPos, Threshold, ThresholdsMode, VariableRefresh, VariableSort,
)

SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")


def thresholds():
    return board.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps([{steps}])


dashboard = (
    board.Dashboard({title!r})
    .uid({uid!r})
    .tags(["bench", "services"])
    .timezone("utc")
    .refresh("1m")
    .time("now-6h", "now")
"""
_CLASSES = {
    "stat": (
        "stat.Panel()",
        (
            ".graph_mode(words.BigValueGraphMode.AREA).color_mode(words.BigValueColorMode.VALUE)"
            '.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"])).thresholds(thresholds())'
        ),
    ),
    "timeseries": (
        "timeseries.Panel()",
        (
            ".fill_opacity(10).legend(common.VizLegendOptions().display_mode(words.LegendDisplayMode.TABLE)"
            '.placement(words.LegendPlacement.BOTTOM).show_legend(True).calcs(["mean", "max"]))'
            ".tooltip(common.VizTooltipOptions().mode(words.TooltipDisplayMode.MULTI).sort(words.SortOrder.NONE))"
        ),
    ),
    "table": ("table.Panel()", ".thresholds(thresholds())"),
    "bargauge": (
        "bargauge.Panel()",
        ".orientation(words.VizOrientation.HORIZONTAL).display_mode(words.BarGaugeDisplayMode.GRADIENT).thresholds(thresholds())",
    ),
    "piechart": ("piechart.Panel()", ""),
    "gauge": ("gauge.Panel()", ".min(0).max(100).thresholds(thresholds())"),
}


def write_files(folder: Path, dashboards: list[Dashboard]) -> list[Path]:
    """Write the program and one file a dashboard; gives the files' paths."""
    folder.mkdir(parents=True)
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    paths = []
    for dashboard in dashboards:
        path = folder / f"{dashboard.uid}.py"
        path.write_text(source(dashboard), encoding="utf-8")
        paths.append(path)
    return paths


def source(dashboard: Dashboard) -> str:
    """A dashboard's Python file."""
    steps = ", ".join(f"Threshold(value={value or None}, color={color!r})" for color, value in THRESHOLDS)
    parts = [_HEAD.format(steps=steps, title=dashboard.title, uid=dashboard.uid)]
    for name, label, query in VARIABLES:
        parts.append(
            f"    .with_variable(board.QueryVariable({name!r}).label({label!r}).query({query!r}).datasource(SOURCE)"
            ".multi(True).include_all(True).refresh(VariableRefresh.ON_DASHBOARD_LOAD).sort(VariableSort.ALPHABETICAL_ASC))\n"
        )
    for row in dashboard.rows:
        place = f"GridPos(h=1, w=24, x=0, y={row.y})"
        parts.append(f"    .with_row(board.Row({row.title!r}).grid_pos({place}))\n")
        parts += [_panel(panel) for panel in row.panels]
    parts.append(")\n")
    return "".join(parts)


def _panel(panel: Panel) -> str:
    name, options = _CLASSES[panel.kind]
    targets = "".join(
        f"        .with_target(prometheus.Dataquery().expr({query.expr!r}).legend_format({query.legend!r}).ref_id({ref!r}))\n"
        for ref, query in zip("ABC", panel.queries, strict=False)
    )
    return (
        f"    .with_panel(\n        {name}\n"
        f"        .title({panel.title!r})\n"
        f"        .description({panel.description!r})\n"
        f"        .unit({panel.unit!r})\n"
        "        .datasource(SOURCE)\n"
        f"        .grid_pos(GridPos(h={panel.h}, w={panel.w}, x={panel.x}, y={panel.y}))\n"
        f"        {options}\n{targets}    )\n"
    )
