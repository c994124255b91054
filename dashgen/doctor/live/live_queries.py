"""Every query of every panel, filled in as Grafana would send it when the dashboard is opened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json
from dashgen.doctor.live.adhoc_filters import with_filters
from dashgen.doctor.live.live_variables import Interpolation, VariableValues, values_of
from dashgen.doctor.live.time_window import Window, window_of
from dashgen.formats.panel_tree import panels_in_sections
from dashgen.model.target_spec import DataWarning
from dashgen.servers.http.response_values import mapping, objects, text

# Grafana builds the service map from metrics that Tempo writes into a Prometheus, not from a query of Tempo.
SERVICE_MAP: Final = "sum by (client, server) (traces_service_graph_request_total)"
# The scrape interval that Grafana's Prometheus data source assumes when its settings have none.
_SCRAPE: Final = 15.0


class DashboardView(Struct, frozen=True):
    """A dashboard whose queries are to be run.

    Attributes:
        data: its classic JSON.
        location: its location in the specs.
        locations: the location of each query, by the panel's id and the query's ref.
        options: the options of query variables by name, where a server was queried for them.
        warnings: the data warning whose query it is, by the panel's id and the query's ref.
    """

    data: Mapping[str, Any]
    location: Location | None = None
    locations: Mapping[tuple[int, str], Location] = {}
    options: Mapping[str, Sequence[str]] = {}
    warnings: Mapping[tuple[int, str], DataWarning] = {}


class PanelQuery(Struct, frozen=True):
    """One query of a panel.

    Attributes:
        dashboard: the dashboard's uid.
        dashboard_title: its title.
        panel: the panel's title.
        panel_id: its number.
        ref_id: the query's letter.
        source_type: the type of the data source.
        source_uid: its uid.
        expr: the query with all variables filled in.
        written: the query as it is in the dashboard.
        instant: whether it is for one moment only.
        window: the time that it is for.
        location: its location in the specs.
        target: the whole target with all variables filled in, as Grafana's own API takes it.
        unfilled: the variables without a value.
        warning: the data warning that holds if the query has a result.
    """

    dashboard: str
    dashboard_title: str
    panel: str
    panel_id: int
    ref_id: str
    source_type: str
    source_uid: str
    expr: str
    written: str
    instant: bool
    window: Window
    location: Location | None = None
    target: Mapping[str, Any] = {}
    unfilled: tuple[str, ...] = ()
    warning: DataWarning | None = None


def panel_queries(
    dashboards: Iterable[DashboardView], now: datetime, scrapes: Mapping[str, float] | None = None
) -> list[PanelQuery]:
    """Every query of every panel, in the order of the dashboards.

    Hidden queries, expressions over other queries and queries of other panels' data are not among them.

    Args:
        dashboards: the dashboards.
        now: the present moment.
        scrapes: how often each data source gets new values, in seconds, by its uid.
    """
    return [query for view in dashboards for query in DashboardQueries(view, now, scrapes or {}).queries()]


class DashboardQueries:
    """The queries of one dashboard.

    Args:
        view: the dashboard.
        now: the present moment.
        scrapes: how often each data source gets new values, in seconds, by its uid.
    """

    def __init__(self, view: DashboardView, now: datetime, scrapes: Mapping[str, float]) -> None:
        self._view = view
        self._now = now
        self._scrapes = scrapes

    def of_panel(self, panel: Mapping[str, Any], values: VariableValues) -> Iterator[PanelQuery]:
        """The queries of one panel, also those that are hidden, for the expressions that use them.

        Args:
            panel: its JSON.
            values: the values of variables for it.
        """
        for target in objects(panel, "targets"):
            yield from self._query(panel, target, values)

    def queries(self) -> Iterator[PanelQuery]:
        """Every query of every panel."""
        opened = values_of(self._view.data, self._view.options)
        for panel, values in self._panels(self._view.data, opened):
            for target in objects(panel, "targets"):
                # The query of a table's warning is hidden, as its result is a row of the first query's.
                if target.get("hide") is not True or self._warning(panel, target) is not None:
                    yield from self._query(panel, target, values)

    def _warning(self, panel: Mapping[str, Any], target: Mapping[str, Any]) -> DataWarning | None:
        return self._view.warnings.get((_number(panel), text(target, "refId")))

    def _panels(
        self, owner: Mapping[str, Any], values: VariableValues
    ) -> Iterator[tuple[Json, VariableValues]]:
        """Panels with the values of variables in them.

        A repeated panel or row counts once, as its first copy.
        """
        in_row = values
        for panel, section in panels_in_sections(owner.get("panels")):
            if panel.get("type") == "row":
                around = values_of(self._view.data, self._view.options, section) if section else values
                in_row = self._repeated(panel, around)
                yield from self._panels(panel, in_row)
            else:
                yield panel, self._repeated(panel, in_row)

    def _repeated(self, panel: Mapping[str, Any], values: VariableValues) -> VariableValues:
        name = text(panel, "repeat")
        value = values.by_name.get(name)
        copies = value.repeated if value and (value.copies or not value.raw) else ()
        return values.with_value(name, copies[0].value, copies[0].text) if copies else values

    def _query(
        self, panel: Mapping[str, Any], target: Mapping[str, Any], values: VariableValues
    ) -> Iterator[PanelQuery]:
        source = mapping(target, "datasource") or mapping(panel, "datasource")
        kind = text(source, "type")
        window = self._window(panel, target, source, values)
        filling = Interpolation(values, window, self._view.data, kind)
        uid = filling(text(source, "uid"))
        # Expressions, and the results of other panels: Grafana computes them without a server.
        if kind in {"", "__expr__", "datasource"} or uid in {"-- Dashboard --", "__expr__"}:
            return
        written = _written(kind, target)
        expr = with_filters(filling(written), (kind, uid), values.filters)
        filled = {**filling.tree(target), **({"expr": expr} if "expr" in target else {})}
        ref = text(target, "refId")
        panel_id = _number(panel)
        warning = self._warning(panel, target)
        service_map = kind == "tempo" and text(target, "queryType") == "serviceMap"
        yield PanelQuery(
            dashboard=text(self._view.data, "uid"),
            dashboard_title=text(self._view.data, "title"),
            panel=filling(text(panel, "title")),
            panel_id=panel_id,
            ref_id=ref,
            source_type="prometheus" if service_map else kind,
            source_uid="" if service_map else uid,
            expr=expr,
            written=written,
            # A warning is about now; over time it would hold for what is long past.
            instant=_is_instant(kind, target) or service_map or warning is not None,
            window=window,
            location=self._view.locations.get((panel_id, ref), self._view.location),
            target=filled,
            unfilled=tuple(dict.fromkeys(filling.unfilled)),
            warning=warning,
        )

    def _window(
        self,
        panel: Mapping[str, Any],
        target: Mapping[str, Any],
        source: Mapping[str, Any],
        values: VariableValues,
    ) -> Window:
        """The window, with least steps that are written as variables filled in first."""
        scrape = self._scrapes.get(text(source, "uid"), _SCRAPE)
        guess = window_of(self._view.data, {}, {}, self._now, scrape)
        filling = Interpolation(values, guess, self._view.data)
        settings = {
            key: filling(panel[key]) if isinstance(panel[key], str) else panel[key]
            for key in ("interval", "maxDataPoints", "gridPos", "timeFrom", "timeShift")
            if panel.get(key) is not None
        }
        own = {key: filling(text(target, key)) for key in ("interval", "step") if text(target, key)}
        return window_of(self._view.data, settings, own, self._now, scrape)


def _number(panel: Mapping[str, Any]) -> int:
    number = panel.get("id")
    return number if isinstance(number, int) else 0


def _written(kind: str, target: Mapping[str, Any]) -> str:
    if kind != "tempo":
        return text(target, "expr")
    match text(target, "queryType"):
        case "serviceMap":
            return SERVICE_MAP
        case "traceqlSearch" | "nativeSearch":
            return _search(objects(target, "filters"))
        case _:
            return text(target, "query")


def _search(filters: Sequence[Mapping[str, Any]]) -> str:
    """The TraceQL that Grafana makes of the fields of its search form."""
    conditions = []
    for condition in filters:
        value, tag = condition.get("value"), text(condition, "tag")
        values = [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []
        if not tag or not values:
            continue
        scope = text(condition, "scope")
        is_intrinsic = scope in ("intrinsic", "") or tag in ("name", "status", "duration", "kind")
        operator = text(condition, "operator") or "="
        operator = "=~" if len(values) > 1 and operator == "=" else operator
        quote = '"' if text(condition, "valueType") == "string" else ""
        name = tag if is_intrinsic else f"{scope}.{tag}"
        conditions.append(f"{name}{operator}{quote}{'|'.join(values)}{quote}")
    return "{" + " && ".join(conditions) + "}"


def _is_instant(kind: str, target: Mapping[str, Any]) -> bool:
    # A target of Prometheus may be both ("both" in the editor): then the range has all that the moment has.
    if kind == "loki":
        return text(target, "queryType") == "instant" or target.get("instant") is True
    return target.get("instant") is True and target.get("range") is not True
