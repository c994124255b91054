"""Components that nobody uses: their bodies are otherwise only read where they are used."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path as FilePath
from typing import Any, Final

from dashgen.compile.lower.panels import panel_types
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import Json
from dashgen.model.alert_rules import RULE_MODELS, AlertRules
from dashgen.model.base import Spec, fields_of
from dashgen.model.dashboard_spec import DashboardAnnotation
from dashgen.model.parse import DEFAULT_PANEL_TYPE, convert
from dashgen.model.section_spec import Row, Tab
from dashgen.model.target_spec import Query
from dashgen.model.variable_spec import DEFAULT_VARIABLE_TYPE, VARIABLE_TYPES
from dashgen.source.components import ITEM_KINDS, RULE_GROUPS, Component
from dashgen.source.provenance import Reporter, Resolved
from dashgen.source.source import Path
from dashgen.workspace.input_files import SpecFile

_USE: Final = re.compile(rb"\buse[\"']?\s*:\s*[\"']?([\w.-]+)")
_CONTROL: Final = frozenset(("use", "with", "for_each", "when_env"))
_INSIDE: Final[Mapping[str, Mapping[str, str]]] = {
    "row": {"panels": "panel", "rows": "row", "tabs": "tab", "variables": "variable"},
    "tab": {"panels": "panel", "rows": "row", "tabs": "tab", "variables": "variable"},
    RULE_GROUPS: {"rules": "rule"},
}
_RULES: Final = frozenset(("spec/unknown-key", "spec/type", "spec/value"))


def unused_faults(components: Mapping[str, Component], files: Sequence[SpecFile]) -> Iterator[Diagnostic]:
    """What is wrong with components that no spec uses, as far as it shows without arguments.

    Args:
        components: all components.
        files: the spec files, which are looked through for uses.
    """
    wrong = {name: faults for name, one in components.items() if (faults := list(_faults(one)))}
    if not wrong:
        return
    used: set[str] = set()
    for file in files:
        with suppress(OSError):
            used.update(name.decode() for name in _USE.findall(read_regular(FilePath(file.path))))
    for name, faults in wrong.items():
        if name not in used:
            yield from faults


def _faults(component: Component) -> Iterator[Diagnostic]:
    kind = ITEM_KINDS.get(component.kind, component.kind)
    body, path = component.body, component.origin.path
    items = _numbered(body, path) if isinstance(body, list) else [(path, body)]
    resolved = Resolved(component.origin.document, component.origin.document.data)
    for item_path, item in items:
        if isinstance(item, dict) and "use" not in item:
            yield from _item_faults(kind, item, resolved, item_path)
    for group_path, group in _numbered(component.rule_groups, component.part(RULE_GROUPS).path):
        if isinstance(group, dict) and "use" not in group:
            yield from _item_faults(RULE_GROUPS, group, resolved, group_path)


def _numbered(items: object, path: Path) -> list[tuple[Path, Any]]:
    """The items of a list with their paths."""
    return [((*path, number), item) for number, item in enumerate(items if isinstance(items, list) else [])]


def _item_faults(kind: str, item: Json, resolved: Resolved, path: Path) -> Iterator[Diagnostic]:
    model, shape = _model(kind, item)
    if model is None:
        return
    data = {key: _known(value) for key, value in item.items() if key not in _CONTROL and key not in shape}
    keys = {field.encode_name for field in fields_of(model)}
    # Whatever an argument makes of a value, its key has to be one that there is.
    data = {key: value for key, value in data.items() if value is not None or key not in keys}
    report = Reporter(resolved, path)
    convert(model, data, report)
    yield from (one for one in report.diagnostics if one.rule in _RULES)
    for key, inner in _INSIDE.get(kind, {}).items():
        for part_path, part in _numbered(item.get(key), (*path, key)):
            if isinstance(part, dict) and "use" not in part:
                yield from _item_faults(inner, part, resolved, part_path)


def _model(kind: str, item: Mapping[str, Any]) -> tuple[type[Spec] | None, tuple[str, ...]]:
    """The model of an item, and the keys that are not in it; none when an argument decides which it is."""
    if kind == "panel":
        return panel_types().get(str(item.get("type", DEFAULT_PANEL_TYPE))), ("type",)
    if kind == "variable":
        return VARIABLE_TYPES.get(str(item.get("type", DEFAULT_VARIABLE_TYPE))), ("type",)
    if kind == "rule":
        return next((model for key, model in RULE_MODELS.items() if key in item), None), ()
    models: dict[str, type[Spec]] = {
        "row": Row, "tab": Tab, "query": Query, "annotation": DashboardAnnotation, RULE_GROUPS: AlertRules,
    }  # fmt: skip
    return models.get(kind), tuple(_INSIDE.get(kind, ()))


def _known(value: object) -> Any:
    """A value without what only arguments tell; None when nothing is left that could be judged."""
    if isinstance(value, str):
        return None if "${{" in value else value
    if isinstance(value, dict):
        entries = {key: _known(child) for key, child in value.items() if key not in _CONTROL}
        return None if "use" in value else {key: child for key, child in entries.items() if child is not None}
    if isinstance(value, list):
        items = [_known(child) for child in value]
        return None if None in items else items
    return value
