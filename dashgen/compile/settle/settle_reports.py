"""Reports with everything settled: data sources, units, targets, recipients, and what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.settle.query_meaning import QueryUse
from dashgen.compile.settle.query_text import QueryContext, query_faults, report_faults
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.core.diagnostics import Diagnostic, Related, Severity, nearest
from dashgen.model.alert_rules import slug
from dashgen.model.base import as_list
from dashgen.model.condition import Condition, ConditionProblem, Kind, parse_condition
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.derived_units import derive_unit
from dashgen.model.document import SpecDocument
from dashgen.model.mail_addresses import address_problem, mail_addresses
from dashgen.model.metric_units import MetricFacts
from dashgen.model.report_spec import (
    COMPARISONS,
    ComparisonWord,
    ReportFigure,
    ReportSection,
    ReportSpec,
    ReportTable,
)
from dashgen.model.report_text import ReportTextFault, form_faults, value_uses
from dashgen.model.series_contract import SeriesContract
from dashgen.model.settled_report import (
    ReportQuery,
    SettledChart,
    SettledFigure,
    SettledReport,
    SettledSection,
    SettledTable,
)
from dashgen.model.times import zone_hint, zone_problem
from dashgen.model.units_catalogue import unit_problem
from dashgen.query import describe
from dashgen.query.required_versions import DEFAULT_TARGETS, TargetServers
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

T = TypeVar("T")
LANGUAGES: Final = ("prometheus", "loki")
_COMPARABLE: Final = {
    "day": ("day before", "same weekday last week", "four weeks before"),
    "week": ("week before", "four weeks before"),
}
_RANGES: Final = frozenset(
    ("__range", "__range_s", "__range_ms", "__from", "__to", "__interval", "__interval_ms", "__rate_interval")
)
_OF_FIGURE: Final = ("change", "before", "target")
_OWN: Final = ("value", *_OF_FIGURE, "label", "period")
_FIGURE: Final = QueryUse("a figure of a report", needs_numbers=True, is_range=True, counts_up=True)
_TABLE: Final = QueryUse("a table of a report", needs_numbers=True, is_range=True, counts_up=True)
_HIGHER: Final = frozenset((Kind.ABOVE, Kind.AT_LEAST))
_LOWER: Final = frozenset((Kind.BELOW, Kind.AT_MOST))


class ReportReferences(Struct, frozen=True):
    """What reports may refer to.

    Attributes:
        sources: every data source by alias.
        panel_ids: the numbers of panels, by the uid of their dashboard and their key; None where dashboards
            are not known.
        emails: the addresses of each contact point; empty for one without an e-mail.
        facts: the unit of each metric.
        contract: the series that the contract allows.
        targets: the servers that queries are written for.
    """

    sources: Sources
    panel_ids: Mapping[str, Mapping[str, int]] | None = None
    emails: Mapping[str, Sequence[str]] = {}
    facts: Mapping[str, MetricFacts] = {}
    contract: SeriesContract | None = None
    targets: TargetServers = DEFAULT_TARGETS


def settle_reports(
    documents: Iterable[SpecDocument[ReportSpec]], context: ReportReferences
) -> tuple[list[SettledReport], list[Diagnostic]]:
    """Every report without what is wrong in it, and all that is wrong."""
    diagnostics: list[Diagnostic] = []
    reports: dict[str, SettledReport] = {}
    for document in documents:
        report = _ReportSettler(document, context, Reporter(document.resolved, diagnostics=diagnostics))
        settled = report.settled()
        first = reports.setdefault(document.model.uid, settled)
        if first is not settled:
            related = (Related("the other one", first.location),)
            message = f"two reports have the uid `{document.model.uid}`"
            finding = document.resolved.diagnostic(
                "report/duplicate-uid", message, ("uid",), "give each its own"
            )
            diagnostics.append(replace(finding, related=(*related, *finding.related)))
    return list(reports.values()), diagnostics


class _ReportSettler:
    def __init__(
        self, document: SpecDocument[ReportSpec], context: ReportReferences, report: Reporter
    ) -> None:
        self._document = document
        self._spec = document.model
        self._context = context
        self._report = report
        self._figures: dict[str, Path] = {}

    def settled(self) -> SettledReport:
        spec = self._spec
        if zone_problem(spec.timezone) or spec.timezone.lower() in ("", "browser"):
            message = f"`{spec.timezone}` is not a time zone"
            self._report.error("report/timezone", message, ("timezone",), zone_hint(spec.timezone))
        # Names first: a text may use a figure of a later section.
        sections = [self._section(section, ("sections", i)) for i, section in enumerate(spec.sections)]
        if spec.text:
            self._check_text(spec.text, ("text",))
        for i, section in enumerate(spec.sections):
            if section.text:
                self._check_text(section.text, ("sections", i, "text"))
        self._check_schedule()
        return SettledReport(self._document, self._compare(), self._recipients(), tuple(sections))

    # Time

    def _check_schedule(self) -> None:
        spec = self._spec
        if spec.schedule is None:
            return
        if spec.period == "week" and spec.schedule.startswith("daily"):
            message = "a report of a week would be sent on seven days"
            hint = "write `weekly on monday at 07:30`, or `period: day`"
            self._report.error("report/schedule", message, ("schedule",), hint)
        elif spec.period == "day" and spec.schedule.startswith("weekly"):
            message = "a report of a day that is sent weekly leaves out six days of seven"
            hint = "write `daily at 07:00`, or `period: week`"
            self._report.warn("report/schedule", message, ("schedule",), hint)
        if not as_list(spec.recipients):
            message = "the report has a schedule, and nobody gets it"
            self._report.error("report/recipients", message, ("schedule",), "add `recipients:`")

    def _compare(self) -> tuple[ComparisonWord, ...]:
        spec = self._spec
        if spec.compare is None:
            return COMPARISONS[spec.period]
        for i, word in enumerate(spec.compare):
            if word not in _COMPARABLE[spec.period]:
                message = f"a {spec.period} has no `{word}` to compare with"
                hint = "write " + " or ".join(f"`{one}`" for one in _COMPARABLE[spec.period])
                self._report.error("report/compare", message, ("compare", i), hint)
        comparable = (word for word in spec.compare if word in _COMPARABLE[spec.period])
        return tuple(dict.fromkeys(comparable))

    # People

    def _recipients(self) -> tuple[str, ...]:
        written = self._spec.recipients
        recipients: list[str] = []
        for i, name in enumerate(as_list(written)):
            path: Path = ("recipients",) if isinstance(written, str) else ("recipients", i)
            recipients += self._addresses(name, path)
        return tuple(dict.fromkeys(recipients))

    def _addresses(self, name: str, path: Path) -> Sequence[str]:
        emails = self._context.emails
        if name in emails:
            if not emails[name]:
                message = f"the contact point `{name}` has no e-mail"
                hint = "add `email:` to it, or write the addresses here"
                self._report.error("report/recipients", message, path, hint)
            return emails[name]
        if "@" in name or name.startswith("$"):
            if problem := address_problem(name):
                self._report.error(
                    "report/recipients", problem, path, "write one address, such as ops@example.com"
                )
                return ()
            return mail_addresses(name)
        hint = nearest(name, emails) or "write an address, or define it in a `Notifications` document"
        self._report.error("report/recipients", f"there is no contact point `{name}`", path, hint)
        return ()

    # Sections

    def _section(self, section: ReportSection, path: Path) -> SettledSection:
        figures = [self._figure(one, (*path, "figures", i)) for i, one in enumerate(section.figures)]
        tables = [self._table(one, (*path, "tables", i)) for i, one in enumerate(section.tables)]
        charts = [self._chart(i, section, (*path, "charts", i)) for i in range(len(section.charts))]
        if not (section.text or section.figures or section.tables or section.charts):
            hint = "add `text:`, `figures:`, `tables:` or `charts:`"
            self._report.warn("report/empty", f"the section `{section.title}` is empty", path, hint)
        return SettledSection(
            section.title, section.text or "", _present(figures), _present(tables), _present(charts)
        )

    def _figure(self, spec: ReportFigure, path: Path) -> SettledFigure | None:
        name = self._name(spec, path)
        query = self._query(spec, _FIGURE, path)
        target = self._target(spec, path)
        if spec.sentence is not None:
            self._check_sentence(spec.sentence, (*path, "sentence"), has_target=target is not None)
        if query is None:
            return None
        return SettledFigure(spec, name, query, target, spec.better or _better(target))

    def _name(self, spec: ReportFigure, path: Path) -> str:
        name = spec.name or slug(spec.title, "figure").replace("-", "_")
        if name[:1].isdigit():
            name = f"figure_{name}"
        if name in self._figures or name in _OWN:
            key = "name" if spec.name else "title"
            taken = "two figures are called" if name in self._figures else "no figure can be called"
            self._report.error("report/name", f"{taken} `{name}`", (*path, key), "give it another `name`")
        self._figures[name] = path
        return name

    def _target(self, spec: ReportFigure, path: Path) -> Condition | None:
        if spec.target is None:
            return None
        condition = parse_condition(spec.target)
        if isinstance(condition, ConditionProblem):
            problem = condition
        elif not condition.values:
            message = f"`{spec.target}` is no target of a number"
            problem = ConditionProblem(message, "write for example `at least 5`")
        elif spec.unit == "percent" and "%" in spec.target:
            message = f"`{spec.target}` is a part of 1, and the unit `percent` is of 100"
            problem = ConditionProblem(message, "leave out the `%`, or use the unit `percentunit`")
        else:
            return condition
        self._report.error("report/target", problem.message, (*path, "target"), problem.hint)
        return None

    def _table(self, spec: ReportTable, path: Path) -> SettledTable | None:
        query = self._query(spec, _TABLE, path)
        if spec.compare and not self._compare_words():
            message = "the report is compared with nothing"
            self._report.error("report/compare", message, (*path, "compare"), "add `compare:` to the report")
        return SettledTable(spec, query) if query is not None else None

    def _compare_words(self) -> Sequence[str]:
        return COMPARISONS[self._spec.period] if self._spec.compare is None else self._spec.compare

    def _chart(self, number: int, section: ReportSection, path: Path) -> SettledChart | None:
        spec = section.charts[number]
        dashboard, _, key = spec.panel.partition("/")
        panel_ids = self._context.panel_ids
        panel_id = 0 if panel_ids is None else panel_ids.get(dashboard, {}).get(key)
        if panel_id is None:
            names = [f"{uid}/{one}" for uid, panels in (panel_ids or {}).items() for one in panels]
            message, hint = f"there is no panel `{spec.panel}`", nearest(spec.panel, names)
            self._report.error("report/panel", message, (*path, "panel"), hint)
            return None
        location = self._document.resolved.origin((*path, "panel")).location()
        return SettledChart(spec, dashboard, key, panel_id, location)

    # Queries

    def _query(self, spec: ReportFigure | ReportTable, use: QueryUse, path: Path) -> ReportQuery | None:
        source = self._source(spec, path)
        if source is None:
            return None
        where: Path = (*path, "query")
        if not spec.query.strip():
            self._report.error("report/query", "the query is empty", where, "write the query")
            return None
        before = len(self._report.diagnostics)
        context = QueryContext(self._context.contract, _RANGES, targets=self._context.targets)
        faults = query_faults(spec.query, source.type, context, use)
        report_faults(faults, self._report.at(where), spec.query)
        if any(one.severity is Severity.ERROR for one in self._report.diagnostics[before:]):
            return None
        unit, reason = self._unit(spec, source.type, path)
        location = self._document.resolved.origin(where).location()
        return ReportQuery(spec.query, source, unit, reason, where, location)

    def _source(self, spec: ReportFigure | ReportTable, path: Path) -> DataSourceRef | None:
        name = spec.datasource or self._spec.datasource
        at: Path = (*path, "datasource") if spec.datasource else ("datasource",)
        if not spec.datasource and "datasource" not in self._document.resolved.data:
            at = (*path, "query")
        source = self._context.sources.find(name)
        if source is None:
            message, hint = f"there is no data source `{name}`", self._context.sources.hint(name)
        elif source.type not in LANGUAGES:
            message = f"reports read Prometheus and Loki, and `{name}` is of type `{source.type}`"
            hint = "name another data source"
        else:
            return source
        self._report.error("report/datasource", message, at, hint)
        return None

    def _unit(self, spec: ReportFigure | ReportTable, language: str, path: Path) -> tuple[str, str]:
        if spec.unit is not None:
            if problem := unit_problem(spec.unit):
                message, hint = problem
                self._report.warn("panel/unit", message, (*path, "unit"), hint)
            return spec.unit, "written"
        derived = derive_unit(describe(spec.query), self._context.facts) if language == "prometheus" else None
        return derived or ("", "nothing to derive one from")

    # Texts

    def _check_text(self, text: str, path: Path) -> None:
        faults = list(form_faults(text))
        for use in value_uses(text):
            name, part = use.parts
            if name == "period" and not part:
                continue
            if name not in self._figures:
                hint = nearest(name, self._figures) or "give a figure this `name`"
                faults.append(ReportTextFault(f"there is no figure `{name}`", hint, use.start))
            elif part and part not in _OF_FIGURE:
                hint = nearest(part, _OF_FIGURE) or "write one of `change`, `before`, `target`"
                faults.append(ReportTextFault(f"a figure has no `{part}`", hint, use.start))
        self._report_faults(faults, path, text)

    def _check_sentence(self, text: str, path: Path, *, has_target: bool) -> None:
        faults = list(form_faults(text))
        for use in value_uses(text):
            name, part = use.parts
            if name not in _OWN or bool(part) != (name == "label"):
                hint = nearest(name, _OWN) or "write `value`, `change`, `before`, `target` or `label.NAME`"
                faults.append(
                    ReportTextFault(f"the sentence of a figure has no value `{use.name}`", hint, use.start)
                )
            elif name == "target" and not has_target:
                faults.append(ReportTextFault("the figure has no target", "add `target:`", use.start))
        self._report_faults(faults, path, text)

    def _report_faults(self, faults: Iterable[ReportTextFault], path: Path, text: str) -> None:
        # A text whose braces are wrong has no names to look up.
        shown: dict[int, ReportTextFault] = {}
        for fault in faults:
            shown.setdefault(fault.offset, fault)
        for fault in shown.values():
            self._report.fault("report/value", fault, path, text)


def _better(target: Condition | None) -> str:
    """Which way is good news by a target."""
    if target is None:
        return ""
    return "higher" if target.kind in _HIGHER else "lower" if target.kind in _LOWER else ""


def _present(parts: Iterable[T | None]) -> tuple[T, ...]:
    """The parts without those that are wrong."""
    return tuple(part for part in parts if part is not None)
