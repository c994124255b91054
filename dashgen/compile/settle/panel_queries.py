"""What the queries of a panel are for, and what the dashboard's variables can make of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from dashgen.compile.settle.query_meaning import QueryUse
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.model.panel_spec import Panel, Repeat
from dashgen.model.variable_spec import ChoiceVariable, Variable
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_ONLY_NUMBERS: Final = frozenset(
    {"timeseries", "trend", "candlestick", "heatmap", "histogram", "gauge", "bargauge", "piechart", "xychart"}
)
"""Panel types that draw nothing of log lines (Grafana 12.4: "Data is missing a number field")."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The variables of a dashboard from which people choose.

    Attributes:
        multi: those that may have several values.
        single: those of which one value is chosen.
        all_values: what those stand for when all is chosen, where the spec says it.
    """

    multi: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    all_values: dict[str, str] = field(default_factory=dict)


def choices_of(variables: Iterable[Variable]) -> Choices:
    """The variables from which people choose."""
    choices = [variable for variable in variables if isinstance(variable, ChoiceVariable)]
    multi = frozenset(one.name for one in choices if one.multi or one.include_all)
    all_values = {one.name: one.all_value for one in choices if one.include_all and one.all_value is not None}
    return Choices(multi, frozenset(one.name for one in choices) - multi, all_values)


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


def asked_once(use: QueryUse) -> QueryUse:
    """The same for a query that is asked for one moment, which may yield a range."""
    return replace(use, is_range=False)


def repeat_problems(
    repeat: Repeat | None, path: Path, choices: Choices, resolved: Resolved
) -> Iterator[Diagnostic]:
    """A repeat by a variable of which one value is chosen gives one copy.

    Args:
        repeat: how the panel or row is repeated.
        path: where the panel or row stands.
        choices: the variables of its dashboard.
        resolved: the document.
    """
    if repeat is not None and repeat.by in choices.single:
        message = f"`${repeat.by}` has one value at a time, so there is one copy"
        hint = f"add `multi: true` to `{repeat.by}`"
        yield resolved.diagnostic("panel/repeat", message, (*path, "repeat"), hint, severity=Severity.WARNING)
