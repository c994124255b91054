"""Plausible frames for data sources whose queries are not evaluated: SQL, Graphite, CloudWatch.

A sample needs the shape of an answer, not its meaning: columns as the query names them, values as the
panel's type and unit suggest. Their notice says so.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Cell, Field, Frame
from dashgen.evaluate.samples import Times
from dashgen.preview.sample.label_pools import usual_values
from dashgen.preview.sample.made_up_curves import MadeUpCurve, Rhythm, chance
from dashgen.preview.sample.sample_traces import trace_id_of

NOTICE: Final = "Made up without evaluating the queries."
_LEVELS: Final = {
    "percentunit": 0.42, "percent": 42.0,
    "bytes": 4e8, "decbytes": 4e8, "kbytes": 4e5, "deckbytes": 4e5, "mbytes": 400.0,
    "Bps": 2e6, "binBps": 2e6, "bps": 1.6e7,
    "s": 0.8, "ms": 320.0, "dtdurations": 90_000.0, "currencyUSD": 240.0,
    "celsius": 22.0, "reqps": 35.0, "ops": 35.0,
    "bool": 1.0, "bool_yes_no": 1.0, "bool_on_off": 1.0, "kwatth": 12.0,
    "watt": 800.0, "humidity": 48.0, "dateTimeAsIso": 1.796e12, "dateTimeFromNow": 1.796e12,
}  # fmt: skip
_USUAL_LEVEL: Final = 120.0
_ROWS: Final = 8
_SERIES: Final = 3
_ALIAS: Final = lazy_pattern(r"""\bas\s+(?:"([^"]+)"|'([^']+)'|`([^`]+)`|\[([^\]]+)\]|(\w+))""")
_SELECT: Final = lazy_pattern(r"\bselect\s+(?:distinct\s+)?(.*?)(?:\bfrom\b|$)")
_PLAIN: Final = lazy_pattern(r"(?:\w+\.)?[\"`]?(\w+)[\"`]?")
_TIMES: Final = lazy_pattern(r"\btime\b|_at$|date|timestamp|^ts$|created|updated|_time$")
_NUMBERS: Final = lazy_pattern(
    r"count|total|sum|avg|mean|min|max|rate|size|bytes|value|percent|ratio|duration|latency|cost|calls|rows|number|"
    r"num|usage|used|free|%|ms$|seconds|p\d\d|errors?$|hits|reads|writes|price|amount|score"
)
_GRAPHS: Final = frozenset(
    (
        "timeseries",
        "graph",
        "heatmap",
        "histogram",
        "state-timeline",
        "status-history",
        "trend",
        "barchart",
        "candlestick",
    )
)
_TABLES: Final = frozenset(("table", "table-old", "logs", "geomap", "xychart"))


class OtherQuery(NamedTuple):
    """A query of a panel that is not evaluated: its target, the panel, and the times of a step each."""

    query: PanelQuery
    panel: Json
    times: Times


def other_frames(other: OtherQuery) -> list[Frame]:
    """Frames for one query."""
    kind = text(other.panel.get("type"))
    target = other.query.target
    if kind == "nodeGraph":
        return _graph(other.query.ref_id)
    if kind == "logs":
        return [_lines(other)]
    columns = _columns(dict(target))
    is_table = text(target.get("format")) in {"table", "1"} or target.get("resultFormat") == "table"
    if kind in _TABLES or (is_table and kind not in _GRAPHS):
        return [_table(other, columns)]
    return _series(other, [one for one in columns if not _TIMES.search(one.lower())])


def _columns(target: Json) -> list[str]:
    """The names of the columns that a query selects."""
    sql = text(target.get("rawSql")) or text(target.get("rawQueryText")) or text(target.get("query"))
    flat = " ".join(sql.split())
    match = _SELECT.search(flat.lower())
    if match is None:
        return [text(one.get("text")) or text(one.get("selector")) for one in mappings(target.get("columns"))]
    selected = flat[match.start(1) : match.end(1)]
    names = []
    for part in _parts(selected):
        alias = _ALIAS.search(part.lower())
        if alias is not None:
            group = next(index for index in range(1, 6) if alias[index])
            names.append(part[alias.start(group) : alias.end(group)])
        elif plain := _PLAIN.fullmatch(part.strip()):
            names.append(plain[1])
        else:
            names.append(part.strip().partition("(")[0] or VALUE_NAME)
    return [one for one in names if one and one != "*"]


def _parts(selected: str) -> list[str]:
    """What is between the commas that are in no parentheses."""
    parts, depth, part = [], 0, ""
    for character in selected:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += character
    return [*parts, part]


def _series(other: OtherQuery, columns: Sequence[str]) -> list[Frame]:
    query, panel, times = other
    names = _series_names(dict(query.target), columns)
    level = _level(panel)
    frames = []
    for index, name in enumerate(names):
        key = f"{query.expr}{text(panel.get('title'))}{query.ref_id}{index}"
        curve = MadeUpCurve(
            level * (1 - 0.22 * index) * chance(key, low=0.8, high=1.2),
            Rhythm(key, 0.25, 0.05, 0.25),
            0,
            times[-1],
        )
        values: list[Cell] = [*curve.heights(times)]
        moments: list[Cell] = [*times]
        config: Json = {"displayNameFromDS": name} if name else {}
        field = Field(name or VALUE_NAME, "number", values, {}, config)
        frames.append(Frame([Field(TIME_NAME, "time", moments), field], query.ref_id, name))
    return frames


def _series_names(target: Json, columns: Sequence[str]) -> list[str]:
    for key in ("alias", "legendFormat", "label", "aliasBy"):
        name = text(target.get(key))
        if name and "$" not in name and "{{" not in name:
            return [name]
    if columns:
        return [*columns[:_SERIES]]
    grouped = (
        items(target.get("bucketAggs")) or items(target.get("groupBy")) or "*" in text(target.get("target"))
    )
    metric = text(target.get("metricName")) or text(target.get("measurement")) or text(target.get("refId"))
    return [f"{metric} {number}" for number in (1, 2, 3)] if grouped else [metric]


def _level(panel: Json) -> float:
    defaults = mapping(mapping(panel.get("fieldConfig")).get("defaults"))
    level = _LEVELS.get(text(defaults.get("unit")), _USUAL_LEVEL)
    most = defaults.get("max")
    return most * 0.6 if isinstance(most, int | float) and most > 0 else level


def _table(other: OtherQuery, columns: Sequence[str]) -> Frame:
    query, panel, times = other
    names = [*dict.fromkeys(columns)] or ["name", VALUE_NAME]
    level = _level(panel)
    fields = []
    for name in names:
        key = f"{query.expr}{name}"
        cells: list[Cell]
        if _TIMES.search(name.lower()):
            step = max((times[-1] - times[0]) // _ROWS, 60_000)
            cells = [times[-1] - index * step for index in range(_ROWS)]
            fields.append(Field(name, "time", cells))
        elif _NUMBERS.search(name.lower()):
            cells = [
                round(level * chance(f"{key}{index}", low=0.2, high=1.4) / (1 + index / 3), 2)
                for index in range(_ROWS)
            ]
            fields.append(Field(name, "number", cells))
        else:
            values = usual_values(name)
            cells = [values[index % len(values)] for index in range(_ROWS)]
            fields.append(Field(name, "string", cells))
    return Frame(fields, query.ref_id)


def _lines(other: OtherQuery) -> Frame:
    times = other.times[-20:][::-1]
    levels = ("info", "info", "warn", "info", "error")
    moments: list[Cell] = [*times]
    texts: list[Cell] = [
        f'level={levels[index % 5]} msg="request handled" trace_id={trace_id_of(str(at))}'
        for index, at in enumerate(times)
    ]
    fields = [Field(TIME_NAME, "time", moments), Field("Line", "string", texts)]
    return Frame(fields, other.query.ref_id, meta={"preferredVisualisationType": "logs"})


def _graph(ref_id: str) -> list[Frame]:
    names = ("gateway", "web", "worker", "search", "db")
    edges = ((0, 1), (1, 2), (1, 3), (2, 4), (3, 4))
    ids: list[Cell] = [*names]
    stats: list[Cell] = [round(20 + 300 * chance(name)) for name in names]
    rates: list[Cell] = [round(2 + 40 * chance(f"{name}r"), 1) for name in names]
    good: list[Cell] = [0.97, 1.0, 0.94, 0.99, 1.0]
    bad: list[Cell] = [0.03, 0.0, 0.06, 0.01, 0.0]
    nodes = [
        Field("id", "string", ids),
        Field("title", "string", ids),
        Field("mainstat", "number", stats, config={"unit": "ms"}),
        Field("secondarystat", "number", rates, config={"unit": "reqps"}),
        Field("arc__success", "number", good, config={"color": {"mode": "fixed", "fixedColor": "green"}}),
        Field("arc__failed", "number", bad, config={"color": {"mode": "fixed", "fixedColor": "red"}}),
    ]
    ends = [
        Field("id", "string", [f"{names[one]}_{names[other]}" for one, other in edges]),
        Field("source", "string", [names[one] for one, _ in edges]),
        Field("target", "string", [names[other] for _, other in edges]),
    ]
    meta: Json = {"preferredVisualisationType": "nodeGraph"}
    return [Frame(nodes, ref_id, "Nodes", meta), Frame(ends, ref_id, "Edges", dict(meta))]
