"""What lint rules look at: the parts of dashboards and rules, wherever they were written.

A subject has what its server gets, with everything derived settled, and a `Place` that finds its parts in the
spec or file. Rules never see whether that was a spec or somebody else's JSON; where it matters,
``is_spec`` says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from msgspec import Struct, field

from dashgen.check.lint.lint_finding import FileEdit, LintProblem
from dashgen.check.lint.lint_selectors import LintSelector, logql_selectors, promql_selectors
from dashgen.check.lint.log_names import fields_of
from dashgen.check.lint.places import Place
from dashgen.check.lint.written_texts import texts_with_keys
from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.condition import Condition
from dashgen.model.duration import lenient_seconds
from dashgen.model.lint_settings import LintSettings, Policy
from dashgen.model.metric_units import MetricFacts
from dashgen.model.panel_spec import Panel
from dashgen.model.series_contract import SeriesContract
from dashgen.query import LANGUAGES, ParsedQuery, QueryShape, describe
from dashgen.query.logql import parse_logql
from dashgen.query.logql import walk as walk_logql
from dashgen.query.logql.nodes import Node as LogQLNode
from dashgen.query.logql.nodes import RangeFunction
from dashgen.query.promql.promql_nodes import MatrixSelector, SubqueryExpr
from dashgen.query.promql.promql_view import PromQLView, promql_view
from dashgen.query.traceql.traceql_facts import traceql_nodes
from dashgen.query.traceql.traceql_nodes import TraceQLNode
from dashgen.source.source import Path

_OVER_TIME: Final = frozenset(("timeseries", "graph", "heatmap", "state-timeline", "status-history", "trend"))
_REFERENCE = lazy_pattern(r"(?:\$\{?|\[\[)(\w+)")
_REPEATS = frozenset(("repeat", "by", "value", "variable"))
"""The keys below which the name of a variable stands alone."""


class LintSubject(Struct, kw_only=True, dict=True, eq=False):
    """What every subject has: its place."""

    place: Place

    def problem(
        self, message: str, *keys: str | int, hint: str = "", edits: tuple[FileEdit, ...] = ()
    ) -> LintProblem:
        """A problem at the value of ``keys``, such as ``panel.problem("no unit", "unit")``."""
        return LintProblem(message, keys, hint, edits=edits)

    def set(self, keys: Path, value: object) -> tuple[FileEdit, ...]:
        """The edit of a fix that writes a value; none for a file that nobody here owns."""
        return self.place.set(keys, value)

    def remove(self, keys: Path) -> tuple[FileEdit, ...]:
        """The edit of a fix that removes a value; none for a file that nobody here owns."""
        return self.place.remove(keys)


class LintQuery(LintSubject, kw_only=True):
    """A query of a panel, a rule, a variable or an annotation.

    Attributes:
        text: the query as it is written, with Grafana's variables.
        language: the type of its data source, such as ``prometheus`` or ``loki``; empty when that is unknown.
        datasource: the uid of its data source, or a variable such as ``$datasource``.
        ref: its ref, such as ``A``.
        legend: the legend format as Grafana gets it: a text with ``{{label}}``, ``__auto``, or empty.
        instant: whether it asks for one value now.
        is_table: whether its answer is a table.
        owner: what asks it.
        keys: where its text stands below the place.
    """

    text: str
    language: str
    datasource: str = ""
    ref: str = ""
    legend: str = ""
    instant: bool = False
    is_table: bool = False
    owner: "LintPanel | LintRuleSubject | LintVariable | LintDashboard | None" = None
    keys: Path = ("query",)

    @cached_property
    def facts(self) -> ParsedQuery | None:
        """What is known of it; nothing when it does not parse or its language has no parser."""
        grammar = LANGUAGES.get(self.language)
        parsed = grammar.parse(self.text) if grammar and self.text.strip() else None
        return None if parsed is None or parsed.error else parsed

    @cached_property
    def shape(self) -> QueryShape | None:
        """The kind of number that a PromQL query gives; nothing for another language."""
        return describe(self.text) if self.is_promql else None

    @cached_property
    def promql(self) -> PromQLView | None:
        """Its syntax tree; nothing when it is no PromQL that parses."""
        return promql_view(self.text) if self.language == "prometheus" and self.text.strip() else None

    @cached_property
    def selectors(self) -> list[LintSelector]:
        """Its selectors of series or streams."""
        if self.promql is not None:
            return promql_selectors(self.promql)
        return logql_selectors(self.logql)

    @cached_property
    def logql(self) -> Sequence[LogQLNode]:
        """The nodes of its syntax tree in the order of the text; none when it is no LogQL that parses."""
        tree = parse_logql(self.text).tree if self.language == "loki" and self.text.strip() else None
        return () if tree is None else tuple(walk_logql(tree))

    @cached_property
    def traceql(self) -> Sequence[TraceQLNode]:
        """The nodes of its syntax tree in the order of the text; none when it is no TraceQL that parses."""
        return traceql_nodes(self.text) if self.language == "tempo" and self.text.strip() else ()

    @cached_property
    def ranges(self) -> frozenset[float]:
        """The seconds of the ranges in a query that are written out, those of subqueries too."""
        nodes: list[MatrixSelector | SubqueryExpr] = []
        if self.promql is not None:
            nodes += [*self.promql.of(MatrixSelector), *self.promql.of(SubqueryExpr)]
        texts = [self.text[node.range.start : node.range.end] for node in nodes]
        texts += [node.range.range for node in self.logql if isinstance(node, RangeFunction)]
        return frozenset(seconds for text in texts if (seconds := lenient_seconds(text)) is not None)

    @property
    def is_drawn_over_time(self) -> bool:
        """Whether each step of a time range has a value of it on a panel."""
        return self.panel is not None and self.panel.type in _OVER_TIME and not self.instant

    @property
    def is_promql(self) -> bool:
        """Whether it is a PromQL query that parses."""
        return self.language == "prometheus" and self.facts is not None

    @property
    def is_logql(self) -> bool:
        """Whether it is a LogQL query that parses."""
        return self.language == "loki" and self.facts is not None

    @property
    def rule(self) -> "LintRuleSubject | None":
        """The alert or recording rule that asks it, if it is one."""
        return self.owner if isinstance(self.owner, LintRuleSubject) else None

    @property
    def panel(self) -> "LintPanel | None":
        """The panel that asks it, if it is one."""
        return self.owner if isinstance(self.owner, LintPanel) else None

    def at(self, offset: int, message: str, hint: str = "", edits: tuple[FileEdit, ...] = ()) -> LintProblem:
        """A problem at a character of the text."""
        return LintProblem(message, self.keys, hint, offset, edits=edits, query=self)

    def problem(
        self, message: str, *keys: str | int, hint: str = "", edits: tuple[FileEdit, ...] = ()
    ) -> LintProblem:
        """A problem at the value of ``keys`` of the query, such as its legend."""
        return LintProblem(message, keys, hint, edits=edits, query=self)

    def replacing(self, start: int, end: int, text: str) -> tuple[FileEdit, ...]:
        """The edit of a fix that replaces a part of the text."""
        return self.place.set(self.keys, self.text[:start] + text + self.text[end:])


class LintLink(LintSubject, kw_only=True):
    """A link of a dashboard, a panel or its values.

    Attributes:
        url: its address; empty for one to a dashboard or to tags.
        dashboard: the uid of the dashboard that a spec names.
        keep_time: whether the time range goes along.
    """

    title: str = ""
    url: str = ""
    dashboard: str = ""
    keep_time: bool = False
    owner: "LintPanel | LintDashboard"


class LintOverride(NamedTuple):
    """Other options of some fields of a panel, in the words of specs, such as ``unit`` and ``color``.

    ``matcher`` is ``name``, ``regex``, ``type``, ``query`` or another of Grafana's; ``keys`` is where the
    override stands below the panel.
    """

    matcher: str
    fields: str
    options: Mapping[str, Any]
    keys: Path


class LintPanel(LintSubject, kw_only=True):
    """A panel; rows are `LintRow`.

    Attributes:
        type: its type in Grafana, such as ``timeseries``.
        unit: Grafana's unit id, derived ones too; None when there is none.
        thresholds: the values of its steps after the base, with their colours.
        grid: x, y, width and height on the grid of 24 columns.
        color: the one colour of everything in it, if it has one.
        legend_mode: ``list``, ``table`` or ``hidden``; empty for a type without a legend.
        is_legend_right: whether the legend stands beside the graph.
        text_mode: what a stat panel shows, such as ``value_and_name``.
        calcs: how a series becomes one value, such as ``lastNotNull``.
        content: the text of a text panel, with ``content_mode``: ``markdown``, ``html`` or ``code``.
        has_mappings: whether texts stand for values.
        shown_fields: the fields that a stat or gauge shows: numbers when empty, else a name or a pattern.
        is_colored: whether its thresholds colour what it shows.
        time_from: its own time range, such as ``24h``; empty for the dashboard's.
        key: the stable name of a spec's panel.
        options: its options, field defaults and overrides in Grafana's JSON: ``{"options": …, "fieldConfig":
            …}``; empty for a spec, which has them in ``spec``.
        spec: the panel of a spec, with its words as they are written; None for a file.
        derived: the keys of the spec language that dashgen filled in, with the reason.
    """

    type: str
    title: str
    description: str = ""
    unit: str | None = None
    decimals: int | None = None
    min: float | None = None
    max: float | None = None
    thresholds: tuple[tuple[float, str], ...] = ()
    base_color: str = ""
    thresholds_are_percentages: bool = False
    color: str | None = None
    no_value: str | None = None
    grid: tuple[int, int, int, int] = (0, 0, 0, 0)
    datasource_type: str = ""
    queries: list[LintQuery] = []
    links: list[LintLink] = []
    repeat: str = ""
    transformations: tuple[str, ...] = ()
    overrides: tuple[LintOverride, ...] = ()
    display_name: str = ""
    legend_mode: str = ""
    is_legend_right: bool = False
    text_mode: str = ""
    calcs: tuple[str, ...] = ()
    content: str = ""
    content_mode: str = ""
    has_mappings: bool = False
    shown_fields: str = ""
    is_colored: bool = False
    time_from: str = ""
    key: str = ""
    row: "LintRow | None" = None
    dashboard: "LintDashboard"
    options: Json = {}
    spec: Panel | None = None
    derived: Mapping[str, str] = {}

    @property
    def is_spec(self) -> bool:
        """Whether it is written in a spec."""
        return self.spec is not None

    @property
    def shown_colors(self) -> tuple[str, ...]:
        """The colours of its thresholds upwards; what lies below zero is mostly never there, and has any."""
        colors = tuple(color for _, color in self.thresholds)
        is_first_reached = not self.thresholds or self.thresholds[0][0] > 0
        return (self.base_color, *colors) if is_first_reached else colors

    def overrides_any(self, *options: str) -> bool:
        """Whether an override sets one of some options, such as ``unit``."""
        return any(option in one.options for one in self.overrides for option in options)

    @property
    def words(self) -> str:
        """The panel in a message."""
        return f"the panel `{self.title}`" if self.title else f"a {self.type} panel without a title"

    def subjects(self) -> Iterator[LintSubject]:
        """The panel, its links and its queries."""
        yield self
        yield from self.links
        yield from self.queries


class LintRow(LintSubject, kw_only=True):
    """A row or tab; its title is empty for the panels above all rows.

    Attributes:
        kind: ``row`` or ``tab``.
        around: the row or tab that it is in.
        is_first: whether no other tab is before it beside it.
        holds_sections: whether rows or tabs are in it, whose panels are theirs.
        is_arranged: whether Grafana arranges its panels by itself, so that they have no places.
    """

    title: str
    collapsed: bool = False
    repeat: str = ""
    panels: list[LintPanel] = []
    dashboard: "LintDashboard"
    kind: str = "row"
    around: "LintRow | None" = None
    is_first: bool = True
    holds_sections: bool = False
    is_arranged: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its panels are shown when the dashboard is opened: not in a folded row or another tab."""
        around = self.around is None or self.around.is_open
        return around and not self.collapsed and (self.kind != "tab" or self.is_first)


class LintVariable(LintSubject, kw_only=True):
    """A variable of a dashboard.

    Attributes:
        type: ``query``, ``custom``, ``interval``, ``datasource``, ``textbox``, ``constant``, ``switch`` or
            ``adhoc``.
        query: the query of a query variable.
        refresh: ``never``, ``load`` or ``time``.
        hide: ``nothing``, ``label`` or ``variable``.
        values: the choices of a custom or interval variable.
        has_default: whether a value is chosen at first.
        is_list: whether `values` are written as a list.
        plugin: the data source type of a ``datasource`` variable.
    """

    name: str
    type: str
    label: str = ""
    description: str = ""
    query: LintQuery | None = None
    regex: str = ""
    refresh: str = ""
    multi: bool = False
    include_all: bool = False
    all_value: str = ""
    hide: str = "nothing"
    values: tuple[str, ...] = ()
    plugin: str = ""
    has_default: bool = False
    is_list: bool = False
    dashboard: "LintDashboard"


class LintAnnotation(LintSubject, kw_only=True):
    """A query whose results are drawn as events."""

    name: str
    query: LintQuery | None = None
    datasource: str = ""


class LintDashboard(LintSubject, kw_only=True):
    """A dashboard.

    Attributes:
        file: its file, as it is shown to the user.
        time: the beginning of its time range at first, such as ``now-6h``.
        refresh: how often it reloads, such as ``30s``; empty for never.
        is_spec: whether it is a spec.
        data: Grafana's JSON of a file; empty for a spec.
    """

    file: str
    title: str
    uid: str = ""
    description: str = ""
    folder: str | None = None
    tags: tuple[str, ...] = ()
    time: str = ""
    time_to: str = "now"
    timezone: str = ""
    refresh: str = ""
    editable: bool = True
    rows: list[LintRow] = []
    variables: list[LintVariable] = []
    annotations: list[LintAnnotation] = []
    links: list[LintLink] = []
    is_spec: bool = True
    data: Json = {}

    @property
    def panels(self) -> list[LintPanel]:
        """Its panels, in the order of their places; rows are no panels."""
        return [panel for row in self.rows for panel in row.panels]

    @property
    def queries(self) -> Iterator[LintQuery]:
        """The queries of its panels, variables and annotations."""
        for panel in self.panels:
            yield from panel.queries
        for variable in self.variables:
            if variable.query is not None:
                yield variable.query
        for annotation in self.annotations:
            if annotation.query is not None:
                yield annotation.query

    @property
    def all_links(self) -> Iterator[LintLink]:
        """Its links, and those of its panels."""
        yield from self.links
        for panel in self.panels:
            yield from panel.links

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """Every text in it as it is written, with the key that it stands below."""
        return list(texts_with_keys(self.place.value))

    @cached_property
    def used_names(self) -> frozenset[str]:
        """The names that its texts refer to as variables: in queries, titles, links and repetitions."""
        names: set[str] = set()
        for key, text in self.texts:
            if "$" in text or "[[" in text:
                names.update(match[1] for match in _REFERENCE.finditer(text))
            elif key in _REPEATS:
                names.add(text)
        return frozenset(names)

    @property
    def has_library_panels(self) -> bool:
        """Whether some panels are kept elsewhere, so that their queries are not known."""
        return any(not panel.type or panel.type.startswith("library-panel") for panel in self.panels)

    def variable(self, name: str) -> LintVariable | None:
        """The variable of this name."""
        return next((variable for variable in self.variables if variable.name == name), None)

    def subjects(self) -> Iterator[LintSubject]:
        """The dashboard, and everything in it that a rule may look at, besides its panels."""
        yield self
        yield from self.rows
        yield from self.variables
        yield from self.annotations
        yield from self.links
        queries = [one.query for one in self.variables] + [one.query for one in self.annotations]
        yield from (query for query in queries if query is not None)

    def take_apart(self) -> None:
        """Let go of its parts, which refer to it: memory is free at once, without a search for cycles."""
        for panel in self.panels:
            panel.queries, panel.links = [], []
        for row in self.rows:
            row.panels = []
        for variable in self.variables:
            variable.query = None
        self.rows, self.variables, self.annotations, self.links = [], [], [], []


class DashboardFacts(Struct, frozen=True):
    """What is remembered of a dashboard for rules about several: dashboards themselves come one by one.

    Attributes:
        location: its title.
        metrics: the metrics that its queries read, by the names as they are written.
        functions: the functions that its queries call.
        links: the addresses that it and its panels link to.
        log_names: the fields and labels that its log queries read.
    """

    file: str
    title: str
    uid: str
    folder: str | None
    tags: tuple[str, ...]
    timezone: str
    is_spec: bool
    location: Location
    metrics: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    log_names: frozenset[str] = frozenset()

    def problem(self, message: str, hint: str = "") -> LintProblem:
        """A problem at its title."""
        return LintProblem(message, hint=hint, location=self.location)


def facts_of(dashboard: LintDashboard) -> DashboardFacts:
    """What is remembered of a dashboard."""
    parsed = [facts for query in dashboard.queries if (facts := query.facts) is not None]
    return DashboardFacts(
        dashboard.file,
        dashboard.title,
        dashboard.uid,
        dashboard.folder,
        dashboard.tags,
        dashboard.timezone,
        dashboard.is_spec,
        dashboard.place.location(("title",)),
        frozenset(metric.name for facts in parsed for metric in facts.metrics),
        frozenset(function for facts in parsed for function in facts.functions),
        tuple(link.url for link in dashboard.all_links if link.url),
        frozenset(name for query in dashboard.queries for name in fields_of(query.logql)),
    )


class LintRuleSubject(LintSubject, kw_only=True):
    """An alert rule or a recording rule.

    Attributes:
        kind: ``alert`` or ``record``.
        queries: its queries, those of an alert's expressions without.
        condition: an alert's condition as the spec has it; None for a rule file, whose query has it.
        labels: its labels with those of its group; ``severity`` too.
        annotations: its annotations with ``summary`` and ``description``.
        for_: how long the condition holds before it fires, such as ``5m``; empty for not at all.
        evaluators: ``grafana``, ``prometheus``, ``loki``: who evaluates it.
        no_data: what it does without data, in the words of specs; empty when nothing says so.
        mute_timings: the mute timings that it names itself.
        has_tests: whether it has tests.
        panel: the panel that shows it, as ``uid/key``; empty without.
    """

    kind: str
    name: str
    queries: list[LintQuery] = []
    condition: Condition | None = None
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    for_: str = ""
    keep_firing_for: str = ""
    evaluators: frozenset[str] = frozenset()
    no_data: str = ""
    on_error: str = ""
    runbook: str = ""
    contact_point: str = ""
    panel: str = ""
    mute_timings: tuple[str, ...] = ()
    has_tests: bool = False
    paused: bool = False
    group: "LintGroup"
    is_spec: bool = True

    @property
    def is_alert(self) -> bool:
        """Whether it fires, rather than records."""
        return self.kind == "alert"

    @property
    def query(self) -> LintQuery | None:
        """The query that the condition looks at; the only one of a recording rule."""
        return self.queries[-1] if self.queries else None


class LintGroup(LintSubject, kw_only=True):
    """A group of rules that are evaluated together.

    ``interval`` is how often, such as ``1m``; empty in a rule file whose server decides.
    """

    file: str
    name: str
    interval: str = "1m"
    folder: str = ""
    rules: list[LintRuleSubject] = []
    is_spec: bool = True

    def subjects(self) -> Iterator[LintSubject]:
        """The group, its rules and their queries."""
        yield self
        for rule in self.rules:
            yield rule
            yield from rule.queries


class LintProject(LintSubject, kw_only=True):
    """Everything that is linted together.

    Dashboards are looked at one by one, so that memory does not grow with their number: a rule about several
    of them looks at the project, last of all, and has the facts of each. Groups of rules are there from the
    beginning.

    Attributes:
        dashboards: the facts of its dashboards; those that were looked at before.
        groups: its groups of rules.
        report_queries: the queries of its reports.
        contract: the series of its metric contract; None without one.
        units: Grafana's unit ids of the metrics in the contract, by name.
        documents: the typed documents by kind, such as ``Notifications``; empty for files.
        sources: the data source types by uid.
        scrape_interval: how often Prometheus reads its targets, such as ``15s``; empty when nothing says so.
        settings: which rules run, and their options.
        policy: what the organisation demands.
        is_part: whether only some of the dashboards are there, so that nothing can be said of all.
    """

    dashboards: list[DashboardFacts] = []
    groups: list[LintGroup] = []
    report_queries: list[LintQuery] = []
    contract: SeriesContract | None = None
    units: Mapping[str, str] = {}
    documents: Mapping[str, list[Any]] = {}
    sources: Mapping[str, str] = {}
    scrape_interval: str = ""
    settings: LintSettings = field(default_factory=LintSettings)
    policy: Policy = field(default_factory=Policy)
    is_part: bool = False

    @cached_property
    def metric_facts(self) -> Mapping[str, MetricFacts]:
        """What the contract has for the metrics that have a unit there."""
        return {name: MetricFacts("", unit, "") for name, unit in self.units.items()}

    def option(self, rule: str, name: str, default: Any) -> Any:
        """An option of a rule, from ``lint.options`` of the project file."""
        return self.settings.options.get(rule, {}).get(name, default)

    @property
    def rules(self) -> Iterator[LintRuleSubject]:
        """Its alert and recording rules."""
        for group in self.groups:
            yield from group.rules

    @property
    def log_names(self) -> frozenset[str]:
        """The fields and labels that its log queries read."""
        names = {name for dashboard in self.dashboards for name in dashboard.log_names}
        names.update(name for rule in self.rules for query in rule.queries for name in fields_of(query.logql))
        return frozenset(names)

    @cached_property
    def recorded(self) -> Mapping[str, LintQuery]:
        """The queries of its recording rules, by the names of the series that they record."""
        records = (rule for rule in self.rules if not rule.is_alert and rule.query is not None)
        return {rule.name: rule.queries[-1] for rule in records}

    @cached_property
    def recorded_texts(self) -> Mapping[str, str]:
        """The names of the series that its recording rules record, by their PromQL without spaces."""
        return {
            "".join(query.text.split()): name
            for name, query in self.recorded.items()
            if query.language == "prometheus"
        }

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that its dashboards, rules and scalers read."""
        names = {name for dashboard in self.dashboards for name in dashboard.metrics}
        queries = (query for rule in self.rules for query in rule.queries)
        names.update(metric.name for query in queries if query.facts for metric in query.facts.metrics)
        loads = (document.model.load for document in self.documents.get("Scaler", ()))
        names.update(use.name for load in loads for use in LANGUAGES["prometheus"].parse(load).metrics)
        return frozenset(names)
