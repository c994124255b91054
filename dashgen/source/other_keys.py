"""The keys of Grafana's JSON and of other tools, part by part, and the keys of the spec language for them."""

from collections.abc import Mapping

from msgspec import Struct


class OtherWord(Struct, frozen=True):
    """A key or value of another language.

    Attributes:
        theirs: the key as the other language has it.
        ours: the keys of the spec language for it; none when it has no counterpart.
        hint: what to do, as an imperative.
    """

    theirs: str
    ours: tuple[str, ...]
    hint: str


def _rename(table: str) -> list[OtherWord]:
    """The words of a table of `theirs=ours`, which are written alike but for their names."""
    pairs = (pair.split("=") for pair in table.split())
    return [OtherWord(theirs, (ours,), f"write `{ours}:`") for theirs, ours in pairs]


def _explain(entries: Mapping[str, tuple[str, str]]) -> list[OtherWord]:
    return [OtherWord(theirs, tuple(ours.split()), hint) for theirs, (ours, hint) in entries.items()]


def _written(*names: str) -> list[OtherWord]:
    return [OtherWord(name, (), "remove it: dashgen writes it itself") for name in names]


_AT = "write `width:` and `height:`, or `at: {x: 0, y: 0, w: 12, h: 8}`"
_OWN_KEYS = (
    "write its keys on the panel itself, such as `unit:`, `thresholds:`, `line_width:`; "
    "`raw:` takes any other"
)
_QUERIES = "write `queries:` (a list, or a map from legend to query), or `query:` for one"
_PANEL_ALERT = "write a `kind: AlertRules` document whose rule has `panel: dashboard-uid/panel-key`"
_CUSTOM = "write `unit:`, `color:` … here, and options of the panel type below `custom:`"
_RECEIVER = "write the type as a key: `slack: {url: $SLACK_URL}`; `other:` takes any type and its settings"
_SETTINGS = "write them below the type: `slack: {url: $SLACK_URL}`; `other:` takes any type and its settings"
_SMS = "Grafana has no receiver for SMS; `sns:` sends them through AWS, `webhook:` to any service"
_CALLS = "Grafana has no receiver for calls; `oncall:`, `pagerduty:` or `webhook:` reach a service that calls"
_SECRETS = "write secrets as references, such as `basic_auth: {user: u, password: $PASSWORD}`"
_ON_GROUP = "write it on the group, beside `group:` and `rules:`"
_LAYOUT = [
    *_rename("""
        maxColumnCount=columns max_columns=columns columnWidth=column_width columnWidthMode=column_width
        rowHeight=row_height rowHeightMode=row_height fillScreen=fill fill_screen=fill
    """),
    *_explain({
        "kind": ("columns", "remove it: a mapping arranges panels by itself"),
        "items": ("columns", "remove it: the panels are below `panels:`"),
    }),
]  # fmt: skip
_CONDITION = [
    *_rename("""
        var=variable name=variable is=equals equal=equals value=equals is_not=not_equals notEquals=not_equals
        regex=matches match=matches notMatches=not_matches hasData=has_data data=has_data timeRange=time_range
        range=time_range or=any
    """),
    *_explain({
        "operator": ("equals", "write the comparison as the key: `equals: pro`, `not_matches: ^f`"),
        "all": ("any", "write a list: `show_when: [{…}, {…}]` holds when all of it does"),
        "and": ("any", "write a list: `show_when: [{…}, {…}]` holds when all of it does"),
    }),
]  # fmt: skip
_GRADIENT = _rename("from=start to=end fixedColor=start gradientColorTo=end")
_VISIBLE = _rename("""
    conditionalRendering=show_when showIf=show_when show_if=show_when when=show_when visible_when=show_when
    hideIf=hide_when hide_if=hide_when
""")
_PANEL = [
    *_rename("""
        expr=query expression=query legendFormat=legend alias=legend datasourceUid=datasource
        exemplar=exemplars format=unit units=unit maxDataPoints=max_points minInterval=interval
        min_interval=interval step=interval hideTimeOverride=hide_time valueMappings=mappings
        value_mappings=mappings valueMaps=mappings minSpan=width span=width seriesOverrides=overrides
        fieldOverrides=overrides aliasColors=overrides colour=color desc=description name=title
        panelLinks=panel_links dataLinks=links ds=datasource timeCompare=time_compare
    """),
    *_VISIBLE,
    *_explain({
        "targets": ("queries query", _QUERIES),
        "target": ("query", "write `query:`"), "gridPos": ("width height at", _AT),
        "grid_pos": ("width height at", _AT), "position": ("width height at", _AT),
        "w": ("width", "write `width:`, in columns of 24"),
        "h": ("height", "write `height:`, in grid rows of 30 pixels"),
        "x": ("at", "write `at: {x: 0, y: 0, w: 12, h: 8}`"),
        "y": ("at", "write `at: {x: 0, y: 0, w: 12, h: 8}`"), "fieldConfig": ("unit overrides", _OWN_KEYS),
        "options": ("raw", _OWN_KEYS), "custom": ("raw", _OWN_KEYS), "defaults": ("unit", _OWN_KEYS),
        "repeatDirection": ("repeat", "write `repeat: {by: name, direction: vertical}`"),
        "maxPerRow": ("repeat", "write `repeat: {by: name, max_per_row: 4}`"),
        "yaxes": ("unit min max", "write `unit:`, `min:` and `max:`"),
        "yaxis": ("unit min max", "write `unit:`, `min:` and `max:`"),
        "rows": ("queries", "panels have no rows; the dashboard's `rows:` have `panels:`"),
        "displayName": ("display_name", "write `display_name:`"),
        "alert": ("thresholds", _PANEL_ALERT),
        "libraryPanel": ("type", "write `type: library` with `uid:`"),
        "thresholdsStyle": ("thresholds", "write `show_thresholds:` on a `timeseries` panel"),
        "refId": ("queries", "write `ref:` on a query below `queries:`"),
        "instant": ("queries", "write it on a query below `queries:`"),
        "hide": ("queries", "write it on a query below `queries:`"),
        "ref": ("queries", "write it on a query below `queries:`"),
    }),
    *_written("id", "pluginVersion", "editable", "error"),
]  # fmt: skip
_CHART = [
    *_rename("""
        calcs=reduce calc=reduce reducer=reduce reduceCalc=reduce graphMode=graph sparkline=graph
        colorMode=color_mode textMode=text_mode justifyMode=justify drawStyle=draw draw_style=draw
        fillOpacity=fill linewidth=line_width pointradius=point_size nullPointMode=span_nulls
        lineInterpolation=interpolation showPoints=points stacking=stack axisPlacement=axis
        axisSoftMin=axis_soft_min axisSoftMax=axis_soft_max gradientMode=gradient displayMode=display
        markdown=content html=content text=content body=content barAlignment=bar_align fillBelowTo=fill_below
        sort=legend_sort cellOptions=cell columnWidth=columns
    """),
    *_explain({
        "reduceOptions": ("reduce", "write `reduce: mean`, for example"),
        "lines": ("draw", "write `draw: line`"), "bars": ("draw", "write `draw: bars`"),
        "steppedLine": ("interpolation", "write `interpolation: step-before`"),
        "tooltip_mode": ("tooltip", "write `tooltip:`"),
    }),
]  # fmt: skip
_QUERY = [
    *_rename("""
        expr=query expression=query target=query queryText=query rawQuery=query legendFormat=legend
        alias=legend label=legend name=legend refId=ref id=ref datasourceUid=datasource exemplar=exemplars
        interval=step minStep=step min_step=step hidden=hide tableType=table spss=spans_per_trace
        serviceMapQuery=service_map
    """),
    *_explain({
        "range": ("instant", "write `instant: false`"),
        "type": ("reduce math", "write `math:`, `reduce:`, `resample:` or `threshold:` for an expression"),
        "conditions": ("threshold", "write `threshold: {of: A, when: above 5}`"),
        "model": ("query", "write the model's keys here: `query:`, `legend:`"),
    }),
    *_explain({"intervalFactor": ("resolution", "write `resolution: 1/2` for a factor of 2")}),
    *_written("editorMode", "useBackend"),
]  # fmt: skip
_DASHBOARD = [
    *_rename("""
        templating=variables graphTooltip=tooltip timepicker=time_picker folderUid=folder folderTitle=folder
        name=title refreshInterval=refresh refresh_interval=refresh autoRefresh=refresh timeRange=time
        time_range=time tz=timezone time_zone=timezone timeSettings=time targets=panels elements=panels
        cursorSync=tooltip inputs=variables labels=tags desc=description parameters=variables
    """),
    *_explain({
        "sharedCrosshair": ("tooltip", "write `tooltip: crosshair`"),
        "from": ("time", "write `time: now-6h to now`"), "to": ("time", "write `time: now-6h to now`"),
        "gridPos": ("height", "write `width:` and `height:` on the panels"),
        "nowDelay": ("time_picker", "write `time_picker: {now_delay: 1m}`"),
        "quickRanges": ("time_picker", "write `time_picker: {quick_ranges: …}`"),
        "spec": ("title panels", "write the keys of `spec` at the top"),
        "metadata": ("uid folder", "write `uid:` and `folder:`"),
        "dashboard": ("title panels", "write its keys at the top"),
        "query": ("panels", "write it on a panel, below `panels:`"),
    }),
    *_written(
        "id", "schemaVersion", "version", "iteration", "gnetId", "style", "apiVersion", "__inputs",
        "__requires", "__elements", "hideControls", "meta",
    ),
]  # fmt: skip
_ROW = [
    *_rename("""
        name=title collapse=collapsed children=panels items=panels hideHeader=hide_header
        fillScreen=fill_screen
    """),
    *_VISIBLE,
    *_explain({
        "type": ("panels", "remove it: items of `rows:` are rows"),
        "gridPos": ("height", "remove it: rows take the next place; `height:` is that of their panels"),
        "showTitle": ("title", "leave `title:` out for a row without one"),
    }),
    *_written("id", "titleSize"),
]  # fmt: skip
_TAB = [
    *_rename("name=title children=panels items=panels"),
    *_VISIBLE,
    *_explain({
        "collapsed": ("rows", "remove it: a tab is not folded; rows in it may be"),
        "hide_header": ("rows", "remove it: a tab is opened by its title"),
        "fill_screen": ("layout", "write `layout: {fill: true}`"),
    }),
]  # fmt: skip
_VARIABLE = [
    *_rename("""
        current=default options=values definition=query intervals=values defaultValue=default all=include_all
        expr=query text=label auto_min_interval=auto_min title=label multiple=multi multi_value=multi
    """),
    *_written("skipUrlSync", "selected", "id"),
]  # fmt: skip
_OVERRIDE = [
    *_rename("alias=name series=name field=name refId=query ref=query pattern=regex"),
    *_explain({
        "matchers": ("name regex matcher", "write `name:` or `regex:`, or `matcher:` with one of Grafana's"),
        "fieldConfig": ("unit custom", _CUSTOM),
        "options": ("custom", "write options of the panel type below `custom:`"),
    }),
]  # fmt: skip
_ANNOTATION = [
    *_rename("""
        expr=query iconColor=color titleFormat=title textFormat=text title_format=title
        datasourceUid=datasource matchAny=match_any target=query interval=step
    """),
    *_written("builtIn", "type", "showIn"),
]  # fmt: skip
_LINK = [
    *_rename("""
        targetBlank=new_tab includeVars=keep_variables dashboardUid=dashboard uid=dashboard uri=dashboard
        href=url link=url params=variables asDropdown=dropdown oneClick=one_click text=title name=title
        target=new_tab
    """),
    *_written("type"),
]  # fmt: skip
_ALERT = [
    *_rename("""
        expr=query expression=query title=alert name=alert data=queries noDataState=no_data
        execErrState=on_error isPaused=paused runbook_url=runbook message=summary threshold=when duration=for
        pending=for pending_period=for receiver=contact_point targets=queries
        missing_series_evals_to_resolve=missing_evaluations mute_time_intervals=mute_timings reducer=reduce
        range=over datasourceUid=datasource recovery=recover panelId=panel dashboardUid=panel
    """),
    *_explain({
        "condition": ("when on", "write `when: above 5`; `on:` names the query that it looks at"),
        "conditions": ("when", "write `when: above 5`"), "evaluator": ("when", "write `when: above 5`"),
        "notification_settings": ("contact_point", "write `contact_point:`, `mute_timings:` and `group_by:`"),
        "interval": ("", _ON_GROUP), "frequency": ("", _ON_GROUP + ", as `interval:`"),
        "every": ("", _ON_GROUP + ", as `interval:`"), "folderUID": ("", _ON_GROUP + ", as `folder:`"),
        "folder": ("", _ON_GROUP), "ruleGroup": ("", _ON_GROUP + ", as `group:`"),
    }),
    *_written("id", "orgID", "orgId", "provenance", "updated"),
]  # fmt: skip
_RECORDING = [
    *_rename("""
        expr=query expression=query metric=record name=record targetDatasourceUid=target
    """),
    *_explain({
        "for": ("", "remove it: a recording rule has none"),
        "annotations": ("", "remove it: a recording rule has none"),
        "when": ("", "start the rule with `alert:` if it is one"), "interval": ("", _ON_GROUP),
    }),
]  # fmt: skip
_GROUP = [
    *_rename("""
        name=group every=interval folderUid=folder folderUID=folder receiver=contact_point alerts=rules
        evaluation_interval=interval
    """),
    *_explain({"groups": ("group rules", "write one document for each group, with `group:` and `rules:`")}),
    *_written("orgId", "apiVersion"),
]  # fmt: skip
_CONTACT = [
    *_explain({
        "receivers": ("other", _RECEIVER),
        "type": ("other", _RECEIVER),
        "settings": ("other", _SETTINGS),
        "sms": ("sns", _SMS),
        "phone": ("oncall", _CALLS),
    }),
    *_rename("""
        msteams=teams microsoft_teams=teams google_chat=googlechat emails=email mail=email
        prometheus-alertmanager=alertmanager dingtalk=dingding wechat=wecom aws_sns=sns amazon_sns=sns
        splunk_oncall=victorops splunk=victorops grafana_oncall=oncall LINE=line sensu=sensugo http=webhook
        url=webhook addresses=email cisco_webex=webex
    """),
    *_written("orgId", "uid"),
]  # fmt: skip
_POLICY = [
    *_rename("""
        receiver=contact_point matchers=match object_matchers=match match_re=match groupBy=group_by
        mute_time_intervals=mute mute_timings=mute active_time_intervals=active children=routes
        policies=routes repeat=repeat_interval route=routes
    """),
    *_written("orgId", "provenance"),
]  # fmt: skip
_MUTE = [
    *_rename("""
        time_intervals=intervals days_of_month=days day_of_month=days weekday=weekdays days_of_week=weekdays
        timezone=location time_zone=location time=times start_time=times end_time=times hours=times
        month=months year=years
    """),
]  # fmt: skip
_INHIBITION = [
    *_rename("""
        source_matchers=source source_match=source source_match_re=source sourceMatchers=source
        target_matchers=target target_match=target target_match_re=target targetMatchers=target
        equal_labels=equal
    """),
]  # fmt: skip
_NOTIFICATIONS = [
    *_rename("""
        receivers=contact_points contactpoints=contact_points route=policies policy=policies routes=policies
        muteTimes=mute_timings mute_time_intervals=mute_timings mute_times=mute_timings
        time_intervals=mute_timings inhibit_rules=inhibition_rules inhibitionRules=inhibition_rules
        inhibitions=inhibition_rules
    """),
    *_written("apiVersion"),
]  # fmt: skip
_SOURCE = [
    *_rename("""
        isDefault=default is_default=default basicAuth=basic_auth basicAuthUser=basic_auth
        timeInterval=scrape_interval address=url host=url
    """),
    *_explain({
        "secureJsonData": ("raw", _SECRETS),
        "password": ("basic_auth", "write `basic_auth: {user: u, password: $PASSWORD}`"),
    }),
    *_written("orgId", "version", "readOnly", "id"),
]  # fmt: skip
_METRIC = [*_rename("description=help desc=help kind=type label_names=labels labelnames=labels")]

KEYS: Mapping[str, list[OtherWord]] = {
    "panel": _PANEL, "chart": _CHART, "query": _QUERY, "dashboard": _DASHBOARD, "row": _ROW, "tab": _TAB,
    "gradient": _GRADIENT, "layout": _LAYOUT, "condition": _CONDITION,
    "variable": _VARIABLE, "override": _OVERRIDE, "annotation": _ANNOTATION, "link": _LINK, "alert": _ALERT,
    "recording rule": _RECORDING, "rule group": _GROUP, "contact point": _CONTACT, "policy": _POLICY,
    "mute timing": _MUTE, "inhibition rule": _INHIBITION, "notifications": _NOTIFICATIONS,
    "data source": _SOURCE, "metric": _METRIC,
}  # fmt: skip
