"""Which data source a name means: an alias, a uid, a type with a uid, or a variable of the dashboard."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.model.data_source_spec import DataSourceRef, reference
from dashgen.model.variable_spec import DatasourceVariable, Variable

# What Grafana has built in, under the uids that its code compares with.
EXPRESSION = DataSourceRef("__expr__", "__expr__")
GRAFANA = DataSourceRef("grafana", "-- Grafana --")
MIXED = DataSourceRef("datasource", "-- Mixed --")
DASHBOARD = DataSourceRef("datasource", "-- Dashboard --")
_BUILT_IN = {"grafana": GRAFANA, "mixed": MIXED, "dashboard": DASHBOARD}
_DESCRIBE = "define it in a `kind: DataSources` document, or write its type too: `prometheus/abc123`"
_BUILT_IN_UIDS = {ref.uid: ref for ref in (*_BUILT_IN.values(), EXPRESSION)}


class Sources(Struct, frozen=True):
    """The data sources that a dashboard can name.

    Attributes:
        by_name: those of specs by alias, lower-case name and uid.
        variables: the plugin of each data source variable of the dashboard.
        default: the name of the one that is used where none is named.
    """

    by_name: Mapping[str, DataSourceRef] = {}
    variables: Mapping[str, str] = {}
    default: str | None = None

    def with_variables(self, variables: Sequence[Variable]) -> "Sources":
        """The same with the data source variables of a dashboard."""
        plugins = {v.name: v.plugin for v in variables if isinstance(v, DatasourceVariable)}
        return Sources(self.by_name, plugins, self.default)

    @property
    def types(self) -> dict[str, str]:
        """The type of each data source by uid."""
        return {ref.uid: ref.type for ref in self.by_name.values()}

    def find(self, name: str) -> DataSourceRef | None:
        """The data source of a name, if there is one."""
        if name.startswith("$"):
            variable = name.strip("${}")
            plugin = self.variables.get(variable)
            return DataSourceRef(plugin, "${" + variable + "}") if plugin else None
        return (
            self.by_name.get(name) or _BUILT_IN.get(name) or _BUILT_IN_UIDS.get(name) or self._foreign(name)
        )

    def _foreign(self, name: str) -> DataSourceRef | None:
        """A data source that no spec describes, by its type and uid."""
        data_source = reference(name)
        if data_source is None:
            return None
        # `prometheus/abc` for a uid that a spec describes as a Loki is a mistake, not another data source.
        described = self.by_name.get(data_source.uid, data_source)
        return data_source if described == data_source or described.uid != data_source.uid else None

    def hint(self, name: str) -> str:
        """What to do about an unknown name."""
        if name.startswith("$"):
            return "add a variable of `type: datasource` with this name"
        typed = reference(name)
        if typed is not None:
            described = self.by_name[typed.uid]
            return f"the data source `{typed.uid}` is of type {described.type}: write `{typed.uid}`"
        return nearest(name, [*self.by_name, *_BUILT_IN]) or _DESCRIBE
