"""Made-up data that is kept while specs change: a panel is queried again when its queries are others."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.panel_data import DashboardEntry, PanelData
from dashgen.formats.panel_tree import drawn_panels
from dashgen.model.settled_alerts import SettledRecord
from dashgen.preview.sample.made_up_store import NOW
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.sources.sample_source import SampleSource, sample_source
from dashgen.preview.views.read_variables import read_variables
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel, ViewedSection
from dashgen.project.inspection import Inspection

_LOOKS: Final = frozenset(
    (
        "description",
        "fieldConfig",
        "gridPos",
        "id",
        "links",
        "options",
        "title",
        "transformations",
        "transparent",
    )
)
"""The keys of a panel that change nothing about its data."""
_OF_DASHBOARDS: Final = "-- Dashboard --"
_MOST: Final = 4000
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class RememberedSamples:
    """Gives sources of made-up data that share what does not change between two builds."""

    def __init__(self) -> None:
        self._key: object = None
        self._source: SampleSource | None = None
        self._data: dict[bytes, PanelData] = {}
        self._read: dict[str, bytes] = {}

    def source(
        self, inspection: Inspection, entries: Sequence[DashboardEntry], now_ms: int = NOW
    ) -> PanelSource:
        """The source of a build.

        Args:
            inspection: its settled specs.
            entries: what lists of dashboards show.
            now_ms: the present.
        """
        key = (_shape_key(inspection), tuple(entries), now_ms)
        if self._source is None or key != self._key:
            self._key, self._source = key, sample_source(inspection, entries, now_ms)
            self._data.clear()
            self._read.clear()
        return _RememberedSource(self._source, self._data, self._read)


def _shape_key(inspection: Inspection) -> bytes:
    """What the data of a project depends on: its contracts, and the queries of its rules."""
    contracts = [document.model for document in inspection.documents.of("Metrics")]
    rules = [
        [rule.rule.record, rule.rule.query, rule.labels]
        if isinstance(rule, SettledRecord)
        else [one.query.query for one in rule.queries]
        for group in inspection.groups
        for rule in group.rules
    ]
    return _ENCODER.encode([contracts, rules])


class _RememberedSource:
    """A source that queries only panels whose data is not known.

    Args:
        source: has the data of the others.
        known: the data of panels by their queries; what is queried joins it.
        read: what dashboards read when data was made up for them, by their uid.
    """

    def __init__(self, source: SampleSource, results: dict[bytes, PanelData], read: dict[str, bytes]) -> None:
        self._read = read
        self.name = source.name
        self.is_sample = source.is_sample
        self.now_ms = source.now_ms
        self._source = source
        self._results = results

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of the variables that are queried."""
        queries = [
            [one.get("targets"), one.get("datasource")] for one in drawn_panels(dashboard.get("panels"))
        ]
        uid, reads = text(dashboard.get("uid")), _ENCODER.encode([queries, dashboard.get("templating")])
        if self._read.get(uid) != reads:
            # What a dashboard reads decides which metrics are guessed for it.
            self._source.forget(dashboard)
            self._read[uid] = reads
        return self._source.variable_options(dashboard, view)

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        panels = list(viewed.panels)
        # The events of a dashboard, and the states of its alerts, are a part of what its panels show.
        owner = [viewed.dashboard.get("uid"), viewed.dashboard.get("annotations")]
        keys = {panel.key: _panel_key(panel, owner) for panel in panels}
        missing = [panel for panel in panels if keys[panel.key] not in self._results]
        if missing:
            # A panel that shows the data of another one needs that one beside it.
            queried = panels if any(map(_is_shared, missing)) else missing
            part = replace(viewed, sections=(ViewedSection("asked", "grid", panels=tuple(queried)),))
            fresh = self._source.panel_data(part)
            if len(self._results) > _MOST:
                self._results.clear()
            self._results.update(
                {keys[panel.key]: fresh[panel.key] for panel in queried if panel.key in fresh}
            )
        return {key: self._results[identity] for key, identity in keys.items() if identity in self._results}


def _panel_key(viewed: ViewedPanel, owner: Sequence[object]) -> bytes:
    panel, values = viewed.panel, viewed.values
    data = _ENCODER.encode({name: value for name, value in panel.items() if name not in _LOOKS})
    is_shared = _is_shared(viewed)
    # Most panels do not change with most variables. What another panel queries is not known here.
    read = values.by_name if is_shared else read_variables(data, values.by_name)
    width = mapping(panel.get("gridPos")).get("w")
    rest = [width, read, values.unknown, values.filters, viewed.time_range, viewed.key if is_shared else ""]
    return data + _ENCODER.encode([*rest, panel.get("id"), *owner])


def _is_shared(viewed: ViewedPanel) -> bool:
    references = [viewed.panel, *mappings(viewed.panel.get("targets"))]
    return any(mapping(one.get("datasource")).get("uid") == _OF_DASHBOARDS for one in references)
