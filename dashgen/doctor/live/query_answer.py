"""The answer to one query of a panel."""

from msgspec import Struct, field

from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.servers.telemetry.results import Cost, Result


class Answer(Struct, frozen=True):
    """The result of a query, or the reason why there is none.

    Attributes:
        query: the query.
        rows: how many values, lines or traces it has.
        series: how many series it has.
        cost: the cost to the server, as far as the server reports it.
        seconds: how long it took from here.
        error: why there is no answer; empty when there is one.
        hint: how to repair the error.
        timed_out: whether the time was the reason.
        asked: whether the query was sent at all.
        not_numbers: whether it has values and none of them is a number.
        remarks: warnings of the server beside the result.
        result: the result itself, where the runner keeps results.
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
    result: Result | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the answer has no rows."""
        return self.asked and not self.error and self.rows == 0
