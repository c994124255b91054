"""The keys of foreign dashboards that an upgrade leaves out, each with its reason; all others stay.

A reason is harmless when nobody can see that the value is gone: what an editor stores for itself, or what
Grafana 12 does not read. What goes for another reason is reported.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import same
from dashgen.formats.json_shapes import each


class Reason(Struct, frozen=True):
    """Why a value may be left out, and whether nobody can see that it is gone."""

    why: str
    harmless: bool = True


_REMEMBERED = Reason("what editors remember for themselves")
_BY_GRAFANA = Reason("what Grafana writes by itself when a dashboard is saved or exported")
_UNREAD = Reason("what Grafana 12 does not read")
_LEFT = Reason("options that an earlier type of the panel left behind, which its type of today does not read")
_REPEATED = Reason("marks of copies that Grafana makes of repeated panels by itself")
_PLACE = Reason("sizes of panels before the grid, which became places")

# In keys without another default, Grafana's code asks for truth: each of these is as good as a key that
# is not there.
_EMPTY: Final[tuple[Any, ...]] = (None, "", False, [], {})

DASHBOARD: Final[Mapping[str, Reason]] = {
    **each(
        _BY_GRAFANA,
        """
            __elements __inputs __requires id iteration version schemaVersion meta overwrite
            folderId folderUid message slug revision originalTitle uuid hash
        """,
    ),
    **each(_UNREAD, "hideControls nav pulldowns style services loadTotal rightSide"),
    "gnetId": Reason("where on grafana.com it was downloaded"),
    "snapshot": Reason("the data of a snapshot", harmless=False),
}
"""Keys at the top of a dashboard."""

PANEL: Final[Mapping[str, Reason]] = {
    **each(
        _REMEMBERED,
        """
            $$hashKey cachedPluginOptions editable error hashKey isNew pluginVersion renderer
            scopedVars collapsed showTitle titleSize collapse key hasRefreshed isEditing
            isViewing isInView loading snapshotData
        """,
    ),
    **each(_REPEATED, "repeatIteration repeatPanelId repeatedByRow"),
    **each(_PLACE, "height minSpan span"),
    "panels": Reason("panels inside a panel that is not a row, which Grafana does not show", harmless=False),
    "alert": Reason(
        "alerts inside panels, which Grafana 11 and later does not have; write them as `kind: AlertRules`",
        harmless=False,
    ),
}
"""Keys of panels of all types."""

# Grafana keeps the options of a panel's earlier type when the type is changed, and Angular panels kept
# theirs beside `options`. Keys of panels that are converted are read before this list is looked at.
LEFT_OVER: Final[Mapping[str, Reason]] = each(
    _LEFT,
    """
        NaN aliasColors autoMigrateFrom bars cards color colorBackground colorValue colors columns dashLength
        dashes dataFormat decimals fill fillGradient fontSize format gauge grid heatmap hiddenSeries hideEmpty
        hideZeroBuckets highlightCards interval2 legend lines linewidth mappingType mappingTypes nullPointMode
        nullText paceLength pageSize percentage pointradius points postfix prefix rangeMaps reverseYBuckets
        rightYAxisLabel scroll seriesOverrides showHeader sort spaceLength sparkline stack steppedLine styles
        tableColumn thresholds timeRegions tooltip transform valueFontSize valueMaps valueName xAxis
        xBucketNumber xBucketSize xaxis yAxis yBucketBound yBucketNumber yBucketSize yaxes yaxis y_formats
        leftYAxisLabel x-axis y-axis y_format y2_format aliasYAxis annotate interactive legendCounts
        resolution stackedPercentage colorPrefix colorPostfix postfixFontSize prefixFontSize bucketOffset
        zerofill timeshift tooltipDecimals pointRadius zeroFill combine pieType legendType strokeWidth
        maxDataPoint show limit onlyAlertsOnDashboard nameFilter dashboardFilter dashboardTags folderId
        sortOrder stateFilter alertName content mode headings query recent search starred tags mapCenter
        markers units filterNull customLayout textMode orientation displayMode
    """,
)
"""Keys beside ``options`` in panels of Grafana's own types."""

VARIABLE: Final[Mapping[str, Reason]] = each(
    _REMEMBERED,
    """
    $$hashKey error state index global id rootStateKey selected isNone useTags tags tagsQuery tagValuesQuery
    allFormat multiFormat hideVariable hideLabel refresh_on_load queryValue datasourceError initLock hashKey
    """,
)
"""Keys of variables."""


_ANY_TARGET = each(_REMEMBERED, "$$hashKey hashKey errors requestId key datasourceErrors datasourceId refId2")
# When the data source of a panel is changed, the query editor keeps the fields of the one before.
_TARGETS: Final[Mapping[str, Mapping[str, Reason]]] = {
    "prometheus": {
        **_ANY_TARGET,
        **each(
            Reason("what query editors remember for themselves, or of another data source"),
            """
            alias builder builderMode calculatedInterval disableTextWrap editorMode
            fullMetaSearch includeNullMetadata legend metric qryType query queryType scopes step
            target textEditor useBackend valueType visualQuery showingGraph showingTable
            useLabels excludeNullMetadata intervalfactor legendformat dsType measurement policy
            resultFormat groupBy select tags orderByTime bucketAggs metrics timeField rawSql
            rawQuery rawEditor metricColumn timeColumn where group dimensions namespace region
            statistics period metricName aggregator downsampleAggregator downsampleFillPolicy
            application functions host item itemTag mode options show_disabled_items slugify
            table tableType filters limit spss maxLines adhocFilters
        """,
        ),
    },
    "loki": {**_ANY_TARGET, **each(_REMEMBERED, "editorMode resolution format intervalFactor")},
}


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


def is_empty(value: object) -> bool:
    """Whether a value means as much as no value."""
    return any(same(value, empty) for empty in _EMPTY)
