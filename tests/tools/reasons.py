"""What may go or change between a public dashboard and what its import builds to, each with a reason."""

import re
from collections.abc import Callable
from typing import Any

from tests.tools.plain import Json, Steps, at, number

Test = Callable[[Any, Any], bool]
Around = Callable[[Any, Any, Any, Any, Steps], bool]


def may_go(name: str, value: Any, after_value: Any, before: Any, after: Any, path: Steps) -> bool:
    """Whether a value may be gone or another.

    Args:
        name: the path for people.
        value: the value of the original.
        there: what stands there now.
        before: the part of the original.
        after: the part of today.
        path: the path in it.
    """
    if any(pattern.fullmatch(name) and test(value, after_value) for pattern, test, _ in _COMPILED):
        return True
    return any(
        pattern.fullmatch(name) and test(value, after_value, before, after, path)
        for pattern, test, _ in _COMPILED_AROUND
    )


def _any(_: Any, __: Any) -> bool:
    return True


def _is_absent(_: Any, after_value: Any) -> bool:
    return after_value is None


def _reference(value: Any, after_value: Any) -> bool:
    """A data source by another name: of the project, of a variable, or written with its type."""
    if (
        isinstance(value, str)
        and value.startswith("$")
        and isinstance(after_value, str)
        and after_value.startswith("$")
    ):
        return value.strip("${}[]").partition(":")[0] == after_value.strip("${}") or value.startswith("${DS_")
    return bool(after_value)


def _is_number_text(value: Any, after_value: Any) -> bool:
    return number(value) is not None and number(value) == number(after_value)


def _options_of(query: Any) -> list[tuple[str, str]]:
    parts = (part.replace("\\,", ",").strip() for part in re.findall(r"(?:\\,|[^,])+", str(query)))
    split = [part.rpartition(" : ") for part in parts if part]
    return [(label.strip() or value.strip(), value.strip()) for label, _, value in split]


def _intervals_of(query: Any) -> list[str]:
    return [part.strip() for part in str(query).split(",") if part.strip()]


_SUB = r"(\..*|\[.*)?"
_PANEL = r"panel\([^)]*\)"
_OLD_KEYS = (
    "NaN|aliasColors|autoMigrateFrom|bars|cards|color|colorBackground|colorValue|colors|columns|dashLength|dashes|dataFormat|"
    "decimals|fill|fillGradient|fontSize|format|gauge|grid|heatmap|hiddenSeries|hideEmpty|hideZeroBuckets|highlightCards|"
    "legend|lines|linewidth|mappingType|mappingTypes|nullPointMode|nullText|paceLength|pageSize|percentage|pointradius|points|"
    "postfix|postfixFontSize|prefix|prefixFontSize|rangeMaps|reverseYBuckets|rightYAxisLabel|leftYAxisLabel|scroll|"
    "seriesOverrides|showHeader|sort|spaceLength|sparkline|stack|steppedLine|styles|tableColumn|thresholds|timeRegions|tooltip|"
    "transform|valueFontSize|valueMaps|valueName|xAxis|xBucketNumber|xBucketSize|xaxis|yAxis|yBucketBound|yBucketNumber|"
    "yBucketSize|yaxes|yaxis|y_formats|x-axis|y-axis|colorPrefix|colorPostfix|bucketOffset|tooltipDecimals|filterNull|"
    "pointRadius|zerofill|annotate|interactive|resolution|combine|strokeWidth|legendType|pieType|breakPoint|show|limit|"
    "onlyAlertsOnDashboard|nameFilter|dashboardFilter|dashboardTags|folderId|sortOrder|stateFilter|headings|query|recent|search|"
    "starred|tags|content|mode"
)
_CORE = (
    r"panel\((timeseries|stat|gauge|bargauge|table|table-old|text|graph|singlestat|heatmap|piechart|barchart|row|logs|dashlist|"
    r"alertlist|news|state-timeline|status-history|histogram|geomap|canvas|annolist|nodeGraph|xychart|trend|candlestick|traces|"
    r"flamegraph|grafana-piechart-panel|pluginlist|gettingstarted)\)"
)

REASONS: list[tuple[str, Test, str]] = [
    # The dashboard
    (r"dashboard\.(__\w+|id|iteration|version|schemaVersion|style|hideControls|revision|originalTitle|pulldowns|nav|meta|"
     r"message|overwrite|folder\w*|slug|uuid|isStarred|weekstart|loadTotal)" + _SUB, _any, "Grafana writes or reads it no more"),
    (r"dashboard\.sharedCrosshair", _any, "is graphTooltip"),
    (r"dashboard\.tags", lambda v, t: v == [] and t == ["dashgen"], "dashgen's own mark"),
    (r"dashboard\.uid", lambda v, _: not re.fullmatch(r"[\w-]{1,40}", str(v)), "no uid that Grafana takes"),
    (r"dashboard\.timepicker\.(time_options|now|enable|notice|status|type|collapse)" + _SUB, _any, "Grafana reads it no more"),
    (r"dashboard\.timezone", lambda v, t: v in ("", None) and t == "browser", "'' is what users chose for themselves"),
    (r"dashboard\.refresh", lambda v, t: v is False and t == "", "no refresh"),
    (r"dashboard\.title", lambda v, t: str(v).strip() == t, "spaces at its ends"),
    # Panels
    (_PANEL + r"\.(pluginVersion|editable|error|isNew|renderer|\$\$hashKey|hashKey|scopedVars|cachedPluginOptions|"
     r"repeatIteration|repeatPanelId|repeatedByRow|collapsed|hasRefreshed|snapshotData)" + _SUB, _is_absent, "remembered by editors"),
    (_PANEL + r"\.(span|height|minSpan)", _is_absent, "became places"),
    (_PANEL + r"\.alert" + _SUB, _is_absent, "alerts inside panels are no more; the import says so"),
    (_CORE + rf"\.({_OLD_KEYS})" + _SUB, _is_absent, "left over from an Angular panel, which its type of today does not read"),
    (_PANEL + r"\.maxDataPoints", _is_number_text, "a number as text"),
    (r"dashboard\.gnetId", _is_absent, "where on grafana.com it was downloaded"),
    (_CORE + r"\.options\.(alertThreshold|graph|angular|dataLinks)" + _SUB, _is_absent, "options of graphs, which today's panels do not have"),
    (_CORE + r"\.options\.tooltip\.maxHeight", lambda v, t: v == 600 and t is None, "Grafana 11 wrote it for every panel; it holds anyway"),
    (_CORE + r"\.options\.legend\.asTable", _is_absent, "no option; displayMode says it"),
    (r"panel\(bargauge\)\.options\.legend\..*", _is_absent, "what Grafana 12 writes for every bar gauge; it holds anyway"),
    (r"panel\(heatmap\)\.options\.color\.fill", _any, "means nothing in a scheme"),
    (r"variable\(constant\)\.type", lambda v, t: t == "textbox", "a constant that is shown (schemaVersion 27)"),
    (r"variable\(\w+\)\.sort", lambda v, t: isinstance(v, str) and number(v) is None and t == 0, "no order that Grafana knows"),
    (r"dashboard\.(graphtooltip|schemaversion)|target\(prometheus\)\.intervalfactor", _is_absent,
     "Grafana reads keys by their case, so it does not read these"),
    (r"panel\(timeseries\)\.options\.timezones\[\]", _is_absent, "the option is `timezone` (`OptionsWithTimezones` of @grafana/schema)"),
    (_PANEL + r"\.fieldConfig\.defaults\.noValue", lambda v, t: str(v) == t, "a text (`FieldConfig` of @grafana/data)"),
    (r"variable\(custom\)\.valuesFormat", lambda v, t: v == "csv" and t is None, "the usual"),
    (r"annotation\.iconColor", lambda v, t: str(v).replace(" ", "") == str(t).replace(" ", ""), "spaces in a colour"),
    (_PANEL + r"\.fieldConfig\..*\.graph", _is_absent, "is called viz now"),
    (_PANEL + r"\.fieldConfig\..*\.group", lambda v, t: v is False and t == "A", "Grafana's own migration wrote a switch there"),
    (_PANEL + r"\.repeatDirection", _is_absent, "nothing is repeated"),
    (r"panel\((text|dashlist|alertlist|news|annolist)\)\.(transformations|fieldConfig|maxDataPoints|interval)" + _SUB, _is_absent, "they show no data"),
    (r"panel\((heatmap|logs|traces|nodeGraph|flamegraph)\)\.fieldConfig\..*", _any, "options that such fields do not have"),
    (_PANEL + r"\.links\[\]\.(type|dashboard|dashUri|keepTime|includeVars|params|tooltip|asDropdown|icon|tags|\$\$hashKey)"
     + _SUB, lambda v, t: t is None or isinstance(t, str), "an address since Grafana 6.3"),
    (_PANEL + r"\.options\.(fieldOptions|tooltipOptions)\..*", _is_absent, "field options, or the tooltip"),
    (_PANEL + r"\.options\.legend\.displayMode", lambda v, t: v == "hidden" and t == "list", "showLegend is false"),
    (_PANEL + r"\.fieldConfig\..*\.custom\.lineStyle\.fill", lambda v, t: v == "solid" and t is None, "the usual"),
    (_PANEL + r"\.fieldConfig\..*(mappings|value)\[\]\..*index", lambda v, t: isinstance(t, int), "the order is kept"),
    (_PANEL + r"\.fieldConfig\..*\.hideFrom\.tooltip|panel\(\w+\)\.fieldConfig\.overrides\[\]\.properties\[\]\.value\.tooltip",
     lambda v, t: v is False and t is True, "what is out of the picture is out of the tooltip (schemaVersion 42)"),
    (_PANEL + r"\.fieldConfig\..*\.unitScale", _is_absent, "Grafana 10.3 wrote it by mistake"),
    (_PANEL + r"\.fieldConfig\..*thresholds\.mode", lambda v, t: not v and t == "absolute", "the usual"),
    (r"target\(\w*\)\.datasource\.\w+", _is_absent, "no part of a reference"),
    (r"target\(prometheus\)\.format", lambda v, t: v not in ("table", "heatmap", 1, 2) and t == "time_series", "the usual"),
    (r"variable\(custom\)\.query", lambda v, t: _options_of(v) == _options_of(t), "spaces, and labels that are the value"),
    (r"variable\(datasource\)\.current" + _SUB, lambda v, t: t is None and "${" in str(v), "an input of an export"),
    (r"variable\(query\)\.(query|query\.query|definition)", lambda v, t: str(v).strip() == t, "spaces at its ends"),
    (r"variable\(custom\)\.current" + _SUB, lambda v, t: v in ({}, None, "") and bool(t), "the first one"),
    (r"variable\(query\)\.auto\w*", _any, "other types have it"),
    (r"variable\(\w+\)\.(sort|refresh)", _is_number_text, "a number as text"),
    (_PANEL + r"\.fieldConfig\..*scaleDistribution\.(linearThreshold|log)", _is_absent, "an axis that is linear has none"),
    (r"variable\(\w+\)\.current\.(value\.\w+|\$\$hashKey)", _is_absent, "no value that Grafana takes"),
    (_PANEL + r"\.fieldConfig\.defaults\.custom\.align", lambda v, t: v is None and t == "auto", "the usual"),
    (r"link\.\[\]\.\$\$hashKey", _is_absent, "remembered by editors"),
    (r"dashboard\.uid", lambda v, t: not v and bool(t), "made from the title"),
    (_PANEL + r"\.maxPerRow", lambda v, _: number(v) is not None, "said twice"),
    # Fields
    (_PANEL + r"\.fieldConfig\.(defaults\.|overrides\[\]\.properties\[\]\.value\.)?thresholds\.steps(\[\]\.value)?",
     lambda v, t: v in ([], None, 0, "", "null"), "the base of thresholds has no value"),
    (_PANEL + r"\.fieldConfig\.defaults\.(description|nullValueMode|displayNameFromDS|path|writeable|filterable)", _is_absent,
     "nothing reads it"),
    (_PANEL + r"\.fieldConfig\..*thresholds\.steps\[\]\.(index|state|yaxis)", _is_absent,
     "Grafana 6 counted thresholds; those of today have a colour and a value (`Threshold` of @grafana/data)"),
    (r"panel\(alertlist\)\.options\.(showOptions|stateFilter\.(alerting|execution_error|no_data|ok|paused|unknown))", _is_absent,
     "options of the alert list before Grafana 11; today's reads other states (`StateFilter` in panel/alertlist/types.ts)"),
    # Queries
    (r"target\(prometheus\)\.(step|calculatedInterval|metric|target|query|queryType|qryType|builder|editorMode|alias|"
     r"datasourceErrors|errors|\$\$hashKey|hashKey|key|requestId|disableTextWrap|fullMetaSearch|includeNullMetadata|useBackend|"
     r"textEditor|legend|valueType|visualQuery|showingGraph|showingTable|useLabels|dsType|measurement|policy|"
     r"resultFormat|groupBy|select|tags|orderByTime|bucketAggs|metrics|timeField|rawSql|rawQuery|metricColumn|timeColumn|where|"
     r"group|builderMode|scopes|aggregator|downsampleAggregator|downsampleFillPolicy|application|functions|host|item|itemTag|"
     r"mode|options|show_disabled_items|slugify|table|dimensions|namespace|region|statistics|period|metricName|refId2|"
     r"adhocFilters|hide_|limit|tableType|filters|maxLines|spss)" + _SUB, _any, "remembered by editors, or of another data source"),
    (r"target\(prometheus\)\.intervalFactor", lambda v, _: number(v) == 1, "the usual"),
    (r"target\(prometheus\)\.(range|instant)", _any, "one of them has to be on"),
    (r"target\(loki\)\.(editorMode|key|\$\$hashKey|hashKey|errors|requestId|resolution|format|intervalFactor|instant|range)",
     _any, "remembered by editors, or is queryType"),
    (r"target\([^)]*\)\.(\$\$hashKey|hashKey|errors|requestId|key|datasourceErrors|datasourceId)" + _SUB, _is_absent,
     "remembered by editors"),
    (r"target\([^)]*\)\.datasource(\.uid|\.type|\.name)?", _reference, "data sources are named anew"),
    (r"target\([^)]*\)\.refId", lambda v, t: bool(t) and v in ("", None), "named by Grafana"),
    # Variables
    (r"variable\(\w+\)\.(error|state|index|global|id|rootStateKey|selected|useTags|tags|tagsQuery|tagValuesQuery|allFormat|"
     r"multiFormat|hideVariable|hideLabel|refresh_on_load|\$\$hashKey|hashKey|isNone|initLock|queryValue)" + _SUB, _is_absent,
     "remembered by editors, or read no more"),
    (r"variable\((query|datasource)\)\.options" + _SUB, _any, "asked anew"),
    (r"variable\((custom|interval|textbox|constant)\)\.options" + _SUB, _any, "follow from its query"),
    (r"variable\(adhoc\)\.(options|current|query|refresh|regex|sort|multi|includeAll|allValue|definition)" + _SUB, _is_absent,
     "filters have none"),
    (r"variable\(\w+\)\.current\.(selected|tags|isNone)" + _SUB, _is_absent, "remembered by editors"),
    (r"variable\(\w+\)\.current\.text(\[\])?", _any, "what is shown of a value follows from it"),
    (r"variable\(\w+\)\.current" + _SUB, lambda v, t: t == [v] or [t] == v or v in ([], [""], ""), "one of several is a list"),
    (r"variable\(query\)\.query\.(refId|qryType)", _any, "named by the editor"),
    (r"variable\(query\)\.query", lambda v, t: isinstance(t, dict) and str(v).strip() in (t.get("query"), ""),
     "the editor's form, without spaces at its ends"),
    (r"variable\(interval\)\.query", lambda v, t: _intervals_of(v) == _intervals_of(t),
     "Grafana takes its words alone (`IntervalVariable` of @grafana/scenes), not what is between them"),
    (r"variable\(query\)\.definition", lambda v, t: bool(t), "what is shown of the query"),
    (r"variable\(\w+\)\.datasource(\.uid|\.type|\.name)?", _reference, "data sources are named anew"),
    (r"variable\((custom|datasource|textbox|interval|constant)\)\.(datasource|definition|refresh|sort|regex|auto\w*|multi|"
     r"includeAll|allValue|hide|skipUrlSync|queryType)" + _SUB, _any, "other types have it"),
    (r"variable\(\w+\)\.refresh", lambda v, t: v in (0, None, False, True) and t in (1, 2), "a query is asked at least once"),
    (r"variable\(\w+\)\.(multi|includeAll)", lambda v, t: v in ("", "false") and not t, "no"),
    (r"variable\(\w+\)\.(allowCustomValue)", lambda v, t: v is True and t is None, "the usual"),
    (r"variable\(\w+\)\.(regexApplyTo)", lambda v, t: v == "value" and t is None, "the usual"),
    (r"variable\(\w+\)\.hide", lambda v, t: isinstance(v, bool) and int(v) == t, "a number now"),
    # Annotations
    (r"annotation\.datasource(\.uid|\.type)?", _reference, "data sources are named anew"),
    (r"annotation\.(\$\$hashKey|showIn|hashKey)", _is_absent, "remembered by editors"),
]  # fmt: skip


def _built_in(_: Any, __: Any, before: Json, ___: Any, ____: Steps) -> bool:
    return bool(before.get("builtIn"))


def _follows_mode(_: Any, after_value: Any, before: Any, ___: Any, path: Steps) -> bool:
    """A fixed colour in a mode that makes no use of it."""
    mode = at(before, (*path[:-1], "mode"))
    return after_value is None and mode not in ("fixed", "shades")


def _footer(_: Any, after_value: Any, before: Any, after: Any, path: Steps) -> bool:
    """The footer of a table belongs to its fields since Grafana 12.2; one that is off is none."""
    footer = before.get("footer") or {}
    if path[1] == "enablePagination":
        return bool(after.get("enablePagination"))
    return after_value is None and (
        not footer.get("show") or path[1] in ("show", "reducer", "countRows", "fields")
    )


def _no_transformation(_: Any, __: Any, before: Json, ___: Any, path: Steps) -> bool:
    return not at(before, (*path[:2], "id"))


def _usual_intervals(_: Any, __: Any, before: Json, after: Json, ____: Steps) -> bool:
    """Source: ``defaultIntervals`` in ``packages/grafana-ui/src/components/RefreshPicker/RefreshPicker.tsx``."""
    usual = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"]
    same = at(before, ("timepicker", "refresh_intervals")) == usual
    return same and at(after, ("timepicker", "refresh_intervals")) in (None, [], usual)


def _hidden_legend(_: Any, after_value: Any, before: Any, ___: Any, path: Steps) -> bool:
    """A legend that is hidden by its form is one that is not shown (schemaVersion 37 in `DashboardMigrator`)."""
    return after_value is False and at(before, (*path[:-1], "displayMode")) == "hidden"


def _interval_auto(value: Any, after_value: Any, before: Any, _: Any, __: Steps) -> bool:
    return value == "auto" and "auto" in str(after_value)


def _first_threshold(_: Any, after_value: Any, __: Any, ___: Any, path: Steps) -> bool:
    return after_value is None and path[-1] == "value" and path[-2] == 0


def _old_mapping(_: Any, __: Any, before: Any, ___: Any, path: Steps) -> bool:
    """Mappings have had ``options`` since Grafana 8 (``ValueMapping`` of @grafana/data)."""
    return "options" not in (at(before, path[:-1]) or {})


def _old_link(_: Any, after_value: Any, before: Any, ___: Any, path: Steps) -> bool:
    """A link of a panel has been a title and an address since Grafana 6.3; a type said before what it led to."""
    return (after_value is None or isinstance(after_value, str)) and "type" in at(before, path[:-1])


AROUND: list[tuple[str, Around, str]] = [
    (
        r"annotation\.(target|limit|matchAny|type|tags)" + _SUB,
        _built_in,
        "what Grafana's own annotations ask anyway",
    ),
    (_PANEL + r"\.options\.legend\.showLegend", _hidden_legend, "hidden by its form"),
    (_PANEL + r"\.transformations\[\].*", _no_transformation, "Grafana finds transformations by their id"),
    (r"dashboard\.timepicker\.refresh_intervals\[\]", _usual_intervals, "what Grafana offers anyway"),
    (r".*\.color\.fixedColor", _follows_mode, "means nothing in this mode"),
    (
        _PANEL + r"\.fieldConfig\..*thresholds\.steps\[\]\.value",
        _first_threshold,
        "the base of thresholds has no value",
    ),
    (
        _PANEL + r"\.fieldConfig\..*(mappings|value)\[\]\.(id|text|type|value|from|to|op)",
        _old_mapping,
        "mappings before Grafana 8",
    ),
    (_PANEL + r"\.links\[\]\.(url|targetBlank)", _old_link, "an address since Grafana 6.3"),
    (r"panel\(table\)\.options\.footer\..*", _footer, "belongs to the fields now"),
    (
        r"variable\(\w+\)\.current\.value\[\]",
        lambda v, t, b, a, p: at(a, p[:-1]) == v,
        "one value is no list",
    ),
    (r"variable\(interval\)\.current\.value", _interval_auto, "the value of `auto`"),
]
_COMPILED = [(re.compile(pattern, re.DOTALL), test, why) for pattern, test, why in REASONS]
_COMPILED_AROUND = [(re.compile(pattern, re.DOTALL), test, why) for pattern, test, why in AROUND]
