"""The words of a dashboard part by part, before equal panels are folded into one."""

from dataclasses import dataclass, field

from dashgen.formats.json_values import Json
from dashgen.importer.import_panels import PanelSpec


@dataclass(slots=True)
class UnfoldedRow:
    """A row with its panels; ``header`` is its JSON, or nothing for panels that are in no row."""

    header: Json | None
    panels: list[PanelSpec] = field(default_factory=list)


@dataclass(slots=True)
class Unfolded:
    """The words of a dashboard.

    Attributes:
        top: its own words.
        variables: those of its variables.
        annotations: those of its annotation queries.
        links: those of its links.
        rows: its rows, in order.
        raw: what no word can say of the dashboard itself.
    """

    top: Json
    variables: list[Json]
    annotations: list[Json]
    links: list[Json]
    rows: list[UnfoldedRow]
    raw: Json
