"""Where people write a new key among those that are there."""

from functools import cache
from typing import Final

import msgspec
from msgspec.structs import replace

from dashgen.compile.lower.panels import panel_types
from dashgen.core.json_values import ABSENT, at
from dashgen.importer.import_panels import FIRST, LAST
from dashgen.importer.import_sections import SECTION_ORDER
from dashgen.model.alert_rules import AlertRule, AlertRules, RecordingRule
from dashgen.model.base import fields_of
from dashgen.model.dashboard_spec import Dashboard, DashboardAnnotation, DashboardLink
from dashgen.model.parse import DEFAULT_PANEL_TYPE
from dashgen.model.target_spec import Query
from dashgen.model.variable_spec import Variable
from dashgen.source.components import ITEM_KINDS
from dashgen.source.edit import Carry, Edit, SetValue
from dashgen.source.source import Path

_CONTROL: Final = ("use", "with")
_TOP: Final[dict[str, type[msgspec.Struct]]] = {"Dashboard": Dashboard, "AlertRules": AlertRules}
_SECTIONS: Final = ("row", "tab")
_KINDS: Final[dict[str, type[msgspec.Struct]]] = {
    "query": Query,
    "variable": Variable,
    "annotation": DashboardAnnotation,
    "link": DashboardLink,
    "rule": AlertRule,
}


def ordered(data: object, edit: Edit) -> Edit:
    """An edit with the order of the keys around the one that it adds, if it adds one.

    Args:
        data: the document as its author wrote it.
        edit: the edit.
    """
    match edit:
        case SetValue(path=path, order=()) | Carry(to=path, order=()):
            # The key is added to the innermost mapping that is there; what is below it is written as a whole.
            lengths = (length for length in range(len(path)) if at(data, path[: length + 1]) is ABSENT)
            return replace(edit, order=_order_at(data, path[: next(lengths, len(path))]))
    return edit


def _order_at(data: object, path: Path) -> tuple[str, ...]:
    """The keys of the value at a path, in the order in which people write them.

    Nothing when they have none.
    """
    value = at(data, path)
    if not path:
        kind = _TOP.get(str(at(data, ("kind",))))
        # Panels without a row are above the rows.
        keys = sorted(_keys(kind), key=lambda key: key in ("rows", "tabs", "raw")) if kind else []
        return ("kind", *keys) if kind else ()
    what = _item_kind(path)
    if what == "panel":
        panel_type = at(value, ("type",))
        return (*_CONTROL, *_panel_keys(DEFAULT_PANEL_TYPE if panel_type is ABSENT else str(panel_type)))
    if what in _SECTIONS:
        return (*_CONTROL, *SECTION_ORDER)
    # Both kinds of rules stand in one list, and `record` is the key that tells.
    model = RecordingRule if at(value, ("record",)) is not ABSENT else _KINDS.get(what)
    return (*_CONTROL, *_keys(model)) if model else ()


def _item_kind(path: Path) -> str:
    """The kind of value at a path: an item of a list of panels, rows …, or the body of a component."""
    if isinstance(path[-1], int):
        return ITEM_KINDS.get(str(path[-2]), "") if len(path) > 1 else ""
    return path[-1] if path[0] == "components" and len(path) == len(("components", "name", "panel")) else ""


@cache
def _panel_keys(kind: str) -> tuple[str, ...]:
    known_types = panel_types()
    # Those of other types follow, for a type that an expression gives.
    every = [key for cls in (known_types.get(kind), *known_types.values()) if cls for key in _keys(cls)]
    between = [key for key in dict.fromkeys(every) if key not in FIRST and key not in LAST]
    return (*FIRST, *between, *LAST)


def _keys(kind: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in fields_of(kind)]
