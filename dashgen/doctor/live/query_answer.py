"""What came back for one query of a panel."""

from dataclasses import dataclass, field

from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.servers.telemetry.results import Cost


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query yielded, or why it yielded nothing.

    Attributes:
        query: the query.
        rows: how many values, lines or traces came.
        series: how many series.
        cost: what it cost the server, as far as the server says.
        seconds: how long it took from here.
        error: why there is no answer; empty when there is one.
        hint: what to do about the error.
        timed_out: whether the time was the reason.
        asked: whether it was asked at all.
        not_numbers: whether values came and none of them is a number.
        remarks: what the server says beside the answer.
    """

    query: PanelQuery
    rows: int = 0
    series: int = 0
    cost: Cost = field(default_factory=Cost)
    seconds: float = 0.0
    error: str = ""
    hint: str = ""
    timed_out: bool = False
    asked: bool = True
    not_numbers: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it was answered with nothing."""
        return self.asked and not self.error and self.rows == 0
