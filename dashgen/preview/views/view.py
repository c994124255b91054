"""What a viewer chooses: a time, values of variables, a tab."""

from collections.abc import Mapping

from msgspec import Struct

from dashgen.doctor.live.variable_options import VariableOption, VariableOptions

__all__ = ["VariableOption", "VariableOptions", "View"]


class View(Struct, frozen=True):
    """What a viewer chooses; what is empty is as the dashboard opens.

    Attributes:
        time_from: the start of the time shown, such as `now-6h`.
        time_to: its end.
        variables: the values of variables by name; `$__all` for all of them. For an adhoc filter each value
            is `key|operator|value`, as in Grafana's addresses.
        tab: the title of the tab that is open, or the titles from the outermost on with `/` between.
    """

    time_from: str = ""
    time_to: str = ""
    variables: Mapping[str, tuple[str, ...]] = {}
    tab: str = ""
