"""The subjects of lint rules, from dashboards and rule files that others wrote."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import Final

from msgspec import Struct

from dashgen.check.check_files import File, find, read
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.file_kinds import FileKind, kind_of, may_be_artifact
from dashgen.check.lint.places import FilePlace
from dashgen.check.lint.subjects import (
    LintAnnotation,
    LintDashboard,
    LintGroup,
    LintLink,
    LintOverride,
    LintPanel,
    LintProject,
    LintQuery,
    LintRow,
    LintRuleSubject,
    LintVariable,
)
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, items, mapping, mappings, whole
from dashgen.formats.upgrade.envelope import NotADashboardError, SourceDashboard, find_dashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade

_TEXT_KEYS: Final = ("expr", "query")
_REFRESH: Final = ("never", "load", "time")
_HIDE: Final = ("nothing", "label", "variable", "menu")
_FIGURES: Final = ("stat", "gauge", "bargauge")
_ONE_COLOR: Final = ("fixed", "shades")
_RULE_LANGUAGES: Final = {FileKind.PROMETHEUS_RULES: "prometheus", FileKind.LOKI_RULES: "loki"}
_DASHBOARDS: Final = frozenset((FileKind.DASHBOARD, FileKind.RESOURCE, FileKind.API_BODY, FileKind.BARE_V2))


class ForeignTree(Struct):
    """Files that others wrote, as a project of subjects, their texts, and what could not be read.

    Dashboards are made subjects one by one: there may be thousands.
    """

    project: LintProject
    dashboard_files: list[Report] = []
    files: int = 0
    problems: list[Diagnostic] = []
    texts: dict[str, str] = {}

    def dashboards(self) -> Iterator[LintDashboard]:
        """The dashboards."""
        for report in self.dashboard_files:
            dashboard = file_dashboard(report)
            if dashboard is not None:
                yield dashboard


def read_foreign(paths: Sequence[FilePath], show: Callable[[FilePath], str]) -> ForeignTree:
    """Read dashboards and rule files for linting; files of other kinds are passed over.

    Args:
        paths: files and folders.
        show: how a path is written in findings.
    """
    tree = ForeignTree(LintProject(place=FilePlace(Report(NoFile()))))
    for source in find(paths, show):
        if isinstance(source, Diagnostic):
            tree.problems.append(source)
            continue
        read(source)
        tree.texts[source.shown] = source.text
        if source.document is None and not source.parts and may_be_artifact(source):
            tree.problems += source.problems
        for file in source.parts or [source]:
            _add(tree, file)
    return tree


class NoFile(Struct):
    """The place of what is about no part of a file, such as a tree as a whole."""

    file: str = "."
    data: None = None

    def location(self, _path: Path = (), *, key: bool = False) -> Location:  # noqa: ARG002  # an interface
        """The folder."""
        return Location(self.file)


def _add(tree: ForeignTree, file: File) -> None:
    kind = kind_of(file) if file.document else None
    if file.document is None or kind is None:
        return
    report = Report(file.document, file.path)
    if kind in _DASHBOARDS:
        tree.dashboard_files.append(report)
        tree.files += 1
    elif kind in _RULE_LANGUAGES:
        tree.project.groups += file_groups(report, _RULE_LANGUAGES[kind])
        tree.files += 1


def file_dashboard(report: Report) -> LintDashboard | None:
    """The dashboard of a file, upgraded to today's form; None when there is none in it."""
    notes = Notes()
    try:
        source = find_dashboard(report.data)
        data = upgrade(source, notes)
    except NotADashboardError:
        return None
    if _is_template(source.dashboard, notes.originals):
        return None
    return _Reader(report, source, notes).dashboard(data)


def _is_template(dashboard: Json, panels: Sequence[Json]) -> bool:
    """Whether another program makes a dashboard of it: rows are in rows, or no panel has a type."""
    if any("rows" in row for row in mappings(dashboard.get("rows"))):
        return True
    return bool(panels) and not any(text_of(panel.get("type")) for panel in panels)


class _Reader:
    """Makes subjects of an upgraded dashboard, whose parts are found in the original by their panels."""

    def __init__(self, report: Report, source: SourceDashboard, notes: Notes) -> None:
        self._report = report
        self._base = _base(report.data, source.dashboard)
        paths = {id(panel): path for path, panel in _located(source.dashboard)}
        self._row_paths = [
            (path, panel) for path, panel in _located(source.dashboard) if _is_row(path, panel)
        ]
        self._panel_paths = [paths.get(id(original), ()) for original in notes.originals]
        self._types: dict[str, str] = {}

    def dashboard(self, data: Json) -> LintDashboard:
        """The subject of the whole dashboard."""
        time = mapping(data.get("time"))
        dashboard = LintDashboard(
            place=self._place(()),
            file=self._report.place(()).file,
            title=text_of(data.get("title")),
            uid=text_of(data.get("uid")),
            description=text_of(data.get("description")),
            tags=tuple(text_of(tag) for tag in items(data.get("tags"))),
            time=text_of(time.get("from")),
            time_to=text_of(time.get("to")),
            timezone=text_of(data.get("timezone")),
            refresh=text_of(data.get("refresh")),
            editable=data.get("editable") is not False,
            is_spec=False,
            data=data,
        )
        dashboard.links = _links(data.get("links"), dashboard, self._place(("links",)))
        listed = mappings(mapping(data.get("templating")).get("list"))
        dashboard.variables = [self._variable(one, number, dashboard) for number, one in enumerate(listed)]
        self._types = {one.name: one.plugin for one in dashboard.variables if one.plugin}
        for variable, one in zip(dashboard.variables, listed, strict=True):
            self._add_query(variable, one)
        self._add_rows(dashboard, data)
        listed = mappings(mapping(data.get("annotations")).get("list"))
        dashboard.annotations = [
            self._annotation(one, number, dashboard) for number, one in enumerate(listed)
        ]
        return dashboard

    def _place(self, path: Path) -> FilePlace:
        return FilePlace(self._report, (*self._base, *path))

    def _source(self, data: Json, default: str = "") -> tuple[str, str]:
        """The type and the uid of the data source of a panel, a target or a variable."""
        ref = data.get("datasource")
        uid = text_of(mapping(ref).get("uid")) if isinstance(ref, dict) else text_of(ref)
        name = uid.strip("${}")
        return text_of(mapping(ref).get("type")) or self._types.get(name, "") or default, uid

    def _add_rows(self, dashboard: LintDashboard, data: Json) -> None:
        row = LintRow(place=self._place(()), title="", dashboard=dashboard)
        rows, number = [row], 0
        written = iter(self._row_paths)
        for panel in mappings(data.get("panels")):
            if panel.get("type") == "row":
                title = text_of(panel.get("title"))
                # Rows keep their order when a dashboard is upgraded, and some are left out.
                path = next((path for path, one in written if text_of(one.get("title")) == title), ())
                row = LintRow(
                    place=self._place(path),
                    title=title,
                    collapsed=panel.get("collapsed") is True,
                    repeat=text_of(panel.get("repeat")),
                    dashboard=dashboard,
                )
                rows.append(row)
                children = mappings(panel.get("panels"))
            else:
                children = [panel]
            for child in children:
                row.panels.append(self._panel(child, number, row))
                number += 1
        dashboard.rows = [one for one in rows if one.title or one.panels]

    def _panel(self, data: Json, number: int, row: LintRow) -> LintPanel:
        path = self._panel_paths[number] if number < len(self._panel_paths) else ()
        kind, _ = self._source(data)
        place = self._place(path)
        panel = LintPanel(
            place=place,
            type=text_of(data.get("type")),
            title=text_of(data.get("title")),
            description=text_of(data.get("description")),
            grid=_grid(data),
            datasource_type=kind,
            repeat=text_of(data.get("repeat")),
            transformations=tuple(text_of(one.get("id")) for one in mappings(data.get("transformations"))),
            overrides=tuple(_overrides(mapping(data.get("fieldConfig")).get("overrides"))),
            time_from=text_of(data.get("timeFrom")),
            row=row,
            dashboard=row.dashboard,
            options={"options": data.get("options"), "fieldConfig": data.get("fieldConfig")},
        )
        defaults = mapping(mapping(data.get("fieldConfig")).get("defaults"))
        _add_options(panel, mapping(data.get("options")))
        _add_field_options(panel, defaults)
        panel.links = [
            *_links(data.get("links"), panel, place.below("links")),
            *_links(defaults.get("links"), panel, place.below("fieldConfig", "defaults", "links")),
        ]
        for index, target in entries(data.get("targets")):
            query = self._query(target, kind, panel, place.below("targets", index))
            if query is not None:
                query.legend = text_of(target.get("legendFormat"))
                query.instant = target.get("instant") is True and target.get("range") is not True
                query.is_table = target.get("format") == "table"
                panel.queries.append(query)
        return panel

    def _query(
        self, data: Json, kind: str, owner: LintPanel | LintVariable | LintDashboard, place: FilePlace
    ) -> LintQuery | None:
        language, uid = self._source(data, kind)
        key = next((key for key in _TEXT_KEYS if isinstance(data.get(key), str) and data[key].strip()), "")
        if not key or data.get("hide") is True:
            return None
        if language == "tempo" and text_of(data.get("queryType")) not in ("traceql", "traceqlSearch"):
            return None
        ref = text_of(data.get("refId"))
        text = data[key]
        return LintQuery(
            text=text, language=language, datasource=uid, ref=ref, owner=owner, place=place, keys=(key,)
        )

    def _variable(self, data: Json, number: int, dashboard: LintDashboard) -> LintVariable:
        kind = text_of(data.get("type"))
        options = [text_of(option.get("value")) for option in mappings(data.get("options"))]
        return LintVariable(
            place=self._place(("templating", "list", number)),
            name=text_of(data.get("name")),
            type=kind,
            label=text_of(data.get("label")),
            description=text_of(data.get("description")),
            regex=text_of(data.get("regex")),
            refresh=_named(data.get("refresh"), _REFRESH) if kind == "query" else "",
            multi=data.get("multi") is True,
            include_all=data.get("includeAll") is True,
            all_value=text_of(data.get("allValue")),
            hide=_named(data.get("hide"), _HIDE),
            values=tuple(options) if kind in ("custom", "interval") else (),
            plugin=text_of(data.get("query")) if kind == "datasource" else "",
            has_default=mapping(data.get("current")).get("value") not in (None, "", []),
            dashboard=dashboard,
        )

    def _add_query(self, variable: LintVariable, data: Json) -> None:
        if variable.type != "query":
            return
        query = data.get("query")
        language, uid = self._source(data)
        text = text_of(query.get("query")) if isinstance(query, dict) else text_of(query)
        if text.strip():
            keys: Path = ("query", "query") if isinstance(query, dict) else ("query",)
            variable.query = LintQuery(
                text=text, language=language, datasource=uid, owner=variable, place=variable.place, keys=keys
            )

    def _annotation(self, data: Json, number: int, dashboard: LintDashboard) -> LintAnnotation:
        place = self._place(("annotations", "list", number))
        kind, uid = self._source(data)
        query = self._query(data, kind, dashboard, place)
        return LintAnnotation(place=place, name=text_of(data.get("name")), query=query, datasource=uid)


def _base(data: object, dashboard: Json) -> Path:
    """Where the dashboard is in its file: an answer of the API and a resource have it below a key."""
    for key in ("dashboard", "spec"):
        inner = mapping(data).get(key)
        if isinstance(inner, dict) and inner.get("title") == dashboard.get("title"):
            return (key,)
    return ()


def _is_row(path: Path, panel: Json) -> bool:
    return panel.get("type") == "row" or (path[0] == "rows" and len(path) == len(("rows", 0)))


def _located(dashboard: Json) -> Iterator[tuple[Path, Json]]:
    """The panels of a dashboard of any version with their paths: those of old rows too."""
    for key in ("panels", "rows"):
        for index, item in entries(dashboard.get(key)):
            yield (key, index), item
            yield from (((key, index, "panels", n), child) for n, child in entries(item.get("panels")))


def _links(links: object, owner: LintPanel | LintDashboard, place: FilePlace) -> list[LintLink]:
    return [
        LintLink(
            place=place.below(index),
            title=text_of(link.get("title")),
            url=text_of(link.get("url")),
            keep_time=link.get("keepTime") is True or "__url_time_range" in text_of(link.get("url")),
            owner=owner,
        )
        for index, link in entries(links)
    ]


def _add_options(panel: LintPanel, options: Json) -> None:
    legend, reduction = mapping(options.get("legend")), mapping(options.get("reduceOptions"))
    is_hidden = legend.get("showLegend") is False
    panel.legend_mode = "hidden" if is_hidden else text_of(legend.get("displayMode"))
    panel.is_legend_right = legend.get("placement") == "right"
    panel.text_mode = text_of(options.get("textMode"))
    panel.calcs = tuple(text_of(one) for one in items(reduction.get("calcs")))
    panel.shown_fields = text_of(reduction.get("fields"))
    panel.content, panel.content_mode = text_of(options.get("content")), text_of(options.get("mode"))
    panel.is_colored = panel.type in _FIGURES and options.get("colorMode") != "none"


def _add_field_options(panel: LintPanel, defaults: Json) -> None:
    """The field options; that of the colour may say that thresholds colour nothing."""
    color, thresholds = mapping(defaults.get("color")), mapping(defaults.get("thresholds"))
    panel.unit = text_of(defaults.get("unit")) or None
    panel.decimals = whole(defaults["decimals"]) if "decimals" in defaults else None
    panel.min, panel.max = _number(defaults.get("min")), _number(defaults.get("max"))
    panel.no_value = text_of(defaults.get("noValue")) or None
    panel.display_name = text_of(defaults.get("displayName"))
    panel.has_mappings = bool(defaults.get("mappings"))
    if color.get("mode") in _ONE_COLOR:
        panel.color = text_of(color.get("fixedColor")) or None
    panel.is_colored &= text_of(color.get("mode")) in ("", "thresholds")
    panel.thresholds_are_percentages = thresholds.get("mode") == "percentage"
    base, *steps = mappings(thresholds.get("steps")) or [{}]
    panel.base_color = text_of(base.get("color"))
    panel.thresholds = tuple(
        (float(value), text_of(step.get("color")))
        for step in steps
        if (value := _number(step.get("value"))) is not None
    )


_MATCHERS: Final = {"byName": "name", "byRegexp": "regex", "byType": "type", "byFrameRefID": "query"}
_PROPERTIES: Final = {"noValue": "no_value", "displayName": "display_name"}


def _overrides(overrides: object) -> Iterator[LintOverride]:
    for index, override in entries(overrides):
        matcher = mapping(override.get("matcher"))
        options: Json = {}
        for one in mappings(override.get("properties")):
            name, value = text_of(one.get("id")), one.get("value")
            if name == "color":
                fixed = mapping(value).get("mode") in _ONE_COLOR
                value = mapping(value).get("fixedColor" if fixed else "mode")
            options[_PROPERTIES.get(name, name)] = value
        kind = text_of(matcher.get("id"))
        keys: Path = ("fieldConfig", "overrides", index)
        yield LintOverride(_MATCHERS.get(kind, kind), text_of(matcher.get("options")), options, keys)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _grid(panel: Json) -> tuple[int, int, int, int]:
    grid = mapping(panel.get("gridPos"))
    x, y, w, h = (whole(grid.get(key)) for key in "xywh")
    return x, y, w, h


def _named(value: object, names: Sequence[str]) -> str:
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else names[0]


def file_groups(report: Report, language: str) -> Iterator[LintGroup]:
    """The groups of a rule file of Prometheus or Loki."""
    file = report.place(()).file
    for index, data in entries(mapping(report.data).get("groups")):
        place = FilePlace(report, ("groups", index))
        group = LintGroup(
            place=place,
            file=file,
            name=text_of(data.get("name")),
            interval=text_of(data.get("interval")),
            is_spec=False,
        )
        labels = mapping(data.get("labels"))
        for number, rule in entries(data.get("rules")):
            group.rules.append(_rule(rule, place.below("rules", number), group, language, labels))
        yield group


def _rule(data: Json, place: FilePlace, group: LintGroup, language: str, labels: Json) -> LintRuleSubject:
    kind = "alert" if "alert" in data else "record"
    annotations = {str(name): text_of(text) for name, text in mapping(data.get("annotations")).items()}
    rule = LintRuleSubject(
        place=place,
        kind=kind,
        name=text_of(data.get(kind)),
        labels={str(k): text_of(v) for k, v in {**labels, **mapping(data.get("labels"))}.items()},
        annotations=annotations,
        for_=text_of(data.get("for")),
        keep_firing_for=text_of(data.get("keep_firing_for")),
        evaluators=frozenset((language,)),
        runbook=annotations.get("runbook_url", ""),
        group=group,
        is_spec=False,
    )
    text = text_of(data.get("expr"))
    if text.strip():
        rule.queries = [
            LintQuery(text=text, language=language, instant=True, owner=rule, place=place, keys=("expr",))
        ]
    return rule
