"""When panels, rows and tabs are shown, and how a grid arranges its panels by itself.

Both are of schema v2: ``ConditionalRenderingGroup`` and ``AutoGridLayout`` in
``apps/dashboard/kinds/v2/dashboard_spec.cue`` of Grafana 13.3 (commit 0306f21b).
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from dashgen.model.base import Count, Spec, doc

Columns: TypeAlias = Annotated[int, msgspec.Meta(title="a number of columns, 1 to 24", ge=1, le=24)]


class ShowCondition(Spec, kw_only=True):
    """What decides whether something is shown: a variable's value, data, or the length of the time range."""

    variable: Annotated[str | None, doc("The variable whose value is compared.", "tier")] = None
    equals: Annotated[str | None, doc("Its value is this, or one of its values is.", "pro")] = None
    not_equals: Annotated[str | None, doc("None of its values is this.", "free")] = None
    matches: Annotated[str | None, doc("A regular expression that a value matches.", "^pro")] = None
    not_matches: Annotated[
        str | None, doc("A regular expression that no value matches.", "^(free|basic)$")
    ] = None
    has_data: Annotated[bool | None, doc("The panel's queries have data, or with `false` none.")] = None
    time_range: Annotated[
        str | None, doc("The dashboard's time range is at most so long: a number and a unit.", "7d", "6h")
    ] = None
    any: Annotated[
        list["ShowCondition"] | None,
        doc(
            "One of several conditions is enough.",
            [{"time_range": "1h"}, {"variable": "tier", "equals": "pro"}],
        ),
    ] = None


ShowConditions: TypeAlias = ShowCondition | list[ShowCondition]
ShowWhen: TypeAlias = Annotated[
    ShowConditions | None,
    doc(
        "Shown only under this condition. A list holds when all of its conditions do, `any:` when one does.",
        {"variable": "tier", "equals": "pro"},
        {"time_range": "7d"},
    ),
]
HideWhen: TypeAlias = Annotated[
    ShowConditions | None,
    doc("Hidden under this condition, which is written as in `show_when`.", {"has_data": False}),
]
COMPARISONS: Final[Mapping[str, str]] = {
    "equals": "equals", "not_equals": "notEquals", "matches": "matches", "not_matches": "notMatches",
}  # fmt: skip
"""Grafana's operators (``ConditionalRenderingVariableSpec``) by the keys of the language."""


class AutoLayout(Spec, kw_only=True):
    """A grid that arranges its panels by itself, as wide as the window allows."""

    columns: Annotated[Columns | None, doc("So many panels side by side at most; 3 when absent.", 4)] = None
    column_width: Annotated[
        Literal["narrow", "standard", "wide"] | Count,
        doc("How wide a column is at least; a number counts pixels."),
    ] = "standard"
    row_height: Annotated[
        Literal["short", "standard", "tall"] | Count, doc("How high a panel is; a number counts pixels.")
    ] = "standard"
    fill: Annotated[bool, doc("Panels grow until the window is full.")] = False


Layout: TypeAlias = Annotated[
    Literal["grid", "auto"] | AutoLayout | None,
    doc(
        "`grid`: panels have places and sizes. `auto`: Grafana arranges them, in as many columns as fit; as "
        "a mapping, in more detail.",
        "auto",
        {"columns": 4, "row_height": "short"},
    ),
]
