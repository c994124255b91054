"""A formatted value in its parts, and the moment and zone in which times are written."""

from typing import Final, NamedTuple


class FormattedValue(NamedTuple):
    """A value as Grafana shows it; prefix and suffix may be smaller than the text between them."""

    text: str
    prefix: str = ""
    suffix: str = ""

    @property
    def whole(self) -> str:
        """The parts joined."""
        return f"{self.prefix}{self.text}{self.suffix}"


class ValueClock(NamedTuple):
    """What times depend on: the present in milliseconds since 1970, and an IANA zone."""

    now_ms: int = 0
    zone: str = "UTC"


UTC_CLOCK: Final = ValueClock()
