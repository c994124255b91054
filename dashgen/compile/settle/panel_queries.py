"""What the queries of a panel are for, and what the dashboard's variables can make of them."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from dashgen.compile.settle.query_meaning import QueryUse
from dashgen.model.panel_spec import Panel, Repeat
from dashgen.model.variable_spec import ChoiceVariable, Variable

_ONLY_NUMBERS: Final = frozenset(
    {"timeseries", "trend", "candlestick", "heatmap", "histogram", "gauge", "bargauge", "piechart", "xychart"}
)
"""Panel types that draw nothing of log lines (Grafana 12.4: "Data is missing a number field")."""


class Choices(Struct, frozen=True):
    """The variables of a dashboard from which people choose.

    Attributes:
        multi: those that may have several values.
        single: those of which one value is chosen.
        all_values: what those stand for when all is chosen, where the spec says it.
    """

    multi: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    all_values: dict[str, str] = {}


def choices_of(variables: Iterable[Variable]) -> Choices:
    """The variables from which people choose."""
    choices = [variable for variable in variables if isinstance(variable, ChoiceVariable)]
    multi = frozenset(choice.name for choice in choices if choice.multi or choice.include_all)
    all_values = {
        choice.name: choice.all_value
        for choice in choices
        if choice.include_all and choice.all_value is not None
    }
    return Choices(multi, frozenset(choice.name for choice in choices) - multi, all_values)


def use_of(panel: Panel, choices: Choices, repeats: Iterable[Repeat | None]) -> QueryUse:
    """What the queries of a panel are for.

    Args:
        panel: the panel.
        choices: the variables of its dashboard.
        repeats: how it and its row are repeated; each copy has one value of that variable.
    """
    kind = panel.type_id
    is_plain = not panel.transformations
    repeated = {repeat.by for repeat in repeats if repeat is not None}
    return QueryUse(
        name=f"a {kind} panel" if kind else "a panel",
        needs_numbers=is_plain and kind in _ONLY_NUMBERS,
        is_range=True,
        counts_up=is_plain and kind == "timeseries",
        multi=choices.multi - repeated,
        all_values={name: value for name, value in choices.all_values.items() if name not in repeated},
    )
