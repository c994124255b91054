"""The data sources of a Grafana, by what dashboards name them with."""

from collections.abc import Sequence
from functools import cached_property

from dashgen.core.json_values import Json, mapping, text
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.drawing.fields.field_matchers import script_pattern
from dashgen.servers.grafana import Grafana, GrafanaError
from dashgen.servers.grafana.data_sources_api import LiveDataSource

_DEFAULTS = frozenset(("", "default", "-- Default --"))


class GrafanaDataSources:
    """Looks data sources up; a Grafana that does not list them leaves names as they are."""

    def __init__(self, grafana: Grafana) -> None:
        self._grafana = grafana

    @cached_property
    def _listed(self) -> Sequence[LiveDataSource]:
        try:
            return self._grafana.data_sources.list_all()
        except GrafanaError:
            return ()

    @cached_property
    def _default(self) -> LiveDataSource | None:
        return next((one for one in self._listed if one.content.get("isDefault") is True), None)

    def reference(self, uid: str, kind: str = "") -> Json:
        """The reference to a data source by its uid, its name, or that it is the default one.

        Args:
            uid: what the dashboard has, without variables.
            kind: the type that the dashboard has beside.
        """
        match = self._default if uid in _DEFAULTS and not kind else self._match(uid, kind)
        if match is not None:
            return {"type": match.type, "uid": match.uid}
        return {"type": kind, "uid": uid} if kind else {"uid": uid}

    def _match(self, uid: str, kind: str) -> LiveDataSource | None:
        by_uid = next((one for one in self._listed if uid in {one.uid, one.name}), None)
        if by_uid is not None or uid not in _DEFAULTS:
            return by_uid
        of_kind = [one for one in self._listed if one.type == kind]
        return next((one for one in of_kind if one is self._default), of_kind[0] if of_kind else None)

    def options(self, variable: Json) -> list[VariableOption]:
        """The options of a variable of data sources: those of its type whose names its pattern matches."""
        kind, pattern = text(variable.get("query")), text(variable.get("regex"))
        compiled = script_pattern(pattern) if pattern else None
        return [
            VariableOption(one.name, one.uid)
            for one in self._listed
            if one.type == kind and (compiled is None or compiled.search(one.name))
        ]

    def service_map_uid(self, tempo: str) -> str:
        """The uid of the Prometheus that has the service map of a Tempo; empty when Grafana knows none."""
        source = next((one for one in self._listed if one.uid == tempo), None)
        settings = mapping(source.content.get("jsonData")) if source else {}
        return text(mapping(settings.get("serviceMap")).get("datasourceUid"))
