"""Find the aliases by which a spec names the data sources of a dashboard."""

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.settle.settle_dashboard import TAG
from dashgen.compile.settle.settle_data_sources import EXPRESSION, Sources
from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.panel_tree import drawn_panels
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_data_sources import DEFAULT
from dashgen.model.data_source_spec import DataSourceRef, reference

_BUILT_IN = {"-- Grafana --": "grafana", "-- Mixed --": "mixed", "-- Dashboard --": "dashboard"}


class SourceNames(Struct):
    """The aliases of a dashboard's data sources, and the references that the project has for them.

    Attributes:
        project: the data sources of the project.
        inputs: the types of the data sources that the dashboard was exported with.
        chosen: aliases from the command line, by uid or input.
        notes: gets the data sources that no spec describes.
        variables: the plugins of the dashboard's data source variables, by name.
        sources: the references by alias.
        added: data source variables that the dashboard needs, by name, with their plugin.
        aliases: the aliases by type and uid.
        foreign: how many data sources of each type the project does not have.
        open: how many inputs of each type the dashboard has, which an export leaves open.
    """

    project: Sources
    inputs: Mapping[str, str]
    chosen: Mapping[str, str]
    notes: Notes
    variables: dict[str, str] = {}
    sources: dict[str, DataSourceRef] = {}
    added: dict[str, str] = {}
    aliases: dict[tuple[str, str], str] = {}
    foreign: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)

    def settle(self, dashboard: Json) -> str | None:
        """Name every data source of an upgraded dashboard, whose references become those of the project.

        Returns:
            The alias that most panels ask, for the dashboard's own ``datasource``.
        """
        self.variables = {
            text(v.get("name")): text(v.get("query"))
            for v in every_variable(dashboard)
            if v.get("type") == "datasource"
        }
        self.sources = dict(self.project.by_name)
        places = list(_references(dashboard))
        references = {
            (text(owner["datasource"].get("type")), text(owner["datasource"].get("uid"))) for owner in places
        }
        # A dashboard that dashgen built names the data sources that are meant.
        if TAG not in dashboard["tags"]:
            self.foreign = Counter(kind for kind, uid in references if self._is_foreign(uid))
        self.open = Counter(kind for kind, uid in references if self._is_open(uid))
        for owner in places:
            ref = owner["datasource"]
            self._name(text(ref.get("type")), text(ref.get("uid")))
        for owner in places:
            ref = owner["datasource"]
            reference = self._reference(self.aliases[text(ref.get("type")), text(ref.get("uid"))])
            owner["datasource"] = {"type": reference.type, "uid": reference.uid}
        return self._commonest(dashboard)

    def _is_foreign(self, uid: str) -> bool:
        is_known = (
            uid in self.sources or uid.lower() in self.sources or uid in (*_BUILT_IN, "__expr__", DEFAULT)
        )
        return not is_known and not uid.startswith("$") and uid not in self.chosen

    def _is_open(self, uid: str) -> bool:
        name = uid.strip("${}")
        return uid.startswith("$") and not {name, uid} & {*self.variables, *self.chosen}

    def alias(self, ref: Json) -> str:
        """What a spec calls a data source of the settled dashboard."""
        return next(
            (a for a in self.aliases.values() if _is_reference_to(self._reference(a), ref)),
            text(ref.get("uid")),
        )

    def _reference(self, alias: str) -> DataSourceRef:
        if alias.startswith("$"):
            name = alias[1:]
            return DataSourceRef({**self.added, **self.variables}[name], "${" + name + "}")
        source = Sources(self.sources).find(alias)
        return source if source is not None else DataSourceRef("prometheus", alias)

    def _name(self, kind: str, uid: str) -> None:
        if (kind, uid) not in self.aliases:
            self.aliases[kind, uid] = self._alias(kind, uid)

    def _alias(self, kind: str, uid: str) -> str:
        """The alias of a reference: the user's choice, one of Grafana's own, the project's, or a new one."""
        name = uid.strip("${}")
        if (chosen := self.chosen.get(uid) or self.chosen.get(name)) is not None:
            self.sources.setdefault(chosen, DataSourceRef(kind, chosen))
            return chosen
        if uid in _BUILT_IN or uid == "__expr__":
            return _BUILT_IN.get(uid, uid)
        if uid.startswith("$") and name in self.variables:
            return "$" + name
        if uid in self.sources:
            return self._shortest(uid)
        # One input of a type is the project's data source of it; of several, each stays a choice of the
        # viewer.
        if uid.startswith("$") and self.open[kind] > 1:
            return self._variable(kind, name)
        if uid == DEFAULT or uid.startswith("$"):
            return self._of_type(kind) or self._variable(kind, "DS" if uid == DEFAULT else name)
        lower = uid.lower()
        if lower in self.sources and self.sources[lower].type == kind:
            return self._shortest(lower)
        return self._only(kind, uid) or self._new(kind, uid)

    def _only(self, kind: str, uid: str) -> str | None:
        """The project's only data source of a type, for the only one of that type that the dashboard asks."""
        sources = {ref for ref in self.project.by_name.values() if ref.type == kind}
        if len(sources) != 1 or self.foreign[kind] != 1:
            return None
        alias = self._shortest(next(iter(sources)).uid)
        self.notes.convert(f"the data source `{uid}` became `{alias}`, the project's only one of type {kind}")
        return alias

    def _shortest(self, name: str) -> str:
        """The first alias of the same data source, which is the one that its author gave."""
        ref = self.sources[name]
        return next(alias for alias, other in self.sources.items() if other == ref)

    def _of_type(self, kind: str) -> str | None:
        default = self.project.default
        if default is not None and (not kind or self.project.by_name[default].type == kind):
            return default
        return next((alias for alias, ref in self.project.by_name.items() if ref.type == kind), None)

    def _variable(self, kind: str, name: str) -> str:
        """A variable that chooses the data source, which an exported dashboard leaves open."""
        clean = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in name) or "DS"
        if self.added.get(clean, kind) != kind or clean in self.variables:
            word = kind.removeprefix("grafana-").removesuffix("-datasource").upper()
            clean = f"{clean}_{''.join(c if c.isascii() and c.isalnum() else '_' for c in word)}"
        self.added[clean] = kind
        return "$" + clean

    def _new(self, kind: str, uid: str) -> str:
        """An alias for a data source that the project does not have: its type and uid, which need no spec."""
        alias = f"{kind}/{uid}"
        if reference(alias) != DataSourceRef(kind, uid):
            alias = uid
            self.sources[alias] = DataSourceRef(kind, uid)
        self.notes.sources[alias] = (kind, uid)
        return alias

    def _commonest(self, dashboard: Json) -> str | None:
        panels = [panel for panel in drawn_panels(dashboard["panels"]) if _takes_queries(panel)]
        counts = self._alias_counts(panels)
        if not counts:
            # Only mixed panels: a default is worth its line when two queries or more share it.
            targets = self._alias_counts([target for panel in panels for target in panel.get("targets", ())])
            counts = Counter({alias: count for alias, count in targets.items() if count > 1})
        return counts.most_common(1)[0][0] if counts else None

    def _alias_counts(self, owners: list[Json]) -> Counter[str]:
        refs = [owner["datasource"] for owner in owners if mapping(owner.get("datasource"))]
        return Counter(self.alias(ref) for ref in refs if ref["uid"] not in (*_BUILT_IN, EXPRESSION.uid))


def _is_reference_to(ref: DataSourceRef, reference: Json) -> bool:
    return ref.uid == reference.get("uid") and ref.type == reference.get("type")


def _takes_queries(panel: Json) -> bool:
    """Whether a panel shows data; in others a data source means nothing."""
    return panel_types().get(panel.get("type", ""), PluginPanel).takes_queries


def _references(dashboard: Json) -> Iterator[Json]:
    for panel in filter(_takes_queries, drawn_panels(dashboard["panels"])):
        if mapping(panel.get("datasource")):
            yield panel
        yield from (target for target in panel.get("targets") or () if mapping(target.get("datasource")))
    of_sections = (item for panel in dashboard["panels"] for item in _listed(panel, "annotations"))
    listed = [*every_variable(dashboard), *dashboard["annotations"]["list"], *of_sections]
    yield from (item for item in listed if mapping(item.get("datasource")))


def every_variable(dashboard: Json) -> Iterator[Json]:
    """The variables of an upgraded dashboard and of its rows and tabs."""
    yield from dashboard["templating"]["list"]
    for panel in dashboard["panels"]:
        yield from _listed(panel, "variables")


def _listed(header: Json, key: str) -> list[Json]:
    return mappings(mapping(header.get("dynamic")).get(key))
