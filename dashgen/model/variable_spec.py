"""Template variables of a dashboard, one class for each type."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from dashgen.core.json_values import Json
from dashgen.model.base import Count, Duration, Raw, Spec, doc, form

Name: TypeAlias = Annotated[
    str, form("a variable name (letters, digits and `_`)", r"^[A-Za-z0-9_]+$", "tier")
]
Hide: TypeAlias = Literal["nothing", "label", "variable", "menu"]
Sort: TypeAlias = Literal[
    "none", "alphabetical", "alphabetical-desc", "numerical", "numerical-desc", "alphabetical-ci",
    "alphabetical-ci-desc", "natural", "natural-desc",
]  # fmt: skip


class Variable(Spec, kw_only=True):
    """What every variable has, whatever its type."""

    name: Annotated[Name, doc("The name used as `$name` in queries.")]
    label: Annotated[str | None, doc("The name shown above the dashboard.", "Tier")] = None
    description: Annotated[str | None, doc("What it is for.")] = None
    hide: Annotated[Hide, doc("What not to show above the dashboard; `menu` moves it into a menu.")] = (
        "nothing"
    )
    default: Annotated[
        str | list[str] | None, doc("The value or values chosen at first; `all` for all of them.", "all")
    ] = None
    raw: Raw = {}


class ChoiceVariable(Variable, kw_only=True):
    """A variable with a list of values to choose from."""

    multi: Annotated[bool, doc("Several values may be chosen.")] = False
    include_all: Annotated[bool, doc("Offer `All`.")] = False
    all_value: Annotated[
        str | None, doc("What `All` stands for in queries; every value when absent.", ".*")
    ] = None


class QueryVariable(ChoiceVariable, kw_only=True):
    """Values that a data source gives."""

    query: Annotated[
        str,
        doc(
            "Prometheus: `label_values(metric, label)`, `metrics(regex)`, `query_result(expr)`, "
            "`label_names()`; Loki: `label_values(stream, label)`.",
            "label_values(http_requests_total, tier)",
        ),
    ]
    datasource: Annotated[
        str | None, doc("A data source alias, uid, `type/uid` or `$variable`.", "prometheus", "loki/abc123")
    ] = None
    regex: Annotated[str, doc("Keep the values that match; a group is what is kept.", "/^(web-.*)$/")] = ""
    sort: Annotated[Sort, doc("The order of the values.")] = "alphabetical"
    refresh: Annotated[
        Literal["never", "load", "time"],
        doc(
            "When the values are asked for again: when the dashboard loads, or also when the time range "
            "changes."
        ),
    ] = "time"


class CustomVariable(ChoiceVariable, kw_only=True):
    """A fixed list of values."""

    values: Annotated[
        list[str] | dict[str, str],
        doc("The values; as a map, label to value.", ["free", "pro"], {"Free tier": "free"}),
    ]

    def pairs(self) -> list[tuple[str, str]]:
        """Label and value of each choice."""
        values = self.values
        return [(value, value) for value in values] if isinstance(values, list) else list(values.items())


class IntervalVariable(Variable, kw_only=True):
    """A step of time."""

    values: Annotated[list[Duration], doc("The steps to choose from.", ["1m", "5m", "1h"])] = msgspec.field(
        default_factory=lambda: ["1m", "5m", "15m", "1h", "6h", "1d"]
    )
    auto: Annotated[bool, doc("Offer a step that follows the time range.")] = False
    auto_count: Annotated[Count, doc("How many steps `auto` divides the time range into.")] = 30
    auto_min: Annotated[Duration, doc("The smallest step of `auto`.")] = "10s"


class DatasourceVariable(ChoiceVariable, kw_only=True):
    """A data source of one type, to choose by name."""

    plugin: Annotated[str, doc("The data source type.", "prometheus")]
    regex: Annotated[str, doc("Keep those whose name matches.")] = ""


class TextboxVariable(Variable, kw_only=True):
    """Text that the reader types."""


class ConstantVariable(Variable, kw_only=True):
    """A value that the reader does not see."""

    value: Annotated[str, doc("The value.")]


class SwitchVariable(Variable, kw_only=True):
    """One of two values, chosen by a switch (Grafana 12.3 and later)."""

    on: Annotated[str, doc("The value while it is on.", "true", "debug")] = "true"
    off: Annotated[str, doc("The value while it is off.", "false", ".*")] = "false"


class AdhocVariable(Variable, kw_only=True):
    """Filters that the reader adds to every query of a data source."""

    datasource: Annotated[
        str | None, doc("A data source alias, uid, `type/uid` or `$variable`.", "prometheus", "loki/abc123")
    ] = None
    filters: Annotated[
        list[Json], doc("Filters set at first.", [{"key": "tier", "operator": "=", "value": "pro"}])
    ] = []


def first_value(variable: Variable) -> str | None:
    """The value that a variable has before anybody chooses one; None when only a server knows it."""
    default = variable.default
    if isinstance(default, list):
        return default[0] if default else None
    if default is not None and default != "all":
        return default
    if isinstance(variable, ConstantVariable):
        return variable.value
    if isinstance(variable, SwitchVariable):
        return variable.off
    if isinstance(variable, CustomVariable) and default is None and not variable.include_all:
        return next((value for _, value in variable.pairs()), None)
    return None


VARIABLE_TYPES: dict[str, type[Variable]] = {
    "query": QueryVariable,
    "custom": CustomVariable,
    "interval": IntervalVariable,
    "datasource": DatasourceVariable,
    "textbox": TextboxVariable,
    "constant": ConstantVariable,
    "switch": SwitchVariable,
    "adhoc": AdhocVariable,
}
DEFAULT_VARIABLE_TYPE = "query"
