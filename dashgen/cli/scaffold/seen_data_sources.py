"""The data sources that imported dashboards and rules query, as a new project names them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.upgrade.envelope import NotADashboardError, find_dashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade
from dashgen.formats.upgrade.upgrade_data_sources import DEFAULT, References
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.rules.rule_file_groups import is_rule_file, rule_language
from dashgen.model.data_source_spec import DataSourceRef, reference
from dashgen.model.panel_identity import slug
from dashgen.servers.grafana.data_sources_api import LiveDataSource

_BUILT_IN: Final = frozenset(
    ("-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana", "__expr__", "-100")
)
_NOT_A_SERVER: Final = frozenset(("", "datasource", "grafana", "__expr__"))
_ADDRESSES: Final[Mapping[str, Json]] = {
    "prometheus": {"url": "http://prometheus:9090", "default": True, "scrape_interval": "15s"},
    "loki": {"url": "http://loki:3100"},
    "tempo": {"url": "http://tempo:3200"},
    "alertmanager": {"url": "http://alertmanager:9093"},
}
"""The types whose servers have a usual address in a compose stack."""


class SeenDataSources(Struct):
    """What was seen.

    Attributes:
        existing: the alias, type and uid of each data source that a Grafana has already.
        names: their names in Grafana, by uid, where it was read.
        needed: the types of data sources that are queried without a uid, which the project describes.
    """

    existing: dict[str, DataSourceRef] = {}
    names: dict[str, str] = {}
    needed: list[str] = []

    @property
    def aliases(self) -> dict[str, str]:
        """The alias of each data source by its uid."""
        return {ref.uid: alias for alias, ref in self.existing.items()}

    def spec(self) -> Json | None:
        """The `DataSources` document of those that the project has to describe."""
        described = {kind: {"type": kind, **_ADDRESSES.get(kind, {})} for kind in self.needed}
        if len(described) > 1 and "prometheus" not in described:
            described[self.needed[0]]["default"] = True
        return {"kind": "DataSources", "datasources": described} if described else None


def seen_data_sources(
    inputs: Sequence[ImportInput], live: Sequence[LiveDataSource], needed: Sequence[str]
) -> SeenDataSources:
    """The data sources of dashboards, rules and a Grafana.

    Args:
        inputs: what is imported.
        live: the data sources of the Grafanas that were read.
        needed: types that are needed in any case, such as ``prometheus`` for a first dashboard.
    """
    types = {source.uid: source.type for source in live}
    by_name = {source.name: source for source in live}
    references = dict.fromkeys(ref for one in inputs for ref in _references(one.data))
    seen = SeenDataSources(names={source.uid: source.name for source in live})
    open_types = list(needed)
    for kind, uid in references:
        source = by_name.get(uid)
        identity, plugin = (source.uid, source.type) if source else (uid, types.get(uid) or kind)
        if uid.startswith("$") or uid in ("", DEFAULT):
            open_types.append(plugin)
        elif reference(f"{plugin}/{identity}") is not None:
            _add(DataSourceRef(plugin, identity), seen, by_name)
    # A default data source of a Grafana that was read is known, though dashboards do not name it.
    default = next((source for source in live if source.content.get("isDefault") is True), None)
    if default is not None and default.type in open_types:
        _add(DataSourceRef(default.type, default.uid), seen, by_name)
    existing_types = {ref.type for ref in seen.existing.values()}
    seen.needed = [k for k in dict.fromkeys(open_types) if k not in existing_types and k not in _NOT_A_SERVER]
    return seen


def _add(ref: DataSourceRef, seen: SeenDataSources, by_name: Mapping[str, LiveDataSource]) -> None:
    if ref.uid not in seen.aliases:
        seen.existing[_alias(ref, seen, by_name)] = ref


def _alias(ref: DataSourceRef, seen: SeenDataSources, by_name: Mapping[str, LiveDataSource]) -> str:
    """The type for the first data source of a type; of further ones their names, or their uids."""
    if ref.type not in seen.existing:
        return ref.type
    name = next((name for name, source in by_name.items() if source.uid == ref.uid), ref.uid)
    alias, number = slug(name) or ref.type, 2
    free = alias
    while free in seen.existing:
        free, number = f"{alias}-{number}", number + 1
    return free


def _references(data: Any) -> Iterator[tuple[str, str]]:
    """The type and uid of everything that is queried; the uid is empty where none is named."""
    try:
        source = find_dashboard(data)
    except NotADashboardError:
        yield from _of_rules(data)
        return
    for value in _mappings(upgrade(source, Notes())):
        ref = mapping(value.get("datasource"))
        kind, uid = text(ref.get("type")), text(ref.get("uid"))
        if ref and uid not in _BUILT_IN and kind not in _NOT_A_SERVER:
            yield kind, uid


def _of_rules(data: Any) -> Iterator[tuple[str, str]]:
    """Those of alert rules of Grafana, and the kind of server that a rule file is for."""
    document = mapping(data)
    if is_rule_file(document):
        yield rule_language(mappings((mapping(document.get("spec")) or document).get("groups"))), ""
        return
    for value in _mappings(data):
        uid, model = text(value.get("datasourceUid")), mapping(value.get("model"))
        if uid and uid not in _BUILT_IN:
            kind = text(mapping(model.get("datasource")).get("type"))
            kind = kind or References(likely="").written_for({"expr": text(model.get("expr"))})
            yield kind or "prometheus", uid


def _mappings(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        for part in value:
            yield from _mappings(part)
    elif isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _mappings(part)
