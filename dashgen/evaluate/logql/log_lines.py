"""Log lines in memory, and what stages of a pipeline make of them. Times are milliseconds."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from dashgen.evaluate.samples import Labels

ERROR_LABEL: Final = "__error__"


class LogEntry(Struct, frozen=True):
    """A line of a stream at a time."""

    at: int
    stream: Labels
    line: str


class PipedEntry(Struct):
    """An entry on its way through a pipeline: its labels change, and ``value`` is what `unwrap` made of it."""

    at: int
    stream: Labels
    labels: dict[str, str]
    line: str
    value: float = 1.0

    def extract(self, name: str, value: str) -> None:
        """Write an extracted label; one of the stream keeps its value, and the new one gets another name."""
        self.labels[f"{name}_extracted" if name in self.stream else name] = value

    def fail(self, error: str) -> None:
        """Note an error; the entry stays, so that a later stage can drop it."""
        self.labels.setdefault(ERROR_LABEL, error)


class LogStore:
    """Entries by time."""

    def __init__(self, entries: Iterable[LogEntry] = ()) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.at)
        self.piped: dict[tuple[str, int], list[PipedEntry]] = {}
        """What is left of the entries after the pipeline at an offset of a query."""

    def has_entries(self, at: int) -> bool:
        """Whether any line is there at a time."""
        return bool(self.entries) and self.entries[0].at <= at
