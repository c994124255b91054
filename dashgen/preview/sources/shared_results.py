"""Panels that show the data of another panel of their dashboard.

Source: public/app/plugins/datasource/dashboard/datasource.ts of grafana/grafana.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, mappings, text
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.transformations.transform import transform
from dashgen.preview.sources.panel_plan import shared_panel
from dashgen.preview.sources.source_messages import sentence
from dashgen.preview.views.viewed_dashboard import ViewedPanel


def with_shared_results(
    panels: Sequence[ViewedPanel], data: Mapping[str, PanelData]
) -> dict[str, PanelData]:  # fmt: skip
    """The data of all panels, where those of other panels' data have it.

    Args:
        panels: the panels of one dashboard.
        data: what each shows of its own queries.
    """
    complete = dict(data)
    by_id: dict[object, ViewedPanel] = {}
    for panel in panels:
        by_id.setdefault(panel.panel.get("id"), panel)
    for panel in panels:
        for target in mappings(panel.panel.get("targets")):
            number = shared_panel(target)
            if number is None:
                continue
            own = complete.get(panel.key, PanelData())
            source = by_id.get(number)
            if source is None or source is panel:
                message = sentence(f"panel {number}, whose data this one shows, is not on the dashboard")
                complete[panel.key] = replace(own, error=message)
                continue
            shared = data.get(source.key, PanelData())
            frames = _frames(source, shared, target)
            complete[panel.key] = replace(
                own, frames=[*own.frames, *frames], error=shared.error, annotations=shared.annotations
            )
    return complete


def _frames(source: ViewedPanel, data: PanelData, target: Json) -> list[Frame]:
    frames: Sequence[Frame] = data.frames
    ref = text(target.get("refId"))
    if target.get("withTransforms") is True:
        frames = transform(frames, mappings(source.panel.get("transformations")))
    return [Frame(list(frame.fields), frame.ref_id or ref, frame.name, frame.meta) for frame in frames]
