"""What a panel shows: the answers to its queries, and what Grafana adds to them."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from dashgen.drawing.fields.frames import Frame

AlertState: TypeAlias = Literal["", "normal", "pending", "firing", "nodata", "error"]


class AnnotationMark(Struct, frozen=True):
    """An event on the time axis.

    Attributes:
        start: milliseconds since 1970.
        end: the same for an event with a length; None for a moment.
        color: as Grafana's annotation query has it.
    """

    start: int
    text: str
    end: int | None = None
    tags: Sequence[str] = ()
    color: str = ""


class AlertEntry(Struct, frozen=True):
    """An alert rule in an alert list; `since` is in milliseconds since 1970."""

    name: str
    state: AlertState
    folder: str = ""
    group: str = ""
    since: int | None = None
    labels: Mapping[str, str] = {}
    summary: str = ""


class DashboardEntry(Struct, frozen=True):
    """A dashboard in a dashboard list."""

    title: str
    uid: str
    folder: str = ""
    tags: Sequence[str] = ()


class PanelData(Struct, frozen=True):
    """Everything that a panel shows beside its own JSON.

    Attributes:
        frames: the results of its queries, before transformations.
        exemplars: frames with the fields `Time`, `Value` and one of texts for each label.
        annotations: the events on its time axis.
        alert_state: of the alert that is shown on this panel; empty without one.
        alerts: what an alert list may show, before its own filters.
        dashboards: what a dashboard list may show, before its own filters.
        error: why there is no result; the panel shows it in place of its frames.
        notices: sentences about a result that is not whole: one of several queries failed, rows were left
            out.
    """

    frames: Sequence[Frame] = ()
    exemplars: Sequence[Frame] = ()
    annotations: Sequence[AnnotationMark] = ()
    alert_state: AlertState = ""
    alerts: Sequence[AlertEntry] = ()
    dashboards: Sequence[DashboardEntry] = ()
    error: str = ""
    notices: Sequence[str] = ()
