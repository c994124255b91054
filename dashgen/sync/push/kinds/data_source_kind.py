"""Data sources; their secrets can be written and never read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from dashgen.compare.hidden_secrets import source_hidden
from dashgen.compile.outputs.data_source_files import DATA_SOURCES_FILE
from dashgen.core.json_values import Json, mappings, scalar_text
from dashgen.formats import resources
from dashgen.formats.normal.normal_others import data_source_resource
from dashgen.formats.normal.plain_values import undollared
from dashgen.formats.resources import Resource
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.data_sources_api import LiveDataSource
from dashgen.servers.grafana.managers import FROM_FILES
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    FolderPath,
    ReadRequest,
    ResourceKind,
    WriteContext,
    handle_of,
)
from dashgen.sync.push.secret_references import Environment, comparable, resolved

_FILE_ONLY = frozenset(("orgId", "editable", "version"))


class DataSourceKind(ResourceKind):
    """Data sources."""

    name: ClassVar[str] = resources.DATA_SOURCE
    order: ClassVar[int] = 10
    page: ClassVar[str] = "/connections/datasources/edit/{uid}"
    has_references: ClassVar[bool] = True
    has_secrets: ClassVar[bool] = True
    uid_in_content: ClassVar[bool] = True

    def desired(self, sources: DesiredSources) -> Iterator[Item]:
        """The data sources of the provisioning file; their texts keep their references."""
        data, specs = sources.provisioning(DATA_SOURCES_FILE)
        for source in mappings(data.get("datasources")):
            uid, name = scalar_text(source.get("uid")), undollared(scalar_text(source.get("name")))
            content = {key: value for key, value in source.items() if key not in _FILE_ONLY}
            yield Item(self.name, uid, name, content, spec=specs.get(uid, ""))

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterator[LiveItem]:
        """The data sources with the uids of the request."""
        data_sources = grafana.session.map(grafana.data_sources.get, sorted(request.of(self.name)))
        return (_live(data_source) for data_source in data_sources if data_source is not None)

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One data source."""
        data_source = grafana.data_sources.get(item.uid)
        return _live(data_source) if data_source else None

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource; of secrets only which there are."""
        content = {key: value for key, value in item.content.items() if key != "secureJsonData"}
        # Grafana answers with the names of the secrets that it has, under another key.
        if hidden := item.content.get("secureJsonData"):
            content["secureJsonFields"] = dict.fromkeys(hidden, True)
        if environment is not None:
            # Only the values under `secureJsonData` are secret; an address has to be compared.
            content = {key: comparable({"": value}, environment)[""] for key, value in content.items()}
        yield data_source_resource(content)

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create or replace the data source."""
        content = resolved(dict(item.content), context.environment)
        if live is None:
            context.grafana.data_sources.create(content)
        else:
            context.grafana.data_sources.update(content, handle_of(live, LiveDataSource))
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete the data source."""
        grafana.data_sources.delete(handle_of(live, LiveDataSource))

    def precondition(self, live: LiveItem) -> str:
        """The version of the data source."""
        return str(handle_of(live, LiveDataSource).version)

    def for_backup(self, content: Mapping[str, Any]) -> Json:
        """The content with secrets hidden, as far as the names of settings tell them."""
        return {key: source_hidden((key,), value) for key, value in content.items()}


def _live(source: LiveDataSource) -> LiveItem:
    item = Item(resources.DATA_SOURCE, source.uid, source.name, source.content)
    return LiveItem(item, source, FROM_FILES if source.read_only else None)
