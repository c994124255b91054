"""What dashboards need to know of the other specs."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashgen.compile.project_documents import Documents
from dashgen.compile.settle.alert_thresholds import alert_thresholds
from dashgen.compile.settle.query_text import SoundQueries
from dashgen.compile.settle.settle_dashboard import Context
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.compile.settle.settle_scalers import scaler_triggers
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.model.data_source_spec import DataSourceRef, data_source_refs, placed_data_sources, reference
from dashgen.model.document import SpecDocument
from dashgen.model.genai_conventions import all_metrics
from dashgen.model.metric_units import MetricFacts, grafana_unit
from dashgen.model.metrics_spec import log_field
from dashgen.model.series_contract import SeriesContract, series_contract
from dashgen.model.units_catalogue import unit_problem
from dashgen.query import LANGUAGES
from dashgen.source.provenance import Resolved
from dashgen.workspace.workspace import Workspace


def dashboard_context(documents: Documents, workspace: Workspace) -> tuple[Context, list[Diagnostic]]:
    """Data sources, the metric contract and alert thresholds, and what is wrong between them."""
    sources, problems = known_sources(documents, workspace)
    contract = metric_facts(documents.of("Metrics"))
    problems += _unit_problems(documents.of("Metrics"))
    described = described_series(documents)
    alerts = alert_thresholds(documents.of("AlertRules"))
    targets = workspace.project.versions.targets()
    scalers = scaler_triggers(documents.of("Scaler"), recorded_queries(documents))
    sound = SoundQueries(described)
    return Context(sources, contract, described, alerts, sound, targets, scalers), problems


def known_sources(documents: Documents, workspace: Workspace) -> tuple[Sources, list[Diagnostic]]:
    """Every data source by alias: from `DataSources` specs, then the project file, then the environment."""
    refs, problems = data_source_refs(documents.of("DataSources"))
    project, resolved = workspace.project, _project(workspace)
    sources: dict[str, DataSourceRef] = dict(refs)
    for steps, aliases in (
        (("datasources",), project.datasources),
        (("environments", workspace.environment or "", "datasources"), workspace.overlay.datasources),
    ):
        for alias, uid in aliases.items():
            ref = _aliased(alias, uid, sources)
            if ref is not None:
                sources[alias] = ref
            elif resolved is not None:
                message = f"the type of the data source `{alias}` is not known"
                close = nearest(alias, refs)
                hint = (
                    close if close.startswith("did you mean") else nearest(uid, refs)
                ) or "write its type too, such as `prometheus/abc123`, or define it in a `DataSources` spec"
                problems.append(resolved.diagnostic("datasource/type", message, (*steps, alias), hint))
    return Sources(sources, default=_default(documents, sources)), problems


def _default(documents: Documents, sources: Mapping[str, DataSourceRef]) -> str | None:
    """The data source where none is named: the one that is marked as default, or the only one there is."""
    items = list(placed_data_sources(documents.of("DataSources")))
    marked = next((item.aliases[0] for item in items if item.source.default), None)
    if marked is not None or len(items) > 1:
        return marked
    if items:
        return items[0].aliases[0]
    return (
        "prometheus" if "prometheus" in sources else next(iter(sources), None) if len(sources) == 1 else None
    )


def use_environment_uids(documents: Documents, datasources: Mapping[str, str]) -> None:
    """Provision each data source with the uid that the environment gives it, which dashboards and rules name.

    Args:
        documents: the documents, whose data sources are changed.
        datasources: the environment's data sources, uid by alias.
    """
    items = list(placed_data_sources(documents.of("DataSources")))
    described = {alias for item in items for alias in item.aliases}
    for item in items:
        uid = next((datasources[alias] for alias in item.aliases if alias in datasources), None)
        # Another data source of the specs is meant, or a variable: then only those who ask are sent there.
        if uid is None or uid in described or uid.startswith("$"):
            continue
        typed = reference(uid)
        if typed is not None and typed.type != item.type:
            continue
        if item.source.alias is None:
            # What called it by the uid that it had still finds it.
            item.source.alias = item.uid
        item.source.uid = typed.uid if typed is not None else uid


def _aliased(alias: str, uid: str, sources: dict[str, DataSourceRef]) -> DataSourceRef | None:
    """What an alias of the project file means: another alias, `type/uid`, or a uid of the alias' own type."""
    if uid in sources:
        return sources[uid]
    if (typed := reference(uid)) is not None:
        return typed
    if alias in sources:
        return DataSourceRef(sources[alias].type, _variable(uid))
    kind = next((word for word in ("prometheus", "loki", "tempo") if word in alias), None)
    return DataSourceRef(kind, _variable(uid)) if kind else None


def _variable(uid: str) -> str:
    return "${" + uid.strip("${}") + "}" if uid.startswith("$") else uid


def _project(workspace: Workspace) -> Resolved | None:
    return Resolved(workspace.document, workspace.document.data) if workspace.document else None


def described_series(documents: Documents) -> SeriesContract | None:
    """What the metric contracts say of series, and those that rules record; nothing without a contract."""
    return series_contract(
        (document.model for document in documents.of("Metrics")), recorded_names(documents)
    )


def recorded_queries(documents: Documents) -> dict[str, str]:
    """The query of each recording rule by the name that it records, in PromQL.

    A name that several rules record, with different labels, and one that Loki records, are only said to be
    one series or several.
    """
    queries: dict[str, list[str]] = {}
    for document in documents.of("AlertRules"):
        for rule in document.model.rules:
            name, query = rule.get("record"), rule.get("query")
            if not isinstance(name, str) or not isinstance(query, str):
                continue
            queries.setdefault(name, []).append(_in_promql(name, query))
    return {name: one[0] if len(one) == 1 else _SEVERAL.format(name) for name, one in queries.items()}


def _in_promql(name: str, query: str) -> str:
    """The query of a rule that records a name; of one in LogQL only how many series it yields."""
    if not LANGUAGES["prometheus"].parse(query).error:
        return query.strip()
    parsed = LANGUAGES["loki"].parse(query)
    return (_ONE if parsed.grouping == () and not parsed.error else _SEVERAL).format(name)


_SEVERAL = '{{__name__="{}"}}'
_ONE = 'sum({{__name__="{}"}})'


def recorded_names(documents: Documents) -> Iterator[str]:
    """The names of the series that rules of the project record."""
    for document in documents.of("AlertRules"):
        for rule in document.model.rules:
            if isinstance(name := rule.get("record"), str):
                yield name


def _unit_problems(documents: list[SpecDocument[Any]]) -> Iterator[Diagnostic]:
    for document in documents:
        units = [(("metrics", name, "unit"), metric.unit) for name, metric in document.model.metrics.items()]
        fields = document.model.log_fields.items()
        units += [(("log_fields", name, "unit"), log_field(field).unit) for name, field in fields]
        for path, unit in units:
            wrong = unit_problem(grafana_unit(unit)) if unit else None
            if wrong is not None:
                message, hint = wrong
                yield document.resolved.diagnostic(
                    "panel/unit", message, path, hint, severity=Severity.WARNING
                )


def metric_facts(documents: list[SpecDocument[Any]]) -> dict[str, MetricFacts]:
    """What the metric contracts say of each metric by its name."""
    return {
        name: MetricFacts(metric.type, metric.unit, metric.help)
        for document in documents
        for name, metric in all_metrics(document.model).items()
    }
