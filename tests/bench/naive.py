"""The obvious way from the same specs to dashboards: safe_load, jsonschema, grafanalib, json.dump.

Usage: python naive.py SPECS OUTPUT
"""

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from grafanalib import core
from grafanalib._gen import DashboardEncoder

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
QUERY = {
    "type": "object",
    "required": ["query"],
    "properties": {"query": TEXT, "legend": TEXT},
    "additionalProperties": False,
}
PANEL = {
    "type": "object",
    "required": ["title", "type", "queries"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("title", "type", "description", "unit", "graph", "color_mode", "legend_mode", "tooltip"), TEXT),
        **dict.fromkeys(("orientation", "display", "shape"), TEXT),
        **dict.fromkeys(("width", "fill", "min", "max"), NUMBER),
        "legend_calcs": {"type": "array", "items": TEXT},
        "thresholds": {"type": "object"},
        "queries": {"type": "array", "items": QUERY},
    },
}  # fmt: skip
ROW = {
    "type": "object",
    "required": ["title", "panels"],
    "properties": {"title": TEXT, "height": {"type": "integer"}, "panels": {"type": "array", "items": PANEL}},
}
SCHEMA = {
    "type": "object",
    "required": ["kind", "title", "rows"],
    "properties": {
        **dict.fromkeys(
            ("kind", "uid", "title", "folder", "datasource", "time", "refresh", "timezone"), TEXT
        ),
        "tags": {"type": "array", "items": TEXT},
        "variables": {"type": "array", "items": {"type": "object", "required": ["name", "query"]}},
        "rows": {"type": "array", "items": ROW},
    },
}
CLASSES = {
    "stat": (core.Stat, "format"),
    "timeseries": (core.TimeSeries, "unit"),
    "table": (core.Table, "unit"),
    "bargauge": (core.BarGauge, "format"),
    "piechart": (core.PieChartv2, "unit"),
    "gauge": (core.GaugePanel, "format"),
}


def panel(spec: dict[str, Any], number: int, x: int, y: int, height: int) -> core.Panel:
    """A panel as a grafanalib object."""
    kind, unit = CLASSES[spec["type"]]
    return kind(
        id=number,
        title=spec["title"],
        description=spec["description"],
        dataSource="prometheus",
        gridPos=core.GridPos(height, spec["width"], x, y),
        targets=[
            core.Target(expr=query["query"], legendFormat=query["legend"], refId=ref)
            for ref, query in zip("ABC", spec["queries"], strict=False)
        ],
        **{unit: spec["unit"]},
    )


def panels(rows: list[dict[str, Any]]) -> list[core.Panel]:
    """All panels in flow layout."""
    result: list[core.Panel] = []
    y = 0
    for row in rows:
        result.append(
            core.RowPanel(id=len(result) + 1, title=row["title"], gridPos=core.GridPos(1, 24, 0, y))
        )
        x, y = 0, y + 1
        for spec in row["panels"]:
            if x + spec["width"] > 24:
                x, y = 0, y + row["height"]
            result.append(panel(spec, len(result) + 1, x, y, row["height"]))
            x += spec["width"]
        y += row["height"]
    return result


def dashboard(spec: dict[str, Any]) -> core.Dashboard:
    """A dashboard as a grafanalib object."""
    return core.Dashboard(
        title=spec["title"],
        uid=spec["uid"],
        tags=spec["tags"],
        refresh=spec["refresh"],
        timezone=spec["timezone"],
        templating=core.Templating(
            list=[
                core.Template(v["name"], v["query"], label=v["label"], multi=True) for v in spec["variables"]
            ]
        ),
        panels=panels(spec["rows"]),
    )


def main(specs: Path, output: Path) -> None:
    """Compile every spec of a folder."""
    output.mkdir(parents=True, exist_ok=True)
    for path in sorted(specs.glob("*.yaml")):
        spec = yaml.safe_load(path.read_text(encoding="utf-8"))
        jsonschema.validate(spec, SCHEMA)
        with (output / f"{spec['uid']}.json").open("w", encoding="utf-8") as file:
            json.dump(dashboard(spec).to_json_data(), file, sort_keys=True, indent=2, cls=DashboardEncoder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
