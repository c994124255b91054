"""What of a foreign dashboard may go, each with its reason; what is not here stays, in words or in ``raw:``.

A harmless reason is one that changes nothing that anybody sees: what an editor remembers for itself, or what Grafana 12
does not read. The others are said whenever something goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashgen.core.json_values import same


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something may go.

    Attributes:
        why: the reason, for people.
        harmless: whether nobody can see that it is gone.
    """

    why: str
    harmless: bool = True


_REMEMBERED = Reason("what editors remember for themselves")
_BY_GRAFANA = Reason("what Grafana writes by itself when a dashboard is saved or exported")
_UNREAD = Reason("what Grafana 12 does not read")
_LEFT = Reason("options that an earlier type of the panel left behind, which its type of today does not read")
_REPEATED = Reason("marks of copies that Grafana makes of repeated panels by itself")
_PLACE = Reason("sizes of panels before the grid, which became places")

_EMPTY: Final[tuple[Any, ...]] = (None, "", False, [], {})

DASHBOARD: Final[Mapping[str, Reason]] = {
    **dict.fromkeys(
        ("__elements", "__inputs", "__requires", "id", "iteration", "version", "schemaVersion", "meta",
         "overwrite",
         "folderId", "folderUid", "message", "slug", "revision", "originalTitle", "uuid", "hash"),
        _BY_GRAFANA,
    ),
    **dict.fromkeys(
        ("hideControls", "nav", "pulldowns", "style", "services", "loadTotal", "rightSide"), _UNREAD
    ),
    "gnetId": Reason("where on grafana.com it was downloaded"),
    "snapshot": Reason("the data of a snapshot", harmless=False),
}  # fmt: skip
"""Keys at the top of a dashboard."""

PANEL: Final[Mapping[str, Reason]] = {
    **dict.fromkeys(
        ("$$hashKey", "cachedPluginOptions", "editable", "error", "hashKey", "isNew", "pluginVersion",
         "renderer",
         "scopedVars", "collapsed", "showTitle", "titleSize", "collapse", "key", "hasRefreshed", "isEditing",
         "isViewing", "isInView", "loading", "snapshotData"),
        _REMEMBERED,
    ),
    **dict.fromkeys(("repeatIteration", "repeatPanelId", "repeatedByRow"), _REPEATED),
    **dict.fromkeys(("height", "minSpan", "span"), _PLACE),
    "panels": Reason("panels inside a panel that is not a row, which Grafana does not show", harmless=False),
    "alert": Reason(
        "alerts inside panels, which Grafana 11 and later does not have; write them as `kind: AlertRules`", harmless=False
    ),
}  # fmt: skip
"""Keys of panels of all types."""

_ANGULAR = frozenset(
    {
        "NaN", "aliasColors", "autoMigrateFrom", "bars", "cards", "color", "colorBackground", "colorValue",
        "colors",
        "columns", "dashLength", "dashes", "dataFormat", "decimals", "fill", "fillGradient", "fontSize",
        "format",
        "gauge", "grid", "heatmap", "hiddenSeries", "hideEmpty", "hideZeroBuckets", "highlightCards",
        "interval2",
        "legend", "lines", "linewidth", "mappingType", "mappingTypes", "nullPointMode", "nullText",
        "paceLength",
        "pageSize", "percentage", "pointradius", "points", "postfix", "prefix", "rangeMaps",
        "reverseYBuckets",
        "rightYAxisLabel", "scroll", "seriesOverrides", "showHeader", "sort", "spaceLength", "sparkline",
        "stack",
        "steppedLine", "styles", "tableColumn", "thresholds", "timeRegions", "tooltip", "transform",
        "valueFontSize",
        "valueMaps", "valueName", "xAxis", "xBucketNumber", "xBucketSize", "xaxis", "yAxis", "yBucketBound",
        "yBucketNumber", "yBucketSize", "yaxes", "yaxis", "y_formats", "leftYAxisLabel", "x-axis", "y-axis",
        "y_format",
        "y2_format", "aliasYAxis", "annotate", "interactive", "legendCounts", "resolution",
        "stackedPercentage",
        "colorPrefix", "colorPostfix", "postfixFontSize", "prefixFontSize", "bucketOffset", "zerofill",
        "timeshift",
        "tooltipDecimals", "pointRadius", "zeroFill", "combine", "pieType", "legendType", "strokeWidth",
        "maxDataPoint",
        "show", "limit", "onlyAlertsOnDashboard", "nameFilter", "dashboardFilter", "dashboardTags",
        "folderId",
        "sortOrder", "stateFilter", "alertName", "content", "mode", "headings", "query", "recent", "search",
        "starred",
        "tags", "mapCenter", "markers", "units", "filterNull", "customLayout", "textMode", "orientation",
        "displayMode",
    }
)  # fmt: skip
LEFT_OVER: Final[Mapping[str, Reason]] = dict.fromkeys(_ANGULAR, _LEFT)
"""Keys beside ``options`` in panels of Grafana's own types; of panels that are converted they are converted before."""

ROW: Final[Mapping[str, Reason]] = {
    **PANEL,
    **dict.fromkeys(
        ("datasource", "targets", "fieldConfig", "options", "transparent", "links", "description"), _UNREAD
    ),
}
"""Keys of rows."""

VARIABLE: Final[Mapping[str, Reason]] = {
    **dict.fromkeys(
        ("$$hashKey", "error", "state", "index", "global", "id", "rootStateKey", "selected", "isNone",
         "useTags", "tags",
         "tagsQuery", "tagValuesQuery", "tagValuesQuery", "allFormat", "multiFormat", "hideVariable",
         "hideLabel",
         "refresh_on_load", "queryValue", "datasourceError", "initLock", "hashKey"),
        _REMEMBERED,
    ),
}  # fmt: skip
"""Keys of variables."""

VARIABLE_USUAL: Final[Mapping[str, Any]] = {
    "allowCustomValue": True,
    "regexApplyTo": "value",
    "valuesFormat": "csv",
}
"""What Grafana does when a variable does not say it."""

_ANY_TARGET = dict.fromkeys(
    ("$$hashKey", "hashKey", "errors", "requestId", "key", "datasourceErrors", "datasourceId", "refId2"),
    _REMEMBERED,
)
_TARGETS: Final[Mapping[str, Mapping[str, Reason]]] = {
    "prometheus": {
        **_ANY_TARGET,
        **dict.fromkeys(
            ("alias", "builder", "builderMode", "calculatedInterval", "disableTextWrap", "editorMode",
             "fullMetaSearch", "includeNullMetadata", "legend", "metric", "qryType", "query", "queryType",
             "scopes",
             "step", "target", "textEditor", "useBackend", "valueType", "visualQuery", "showingGraph",
             "showingTable",
             "useLabels", "excludeNullMetadata", "intervalfactor", "legendformat", "dsType", "measurement",
             "policy", "resultFormat", "groupBy", "select", "tags",
             "orderByTime", "bucketAggs", "metrics", "timeField", "rawSql", "rawQuery", "rawEditor",
             "metricColumn",
             "timeColumn", "where", "group", "dimensions", "namespace", "region", "statistics", "period",
             "metricName",
             "aggregator", "downsampleAggregator", "downsampleFillPolicy", "application", "functions", "host",
             "item",
             "itemTag", "mode", "options", "show_disabled_items", "slugify", "table", "tableType", "filters",
             "limit",
             "spss", "maxLines", "adhocFilters"),
            Reason("what query editors remember for themselves, or of another data source"),
        ),
    },
    "loki": {**_ANY_TARGET, **dict.fromkeys(("editorMode", "resolution", "format", "intervalFactor"), _REMEMBERED)},
}  # fmt: skip


def target_reasons(kind: str) -> Mapping[str, Reason]:
    """The keys of a query that may go.

    Args:
        kind: the plugin type of its data source.
    """
    return _TARGETS.get(kind, _ANY_TARGET)


ANNOTATION: Final[Mapping[str, Reason]] = {
    "$$hashKey": _REMEMBERED,
    "showIn": _UNREAD,
    "hashKey": _REMEMBERED,
}
"""Keys of annotation queries."""


def is_empty(value: Any) -> bool:
    """Whether a value is like none at all."""
    return any(same(value, empty) for empty in _EMPTY)


def is_usual(usual: Mapping[str, Any], key: str, value: Any) -> bool:
    """Whether a value is what Grafana does without it."""
    return (is_empty(value) and key not in usual) or (key in usual and same(usual[key], value))
