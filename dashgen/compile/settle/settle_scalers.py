"""Scalers with everything settled, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from dashgen.compile.settle.check_scalers import check_scaler
from dashgen.compile.settle.query_meaning import QueryUse
from dashgen.compile.settle.query_text import QueryContext, query_faults, report_faults
from dashgen.core.diagnostics import Diagnostic, Related, Severity, nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.data_source_spec import DataSourceRef, PlacedDataSource, reference
from dashgen.model.document import SpecDocument
from dashgen.model.scaler_spec import Scaler, ScalerTrigger
from dashgen.model.settled_scalers import ScalerContext, SettledScaler
from dashgen.query import LANGUAGES, named_variables
from dashgen.query.promql.recorded_series import several_series, with_recorded
from dashgen.source.provenance import Reporter

_LOAD: Final = QueryUse("a scaler", needs_numbers=True, is_range=False, counts_up=True)
_ADDRESS: Final = lazy_pattern(r"https?://(?P<login>[^/@\s]*@)?[^/@\s]+(?:/[^\s?#]*)?")
_PANEL_HINT: Final = "name a panel by `dashboard-uid/panel-key`"


def scaler_triggers(
    documents: Iterable[SpecDocument[Scaler]], recorded: Mapping[str, str]
) -> dict[str, dict[str, list[ScalerTrigger]]]:
    """What scalers draw on panels, by dashboard uid and panel key.

    Args:
        documents: the scalers; what is wrong with them is reported by `settle_scalers`.
        recorded: the queries of recording rules by the name that they record.
    """
    triggers: dict[str, dict[str, list[ScalerTrigger]]] = {}
    for document in documents:
        scaler = document.model
        if scaler.panel is None or not scaler.load or scaler.threshold <= 0:
            continue
        dashboard, _, panel = scaler.panel.partition("/")
        trigger = ScalerTrigger(document, scaler.load, with_recorded(scaler.load, recorded))
        triggers.setdefault(dashboard, {}).setdefault(panel, []).append(trigger)
    return triggers


def settle_scalers(
    documents: Iterable[SpecDocument[Scaler]], context: ScalerContext
) -> tuple[list[SettledScaler], list[Diagnostic]]:
    """Every scaler without an error, in the order of names, and what is wrong with them.

    Args:
        documents: the scalers.
        context: what they refer to.
    """
    diagnostics: list[Diagnostic] = []
    settled: list[SettledScaler] = []
    for document in documents:
        report = Reporter(document.resolved)
        one = _settled(document, context, report)
        diagnostics += report.diagnostics
        if all(finding.severity is not Severity.ERROR for finding in report.diagnostics):
            settled.append(one)
    diagnostics += _duplicates(settled)
    return sorted(settled, key=lambda one: (one.scaler.name, one.namespace)), diagnostics


def _settled(document: SpecDocument[Scaler], context: ScalerContext, report: Reporter) -> SettledScaler:
    scaler = document.model
    source = _source(scaler, context, report)
    load = _load(scaler, context, report)
    _check_panel(scaler, context, report)
    parsed = LANGUAGES["prometheus"].parse(load)
    series = next((use.name for use in parsed.metrics if use.is_literal), "")
    one = SettledScaler(
        document=document,
        load=load,
        series=series,
        server=_server(scaler, source, context, report),
        namespace=scaler.workload.namespace or context.namespace,
    )
    check_scaler(one, context, report)
    if scaler.output != "keda" and not series and load and not parsed.error:
        message = "an adapter finds the load by a metric that it reads, and this query names none"
        report.error(
            "scaler/query", message, ("query",), "read a metric by its name, or write `output: keda`"
        )
    return one


def _source(scaler: Scaler, context: ScalerContext, report: Reporter) -> DataSourceRef | None:
    source = context.alerts.datasources.get(scaler.datasource) or reference(scaler.datasource)
    if source is None:
        # The default is in no line of the spec, and an explicit server needs no data source.
        if "datasource" in report.resolved.data or scaler.server is None:
            hint = nearest(scaler.datasource, context.alerts.datasources) or "define it in `DataSources`"
            path = ("datasource",) if "datasource" in report.resolved.data else ()
            report.error("datasource/unknown", f"there is no data source `{scaler.datasource}`", path, hint)
    elif source.type != "prometheus":
        message = f"a scaler asks a Prometheus, and `{scaler.datasource}` is a {source.type}"
        report.error(
            "scaler/datasource", message, ("datasource",), "record the load as a series of Prometheus"
        )
    return source


def _load(scaler: Scaler, context: ScalerContext, report: Reporter) -> str:
    if (scaler.query is None) == (scaler.record is None):
        message = "a scaler needs either `query` or `record`"
        report.error("scaler/query", message, ("name",), "add one of them, or remove one of the two")
        return ""
    if scaler.record is not None and scaler.record not in context.recorded:
        message = f"no rule of the project records `{scaler.record}`"
        hint = nearest(scaler.record, context.recorded) or "add the rule, or write `query:`"
        report.error("scaler/record", message, ("record",), hint)
        return ""
    _check_load(scaler.load, "record" if scaler.record else "query", context, report)
    return scaler.load


def _check_load(load: str, key: str, context: ScalerContext, report: Reporter) -> None:
    if not load:
        report.error("scaler/query", "the query is empty", (key,), "write the query")
        return
    names = named_variables(load, "prometheus")
    for name in names:
        message = f"`${name}` has no value in a scaler: variables belong to dashboards"
        report.error("scaler/variable", message, (key,), "write the value itself")
    queries = QueryContext(context.alerts.contract, targets=context.alerts.targets)
    faults = query_faults(load, "prometheus", queries, _LOAD)
    report_faults(faults, report.at((key,)), load)
    if names or any(fault.severity is Severity.ERROR for fault in faults):
        return
    if reason := several_series(load, context.recorded):
        message = f"the load has to be exactly one series: {reason}"
        hint = "write `vector(…)` around it" if "number" in reason else "aggregate it, as in `sum(…)`"
        report.error("scaler/series", message, (key,), hint)


def _server(scaler: Scaler, ref: DataSourceRef | None, context: ScalerContext, report: Reporter) -> str:
    """Where KEDA asks Prometheus."""
    if scaler.output == "hpa":
        return ""
    if scaler.server is not None:
        return _checked_address(scaler.server, "server", report)
    source = context.sources.get(ref.uid) if ref is not None else None
    if source is None or not source.source.url:
        if ref is not None:
            message = f"no spec has the address of `{scaler.datasource}`, which KEDA asks"
            report.error("scaler/server", message, ("name",), "add `server: http://prometheus:9090`")
        return ""
    url = source.source.url
    if "$" in url:
        message = (
            f"the address of `{scaler.datasource}`, `{url}`, is in Grafana's environment, which KEDA has not"
        )
        report.error("scaler/server", message, ("name",), "add `server:` with the address in the cluster")
        return ""
    _check_login(scaler, source, report)
    return _checked_address(url, "name", report)


def _checked_address(url: str, key: str, report: Reporter) -> str:
    match = _ADDRESS.fullmatch(url)
    if match is None:
        # Not repeated: it may have a password in it.
        message = "the address of Prometheus is not one of HTTP"
        report.error("scaler/server", message, (key,), "write `http://prometheus:9090`, without a query")
    elif match["login"]:
        message = "the address of Prometheus has a login in it"
        report.error("secret/plain-text", message, (key,), "write `auth:` with the keys of a Secret")
    return url.rstrip("/")


def _check_login(scaler: Scaler, source: PlacedDataSource, report: Reporter) -> None:
    if scaler.auth is None and source.source.basic_auth is not None:
        message = f"Grafana logs in to `{scaler.datasource}`, and the scaler does not"
        report.warn("scaler/auth", message, ("name",), "add `auth:` with the keys of a Secret")


def _check_panel(scaler: Scaler, context: ScalerContext, report: Reporter) -> None:
    if scaler.panel is None:
        if scaler.replicas_panel:
            message = "`replicas_panel` is placed beside the panel of the load, and there is none"
            report.error("scaler/panel", message, ("replicas_panel",), "add `panel: dashboard/panel-key`")
        return
    panels = context.alerts.panel_ids
    if panels is None:
        return
    dashboard, _, panel = scaler.panel.partition("/")
    if dashboard not in panels:
        hint = nearest(dashboard, panels) or _PANEL_HINT
        report.error("scaler/panel", f"there is no dashboard `{dashboard}`", ("panel",), hint)
    elif panel not in panels[dashboard]:
        message = f"the dashboard `{dashboard}` has no panel `{panel}`"
        report.error("scaler/panel", message, ("panel",), nearest(panel, panels[dashboard]) or _PANEL_HINT)


def _duplicates(scalers: Iterable[SettledScaler]) -> Iterator[Diagnostic]:
    """Scalers of one name, and scalers that pull at one workload."""
    names: dict[tuple[str, str], SettledScaler] = {}
    workloads: dict[tuple[str, ...], SettledScaler] = {}
    for one in scalers:
        target = one.workload
        first = names.setdefault(("", one.scaler.name), one)
        other = workloads.setdefault((one.namespace, target.kind.lower(), target.name), one)
        if first is not one:
            message = f"two scalers are called `{one.scaler.name}`"
            yield _beside(one, first, "name", message, "rename one of them")
        elif other is not one:
            message = (
                f"`{other.scaler.name}` scales `{target.kind}/{target.name}` already: each undoes the other"
            )
            hint = "scale it by one of them, or by `max` of both loads"
            yield _beside(one, other, "target", message, hint)


def _beside(one: SettledScaler, other: SettledScaler, key: str, message: str, hint: str) -> Diagnostic:
    resolved = one.document.resolved
    finding = resolved.diagnostic("scaler/duplicate", message, (key,), hint)
    related = Related("the other one", other.document.resolved.origin((key,)).location())
    return replace(finding, related=(related, *finding.related))
