"""Words of panels that show one value of each series."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.panel_spec import Calc

ReduceCalc: TypeAlias = Annotated[
    Calc, doc("How a series becomes one value. The last one that is not null.", "mean", "max")
]
Values: TypeAlias = Annotated[bool, doc("Show every row of the result instead of one value of each series.")]
Limit: TypeAlias = Annotated[Count | None, doc("With `values`, at most so many rows.", 25)]
FieldFilter: TypeAlias = Annotated[
    str, doc("The fields shown: numbers when absent; a name, or a pattern between `/`.", "/^cost$/", "/.*/")
]
Orientation: TypeAlias = Annotated[
    Literal["auto", "horizontal", "vertical"],
    doc("Whether several values are side by side or below each other."),
]


def reduce_options(calc: str, values: bool, limit: int | None, only: str) -> Json:  # noqa: FBT001
    """Which values a panel shows."""
    options: Json = {"calcs": [calc], "fields": only, "values": values}
    if limit is not None:
        options["limit"] = limit
    return options


_LATEST = frozenset({"last", "lastNotNull"})


def is_latest(calc: str) -> bool:
    """Whether a series is reduced to its latest value, for which one value now is enough."""
    return calc in _LATEST


class ReducePanel(PanelType, kw_only=True):
    """A panel that shows one value of each series, or every row."""

    asks_instant: ClassVar[bool] = True

    reduce: ReduceCalc = "lastNotNull"
    values: Values = False
    limit: Limit = None
    fields: FieldFilter = ""
    orientation: Orientation = "auto"
    title_size: Annotated[Count | None, doc("The size of names in pixels.")] = None
    value_size: Annotated[Count | None, doc("The size of values in pixels.")] = None

    def wants_instant(self) -> bool:
        """The latest value is the one of now; a mean or a maximum is over the time range."""
        return self.asks_instant and is_latest(self.reduce)

    def reduce_options(self) -> Json:
        """Which values it shows."""
        return reduce_options(self.reduce, self.values, self.limit, self.fields)

    def text_options(self) -> Json:
        """The sizes of its text, where the spec has them."""
        sizes = {"titleSize": self.title_size, "valueSize": self.value_size}
        text = {name: size for name, size in sizes.items() if size is not None}
        return {"text": text} if text else {}
