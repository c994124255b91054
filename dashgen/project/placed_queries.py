"""Every query of a project, who asks it, and where each of its characters stands."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from msgspec import Struct

from dashgen.check.lint.places import Place, SpecPlace
from dashgen.check.lint.subjects import LintDashboard, LintGroup, LintPanel, LintQuery, LintVariable
from dashgen.compile.project_documents import Documents
from dashgen.core.diagnostics import Location
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.data_source_spec import TracesToMetrics, placed_data_sources
from dashgen.model.settled_report import SettledReport
from dashgen.project.inspection import Inspection
from dashgen.project.lint.settled_subjects import dashboard_subject, group_subjects, report_queries
from dashgen.query import LANGUAGES, ParsedQuery
from dashgen.query.re2_patterns import matches_whole
from dashgen.query.variable_query import read_variable_query
from dashgen.source.source import Path

_NAME_PATTERN = lazy_pattern(r"""__name__\s*=~\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)""")
_VARIABLE = lazy_pattern(r"\$\{\w+(?::\w+)?\}|\$\w+|\[\[\w+(?::\w+)?\]\]")


RECORDING: Final = "recording-rule"


class Asker(NamedTuple):
    """What asks a query: its kind and name as in `dashgen list`, and its dashboard or group."""

    kind: str
    name: str
    parent: str = ""


class PlacedQuery(Struct, frozen=True):
    """A query with its place.

    Attributes:
        asker: what asks it.
        role: which of its asker's queries it is, such as ``query A``.
        text: the query; of a variable the part that is in a query language.
        language: the type of its data source.
        datasource: the uid of its data source.
        place: where its asker is written.
        keys: where its text stands below the place.
        written: the whole text there, in which the query starts at ``start``.
        label: the label whose values a variable has, and ``label_start`` where it stands in ``written``.
        legend: the format of its series' names.
    """

    asker: Asker
    role: str
    text: str
    language: str
    datasource: str
    place: Place
    keys: Path
    written: str
    start: int = 0
    label: str = ""
    label_start: int = -1
    legend: str = ""

    @property
    def facts(self) -> ParsedQuery | None:
        """What is known of it; nothing when it does not parse or its language has no parser."""
        grammar = LANGUAGES.get(self.language)
        parsed = grammar.parse(self.text) if grammar is not None and self.text.strip() else None
        return None if parsed is None or parsed.error else parsed

    def location(self, offset: int = -1) -> Location:
        """The location of a character of the query, or of its whole text where that is unknown."""
        if offset < 0:
            return self.place.location(self.keys)
        return self.place.character(self.keys, self.start + offset, self.written)


class SeriesUse(NamedTuple):
    """A use of a series by a query; the offset is -1 where the name is not written as it is."""

    query: PlacedQuery
    offset: int


class SeriesIndex:
    """The queries of a project by the series that they read."""

    def __init__(self, queries: Iterable[PlacedQuery]) -> None:
        self._by_name: dict[str, list[SeriesUse]] = {}
        self._by_pattern: list[tuple[str, SeriesUse]] = []
        for query in queries:
            facts = query.facts
            for use in facts.metrics if facts is not None else ():
                if use.is_literal:
                    self._by_name.setdefault(use.name, []).append(SeriesUse(query, use.offset))
                elif use.name:
                    self._by_pattern.append((_pattern(use.name), SeriesUse(query, use.offset)))
            if facts is not None and any(not use.name for use in facts.metrics):
                patterns = [one for match in _NAME_PATTERN.findall(query.text) for one in match if one]
                self._by_pattern += [(one, SeriesUse(query, -1)) for one in patterns]

    def names(self) -> Collection[str]:
        """The names that queries write as they are."""
        return self._by_name.keys()

    def uses(self, series: str) -> list[SeriesUse]:
        """The uses of a series, by its name, or by a pattern or a variable that may be its name."""
        may_be = [
            use
            for pattern, use in self._by_pattern
            if "$" in pattern or matches_whole(pattern, series) is not False
        ]
        return [*self._by_name.get(series, ()), *may_be]


def placed_queries(inspection: Inspection) -> Iterator[PlacedQuery]:
    """Every query of a project's dashboards, rules, reports, data sources and scalers."""
    for one in inspection.dashboards:
        keys = {panel.path: panel.key for row in one.settled.rows for panel in row.panels}
        yield from _of_dashboard(dashboard_subject(one.settled, one.resolved, None), keys)
    for group in group_subjects(inspection.groups):
        yield from _of_group(group)
    for report in inspection.reports:
        yield from _of_report(report)
    yield from _of_data_sources(inspection.documents)
    yield from _of_scalers(inspection)


def _of_dashboard(dashboard: LintDashboard, keys: dict[Path, str]) -> Iterator[PlacedQuery]:
    for panel in dashboard.panels:
        asker = Asker("panel", f"{dashboard.uid}/{_panel_key(panel, keys)}", dashboard.uid)
        for query in panel.queries:
            yield _placed(query, asker, f"query {query.ref}")
    for variable in dashboard.variables:
        if variable.query is not None:
            yield _of_variable(variable, variable.query, dashboard.uid)
    for annotation in dashboard.annotations:
        if annotation.query is not None and annotation.query.text:
            asker = Asker("annotation", f"{dashboard.uid}/{annotation.name}", dashboard.uid)
            yield _placed(annotation.query, asker, "query")


def _panel_key(panel: LintPanel, keys: dict[Path, str]) -> str:
    place = panel.place
    return keys.get(place.path, panel.title) if isinstance(place, SpecPlace) else panel.title


def _of_variable(variable: LintVariable, query: LintQuery, dashboard: str) -> PlacedQuery:
    asker = Asker("variable", f"{dashboard}/{variable.name}", dashboard)
    inner = read_variable_query(query.text, query.language)
    label_start = query.text.rindex(inner.label) if inner.label else -1
    return PlacedQuery(
        asker, "query", inner.query, query.language, query.datasource, query.place, query.keys, query.text,
        inner.offset, inner.label, label_start,
    )  # fmt: skip


def _of_group(group: LintGroup) -> Iterator[PlacedQuery]:
    for rule in group.rules:
        kind = "alert-rule" if rule.is_alert else RECORDING
        for query in rule.queries:
            yield _placed(query, Asker(kind, rule.name, group.name), f"query {query.ref}".rstrip())


def _of_report(report: SettledReport) -> Iterator[PlacedQuery]:
    uid = report.spec.uid
    for part, query in zip(report.parts(), report_queries(report), strict=True):
        yield _placed(query, Asker("report", f"{uid}/{part.spec.title}", uid), "query")


def _of_data_sources(documents: Documents) -> Iterator[PlacedQuery]:
    """The queries that spans lead to."""
    sources = list(placed_data_sources(documents.of("DataSources")))
    targets = {alias: (one.type, one.uid) for one in sources for alias in one.aliases}
    for item in sources:
        link = item.source.traces_to_metrics
        if isinstance(link, TracesToMetrics):
            language, uid = targets.get(link.to) or targets.get(link.to.lower(), ("prometheus", ""))
            place = SpecPlace(item.document.resolved, item.path)
            asker = Asker("datasource", item.name)
            for name, text in link.queries.items():
                keys: Path = ("traces_to_metrics", "queries", name)
                yield PlacedQuery(asker, f"query {name}", text, language, uid, place, keys, text)


def _of_scalers(inspection: Inspection) -> Iterator[PlacedQuery]:
    sources = inspection.compiler.context.sources
    for document in inspection.documents.of("Scaler"):
        scaler, place = document.model, SpecPlace(document.resolved, ())
        source = sources.find(scaler.datasource)
        keys: Path = ("query",) if scaler.query is not None else ("record",)
        text = scaler.query if scaler.query is not None else scaler.record or ""
        uid = source.uid if source is not None else ""
        yield PlacedQuery(Asker("scaler", scaler.name), "load", text, "prometheus", uid, place, keys, text)


def _placed(query: LintQuery, asker: Asker, role: str) -> PlacedQuery:
    return PlacedQuery(
        asker, role, query.text, query.language, query.datasource, query.place, query.keys, query.text,
        legend=query.legend,
    )  # fmt: skip


def _pattern(name: str) -> str:
    """The expression that matches what a name with variables may be."""
    return "".join(part if number % 2 else _escaped(part) for number, part in enumerate(_alternating(name)))


def _alternating(name: str) -> Iterator[str]:
    """The texts between variables, and `.*` for each variable."""
    end = 0
    for match in _VARIABLE.finditer(name):
        yield name[end : match.start()]
        yield ".*"
        end = match.end()
    yield name[end:]


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() or c in "_:" else f"\\{c}" for c in text)
