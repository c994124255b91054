"""What data sources are told apart by in exports of schema v2: labels of queries in place of their names."""

from collections.abc import Iterator

from dashgen.core.json_values import Json, mapping, text
from dashgen.formats.v2.v2_layout import DashboardNote

_LABEL = "grafana.app/export-label"


def label_notes(spec: Json) -> list[DashboardNote]:
    """A note for each plugin with several data sources in an export, which become one.

    An export for other Grafanas names no data source: ``{"group": "prometheus", "labels":
    {"grafana.app/export-label": "prometheus-2"}}``. Source: ``ExportLabel`` in
    public/app/features/dashboard-scene/scene/export/exporters.ts of 12.4.

    Args:
        spec: the dashboard.
    """
    labels: dict[str, set[str]] = {}
    for query in _objects(spec):
        label = text(mapping(query.get("labels")).get(_LABEL))
        if label and not mapping(query.get("datasource")).get("name"):
            labels.setdefault(text(query.get("group")), set()).add(label)
    return [
        (
            "converted",
            f"the {plugin} data sources {', '.join(f'`{name}`' for name in sorted(names))} of the export became one",
        )
        for plugin, names in sorted(labels.items())
        if len(names) > 1
    ]


def _objects(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _objects(part)
