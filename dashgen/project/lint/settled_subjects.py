"""The subjects of lint rules, from settled specs."""

from collections.abc import Iterable, Iterator

from dashgen.check.lint.places import SpecPlace
from dashgen.check.lint.subjects import (
    LintAnnotation,
    LintDashboard,
    LintGroup,
    LintLink,
    LintOverride,
    LintPanel,
    LintQuery,
    LintRow,
    LintRuleSubject,
    LintVariable,
)
from dashgen.model.alert_rules import AlertRule, query_items
from dashgen.model.colors import SCHEMES
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Link, Panel
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.model.settled_dashboard import (
    SettledDashboard,
    SettledPanel,
    SettledRow,
    SettledVariable,
    Thresholds,
)
from dashgen.model.settled_report import SettledReport
from dashgen.model.variable_spec import (
    VARIABLE_TYPES,
    ChoiceVariable,
    CustomVariable,
    DatasourceVariable,
    IntervalVariable,
    QueryVariable,
)
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path


def dashboard_subject(settled: SettledDashboard, resolved: Resolved, folder: str | None) -> LintDashboard:
    """A dashboard of a spec."""
    spec, place = settled.dashboard, SpecPlace(resolved)
    start, _, end = spec.time.partition(" to ")
    dashboard = LintDashboard(
        place=place,
        file=resolved.file,
        title=spec.title,
        uid=settled.uid,
        description=spec.description,
        folder=folder,
        tags=tuple(settled.tags),
        time=start if start.startswith("now") or end else f"now-{start}",
        time_to=end or "now",
        timezone=spec.timezone,
        refresh="" if spec.refresh == "off" else spec.refresh,
        editable=spec.editable,
    )
    dashboard.links = [
        LintLink(
            place=place.below("links", number),
            title=link.title,
            url=link.link.url or "",
            dashboard=link.link.dashboard or "",
            keep_time=link.link.keep_time,
            owner=dashboard,
        )
        for number, link in enumerate(settled.links)
    ]
    dashboard.rows = list(_rows(settled, dashboard, place))
    dashboard.variables = [_variable(variable, dashboard, place) for variable in settled.all_variables()]
    for annotation in settled.annotations:
        below = place.below(*annotation.path)
        text = getattr(annotation.annotation, "query", None)
        dashboard.annotations.append(
            LintAnnotation(
                place=below,
                name=annotation.annotation.name,
                query=_query(text, annotation.datasource, below, dashboard)
                if isinstance(text, str)
                else None,
                datasource=annotation.datasource.uid,
            )
        )
    return dashboard


def _query(
    text: str,
    source: DataSourceRef | None,
    place: SpecPlace,
    owner: LintDashboard | LintVariable | LintRuleSubject,
) -> LintQuery:
    return LintQuery(
        text=text,
        language=source.type if source else "",
        datasource=source.uid if source else "",
        place=place,
        owner=owner,
    )


def _rows(settled: SettledDashboard, dashboard: LintDashboard, place: SpecPlace) -> Iterator[LintRow]:
    """The rows and tabs, each with the one that it is in."""
    around: list[LintRow] = []
    taken: set[tuple[int, ...]] = set()
    for one in settled.rows:
        del around[one.level :]
        row = _row(one, dashboard, place)
        row.around = around[-1] if around else None
        if row.around is not None:
            row.around.holds_sections = True
        beside = tuple(map(id, around))
        row.is_first = beside not in taken
        if one.kind == "tab":
            taken.add(beside)
        row.is_arranged = one.layout is not None or settled.layout is not None
        around.append(row)
        yield row


def _row(settled: SettledRow, dashboard: LintDashboard, place: SpecPlace) -> LintRow:
    row = LintRow(
        kind=settled.kind,
        place=place.below(*settled.path),
        title=settled.title or "",
        collapsed=settled.collapsed,
        repeat=settled.repeat.by if settled.repeat else "",
        dashboard=dashboard,
    )
    row.panels = [_panel(panel, row, place) for panel in settled.panels]
    return row


def _panel(settled: SettledPanel, row: LintRow, place: SpecPlace) -> LintPanel:
    spec, grid = settled.panel, settled.grid
    below = place.below(*settled.path)
    panel = LintPanel(
        place=below,
        type=spec.type_id,
        title=spec.title,
        description=settled.description or "",
        unit=settled.unit,
        decimals=spec.decimals if isinstance(spec.decimals, int) else None,
        min=spec.min,
        max=spec.max,
        color=spec.color if isinstance(spec.color, str) and spec.color not in SCHEMES else None,
        no_value=spec.no_value,
        grid=(grid.x, grid.y, grid.w, grid.h),
        datasource_type=settled.datasource.type if settled.datasource else "",
        repeat=settled.repeat.by if settled.repeat else "",
        transformations=tuple(_transformation(one) for one in spec.transformations),
        overrides=tuple(_overrides(spec)),
        display_name=spec.display_name or "",
        has_mappings=bool(spec.mappings),
        time_from=spec.time_from or "",
        key=settled.key,
        row=row,
        dashboard=row.dashboard,
        spec=spec,
        derived=settled.derived,
    )
    if settled.thresholds is not None:
        _add_thresholds(panel, settled.thresholds, spec)
    _add_options(panel, spec)
    panel.links = list(_links(panel, below, spec))
    panel.queries = list(_queries(settled, panel, place, below))
    return panel


def _add_thresholds(panel: LintPanel, thresholds: Thresholds, spec: Panel) -> None:
    base, *steps = thresholds.steps
    panel.base_color = base.color
    panel.thresholds = tuple((step.value, step.color) for step in steps if step.value is not None)
    panel.thresholds_are_percentages = thresholds.percentage
    # A figure may have them and show none of their colours.
    shows = spec.color in (None, "thresholds") and _option(spec, "color_mode") != "none"
    panel.is_colored = spec.draws_thresholds and shows


def _add_options(panel: LintPanel, spec: Panel) -> None:
    """The options that only some types of panels have."""
    if hasattr(spec, "legend_mode"):
        panel.legend_mode = _option(spec, "legend_mode") or "list"
        panel.is_legend_right = _option(spec, "legend_placement") == "right"
    if hasattr(spec, "reduce"):
        panel.calcs = (_option(spec, "reduce"),)
    if spec.type_id == "text":
        panel.content, panel.content_mode = _option(spec, "content"), _option(spec, "mode")
    panel.text_mode = _option(spec, "text_mode")
    panel.shown_fields = _option(spec, "fields")


def _queries(
    settled: SettledPanel, panel: LintPanel, place: SpecPlace, below: SpecPlace
) -> Iterator[LintQuery]:
    # What a scaler brought is written there, and looked at there.
    for query in (one for one in settled.queries if not one.scaler):
        content = query.query.content
        if isinstance(content, str) and content.strip():
            at, keys = _query_place(place, below, query.path)
            yield LintQuery(
                text=content,
                language=query.datasource.type,
                datasource=query.datasource.uid,
                ref=query.ref,
                legend=query.legend,
                instant=query.instant and not query.both,
                is_table=query.format == "table",
                owner=panel,
                place=at,
                keys=keys,
            )


def _option(spec: Panel, name: str) -> str:
    """The text of an option that only some types of panels have."""
    value = getattr(spec, name, "")
    return value if isinstance(value, str) else ""


def _links(panel: LintPanel, place: SpecPlace, spec: Panel) -> Iterator[LintLink]:
    groups: list[tuple[Path, Iterable[Link]]] = [
        (("links",), spec.links),
        (("panel_links",), spec.panel_links),
        *((("overrides", number, "links"), one.links) for number, one in enumerate(spec.overrides)),
    ]
    for keys, links in groups:
        for number, link in enumerate(links):
            yield _link(panel, place.below(*keys, number), link)
    if isinstance(spec.drill_down, str):
        yield LintLink(place=place, dashboard=spec.drill_down, keep_time=True, owner=panel)
    elif spec.drill_down is not None:
        yield _link(panel, place.below("drill_down"), spec.drill_down)


def _link(panel: LintPanel, place: SpecPlace, link: Link) -> LintLink:
    return LintLink(
        place=place,
        title=link.title,
        url=link.url or "",
        dashboard=link.dashboard or "",
        keep_time=link.keep_time,
        owner=panel,
    )


def _overrides(spec: Panel) -> Iterator[LintOverride]:
    for number, override in enumerate(spec.overrides):
        matcher, fields = next(
            ((key, value) for key in _MATCHERS if (value := getattr(override, key)) is not None),
            (next(iter(override.matcher or {}), ""), ""),
        )
        options = {key: value for key in _FIELD_OPTIONS if (value := getattr(override, key)) is not None}
        yield LintOverride(matcher, fields, {**override.properties, **options}, ("overrides", number))


_MATCHERS = ("name", "regex", "type", "query")
_FIELD_OPTIONS = (
    "unit", "decimals", "min", "max", "color", "no_value", "thresholds", "mappings", "display_name",
)  # fmt: skip


def _query_place(place: SpecPlace, panel: SpecPlace, path: Path) -> tuple[SpecPlace, Path]:
    """Where a query stands, and its text below that: a query of the map form is its text."""
    whole = place.below(*path)
    if whole == panel or path == panel.path:
        return panel, ("query",)
    if isinstance(whole.value, str):
        return SpecPlace(whole.resolved, whole.path[:-1]), (whole.path[-1],)
    return whole, ("query",)


def _transformation(transformation: object) -> str:
    if isinstance(transformation, dict):
        return str(transformation.get("id") or next(iter(transformation), ""))
    return str(transformation)


_TYPE_NAMES = {model: name for name, model in VARIABLE_TYPES.items()}


def _variable(settled: SettledVariable, dashboard: LintDashboard, place: SpecPlace) -> LintVariable:
    spec, below = settled.variable, place.below(*settled.path)
    variable = LintVariable(
        place=below,
        name=spec.name,
        type=_TYPE_NAMES[type(spec)],
        label=spec.label or "",
        description=spec.description or "",
        hide=spec.hide,
        has_default=spec.default not in (None, "", []),
        dashboard=dashboard,
    )
    if isinstance(spec, ChoiceVariable):
        variable.multi, variable.include_all = spec.multi, spec.include_all
        variable.all_value = spec.all_value or ""
    if isinstance(spec, QueryVariable):
        variable.regex, variable.refresh = spec.regex, spec.refresh
        variable.query = _query(spec.query, settled.datasource, below, variable)
    elif isinstance(spec, CustomVariable):
        variable.values = tuple(value for _, value in spec.pairs())
        variable.is_list = isinstance(spec.values, list)
    elif isinstance(spec, IntervalVariable):
        variable.values = tuple(spec.values)
    elif isinstance(spec, DatasourceVariable):
        variable.plugin, variable.regex = spec.plugin, spec.regex
    return variable


def report_queries(report: SettledReport) -> Iterator[LintQuery]:
    """The queries of a report's figures and tables."""
    for query in report.queries():
        yield LintQuery(
            text=query.text,
            language=query.datasource.type,
            datasource=query.datasource.uid,
            instant=True,
            place=SpecPlace(report.document.resolved, query.path[:-1]),
        )


def group_subjects(groups: Iterable[SettledGroup]) -> Iterator[LintGroup]:
    """The groups of rules of specs."""
    for settled in groups:
        resolved = settled.document.resolved
        group = LintGroup(
            place=SpecPlace(resolved),
            file=resolved.file,
            name=settled.name,
            interval=settled.interval,
            folder=settled.folder,
        )
        for rule in settled.rules:
            place = SpecPlace(rule.placed.document.resolved, rule.placed.path)
            if isinstance(rule, SettledAlert):
                group.rules.append(_alert(rule, group, place))
            else:
                group.rules.append(_record(rule, group, place))
        yield group


def _alert(settled: SettledAlert, group: LintGroup, place: SpecPlace) -> LintRuleSubject:
    spec = settled.rule
    alert = LintRuleSubject(
        place=place,
        kind="alert",
        name=spec.alert,
        condition=settled.condition,
        labels=settled.labels,
        annotations=settled.annotations,
        for_="" if spec.for_ == "0s" else spec.for_,
        keep_firing_for=spec.keep_firing_for or "",
        evaluators=frozenset(settled.outputs),
        no_data=spec.no_data or "",
        on_error=spec.on_error,
        runbook=spec.runbook or settled.annotations.get("runbook_url", ""),
        contact_point=settled.contact_point or "",
        panel=spec.panel or "",
        mute_timings=tuple(spec.mute_timings),
        has_tests=bool(spec.tests),
        paused=spec.paused,
        group=group,
    )
    paths = _paths_of_queries(spec)
    for query, path in zip(settled.queries, paths, strict=False):
        text = query.query.content
        if query.datasource is not None and isinstance(text, str) and text.strip():
            at, keys = _query_place(SpecPlace(place.resolved), place, (*place.path, *path))
            alert.queries.append(
                LintQuery(
                    text=text,
                    language=query.datasource.type,
                    datasource=query.datasource.uid,
                    ref=query.ref,
                    instant=True,
                    owner=alert,
                    place=at,
                    keys=keys,
                )
            )
    # The query that the condition looks at is the last one.
    alert.queries.sort(key=lambda query: query.ref == settled.subject)
    return alert


def _paths_of_queries(spec: AlertRule) -> list[Path]:
    return [path if path != ("query",) else () for path, _, _ in query_items(spec)]


def _record(settled: SettledRecord, group: LintGroup, place: SpecPlace) -> LintRuleSubject:
    record = LintRuleSubject(
        place=place,
        kind="record",
        name=settled.rule.record,
        labels=settled.labels,
        evaluators=frozenset(settled.outputs),
        group=group,
    )
    record.queries = [_query(settled.rule.query, settled.datasource, place, record)]
    record.queries[0].instant = True
    return record
