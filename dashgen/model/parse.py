"""Resolved data becomes the typed model, or diagnostics that name everything wrong with it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.json_values import Json, without_fraction
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.base import Spec
from dashgen.model.dashboard_spec import Dashboard
from dashgen.model.panel_spec import Panel
from dashgen.model.spec_sections import containers, items_in, section_path
from dashgen.model.spec_texts import with_texts
from dashgen.model.variable_spec import DEFAULT_VARIABLE_TYPE, VARIABLE_TYPES, Variable
from dashgen.source.other_words import ANGULAR, panel_type_hint, value_hint
from dashgen.source.provenance import Reporter, Resolved
from dashgen.source.schema_errors import schema_problems
from dashgen.source.source import Path

S = TypeVar("S", bound=Spec)
_UNKNOWN = lazy_pattern(r"unknown key `(?P<key>[^`]+)`")
_MOST_LEVELS = 16
"""How deep parts of specs lie in each other, `raw:` and the like aside."""
DEFAULT_PANEL_TYPE = "timeseries"
NO_NAME = "untitled"
"""Stands for the title of a dashboard, or the name of a group of rules, that cannot be read."""
_NAMES = ("title", "group")


class ParsedDashboard(msgspec.Struct):
    """A dashboard with its panels and variables converted by type, each by its path in the document.

    Attributes:
        resolved: its document.
        dashboard: what it has besides panels and variables.
        panels: the panels, also those in sections.
        variables: the variables, also those of sections.
        names: the names of the variables of the dashboard, whose path is empty, and of each section that has
            some; also those with a mistake are there for queries and links.
        has_unread_names: whether the name of a variable could not be read.
    """

    resolved: Resolved
    dashboard: Dashboard
    panels: dict[Path, Panel] = {}
    variables: dict[Path, Variable] = {}
    names: dict[Path, frozenset[str]] = {}
    has_unread_names: bool = False

    def names_at(self, path: Path) -> frozenset[str]:
        """The names that a query at a path can use: those of the dashboard and of the sections around it."""
        own = self.names.get((), frozenset())
        if len(self.names) <= 1 and () in self.names:
            return own
        around = section_path(path)
        lengths = range(2, len(around) + 1, 2)
        return own.union(*(self.names.get(around[:length], ()) for length in lengths))

    @property
    def variable_names(self) -> frozenset[str]:
        """The names of all variables, wherever they are."""
        return frozenset().union(*self.names.values())


@cache
def schema_of(model: type[Spec]) -> Json:
    """The JSON Schema (draft 2020-12) of a model class."""
    schema, definitions = msgspec.json.schema_components([model], ref_template="#/$defs/{name}")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema[0], "$defs": definitions}


def convert(model: type[S], data: object, report: Reporter) -> S | None:
    """The data at the path of a reporter as its model; everything that is wrong with it is reported.

    What is wrong is then left out, and noted as broken in the document, so that the rest is looked at in the
    same run; the model is None when nothing can be left out.
    """
    try:
        return msgspec.convert(data, model)
    except msgspec.ValidationError as error:
        message = str(error)
    # msgspec is strict, and to an author `200` is a text where a text belongs and 12.0 a whole number.
    resolved = report.resolved
    lenient = with_texts(data, model, lambda below: resolved.origin((*report.path, *below)).written())
    lenient = _with_whole_numbers(lenient)
    try:
        return msgspec.convert(lenient, model)
    except msgspec.ValidationError:
        wrong = _explain(model, lenient, report, message)
    # Where a key that a part needs is left out the part goes too, and so on outwards: each round goes one
    # level up.
    for _ in range(_MOST_LEVELS):
        if () in wrong:
            named = _with_names(lenient, model)
            if named == lenient:
                break
            lenient, wrong = named, [path for path in wrong if path]
        if not all(any(isinstance(step, str) for step in path) for path in wrong):
            break
        lenient = _without(lenient, wrong, model, report)
        try:
            return msgspec.convert(lenient, model)
        except msgspec.ValidationError:
            problems = schema_problems(schema_of(model), lenient, model.synonyms())
            wrong = list(dict.fromkeys(problem.path for problem in problems))
    return None


def _with_names(data: Any, model: type[Spec]) -> Any:
    """The data with a stand-in for a missing name of the document, so that its parts can be looked at."""
    if not isinstance(data, dict):
        return data
    properties, required = _keys_of(model)
    missing = [key for key in _NAMES if key in properties and key in required and key not in data]
    return {**data, **dict.fromkeys(missing, NO_NAME)}


def _keys_of(model: type[Spec]) -> tuple[Json, list[str]]:
    """The schemas of a model's keys, and the keys that it needs."""
    schema = schema_of(model)
    definition = schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return definition["properties"], definition.get("required", [])


def _without(data: Any, wrong: list[Path], model: type[Spec], report: Reporter) -> Any:
    """The data without the keys whose values are wrong; of a list with a wrong item nothing is left.

    In a list whose items are converted one by one later, ``{}`` stands for a wrong item, so that the others
    stay.
    """
    dropped: list[Path] = []
    emptied: dict[str | int, set[str | int]] = {}
    for steps in wrong:
        if _is_separate_item(steps, model):
            emptied.setdefault(steps[0], set()).add(steps[1])
            report.resolved.broken.append(report.resolved.origin((*report.path, *steps)))
            continue
        # Up to the nearest key: a list without one of its items would be another list.
        length = next((n for n in range(len(steps), 0, -1) if isinstance(steps[n - 1], str)), 0)
        if length:
            dropped.append(steps[:length])
            report.resolved.broken.append(report.resolved.origin((*report.path, *steps[:length])))
    for key, indices in emptied.items():
        data = {**data, key: [{} if i in indices else item for i, item in enumerate(data[key])]}
    return _leaving_out(data, dropped)


def _is_separate_item(steps: Path, model: type[Spec]) -> bool:
    """Whether a path leads to an item of a list that takes any mapping."""
    if len(steps) != 2 or isinstance(steps[1], str):
        return False
    properties, _ = _keys_of(model)
    return bool(properties.get(str(steps[0]), {}).get("items") == {"type": "object"})


def _leaving_out(data: object, dropped: list[Path]) -> Any:
    """The data without the keys at these paths.

    Each collection on the way is copied once, however many keys go.
    """
    below: dict[str | int, list[Path]] = {}
    for first, *rest in dropped:
        below.setdefault(first, []).append(tuple(rest))
    if isinstance(data, dict):
        return {
            key: _leaving_out(value, below[key]) if key in below else value
            for key, value in data.items()
            if () not in below.get(key, ())
        }
    if isinstance(data, list):
        return [_leaving_out(item, below[i]) if i in below else item for i, item in enumerate(data)]
    return data


def _with_whole_numbers(data: object) -> Any:
    """The data with 12.0 as 12: ``1e3`` and ``${{ 24 / 2 }}`` are whole numbers to whoever wrote them."""
    if isinstance(data, float):
        return without_fraction(data)
    if isinstance(data, dict):
        return {key: _with_whole_numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_whole_numbers(value) for value in data]
    return data


def _explain(model: type[Spec], data: object, report: Reporter, message: str) -> list[Path]:
    """Report what is wrong with the data, or else msgspec's own message.

    The paths of what is there and wrong.
    """
    problems = list(schema_problems(schema_of(model), data, model.synonyms()))
    for problem in problems:
        written = ""
        if problem.quoted:
            written = report.resolved.origin((*report.path, *problem.path)).written()
        shown = problem.with_written(written) if written else problem
        report.error(shown.rule, shown.message, shown.path, shown.hint, key=shown.on_key)
    if not problems:
        report.error("spec/value", message[:1].lower() + message[1:])
    return [problem.path for problem in problems] or [()]


def parse_document(model: type[S], report: Reporter) -> S | None:
    """A whole document, without its ``kind``, as its model."""
    return convert(
        model, {key: value for key, value in report.resolved.data.items() if key != "kind"}, report
    )


def parse_dashboard(
    report: Reporter, panel_types: Mapping[str, type[Panel]], other_panels: type[Panel]
) -> ParsedDashboard | None:
    """A dashboard with its panels and variables.

    ``other_panels`` is the model of panel types not in ``panel_types``.
    """
    dashboard = parse_document(Dashboard, report)
    # The parts are looked at even when the whole does not fit, so that one run shows everything.
    data = report.resolved.data
    panels: dict[Path, Panel] = {}
    for path, item in items_in(data, "panels"):
        panel = _parse_panel(item, panel_types, other_panels, report.at(path))
        if panel is not None:
            panels[path] = panel
    variables: dict[Path, Variable] = {}
    names: dict[Path, list[str]] = {}
    for path, item in items_in(data, "variables"):
        variable = _parse_variable(item, report.at(path))
        if variable is not None:
            variables[path] = variable
        if isinstance(name := item.get("name"), str):
            names.setdefault(path[:-2], []).append(name)
    if dashboard is None:
        return None
    lists = (container.get("variables") for _, container in containers(data))
    written = sum(len(items) for items in lists if isinstance(items, list))
    unread = sum(map(len, names.values())) < written
    in_sections = {path: frozenset(own) for path, own in names.items()}
    return ParsedDashboard(report.resolved, dashboard, panels, variables, in_sections, unread)


def _parse_panel(
    item: Json, panel_types: Mapping[str, type[Panel]], other_panels: type[Panel], report: Reporter
) -> Panel | None:
    kind = item.get("type", DEFAULT_PANEL_TYPE)
    if not isinstance(kind, str):
        report.error("spec/type", "a panel's `type` has to be text", ("type",))
        return None
    model = panel_types.get(kind)
    # Findings of one panel get better hints first, which name the panel types that have a key.
    own_report = Reporter(report.resolved, report.path)
    if model is not None:
        panel = convert(model, {key: value for key, value in item.items() if key != "type"}, own_report)
        report.diagnostics.extend(_with_home(one, kind, panel_types) for one in own_report.diagnostics)
        return panel
    hint = panel_type_hint(kind, panel_types)
    if kind not in ANGULAR and not hint and "-" in kind:
        return convert(other_panels, item, report)  # the id of a plugin
    message = f"there is no panel type `{kind}`"
    if kind in ANGULAR:
        message = f"Grafana does not run panels of type `{kind}` any more"
    hint = hint or nearest(kind, panel_types) or "write one of dashgen's types, or the id of a plugin"
    report.error("panel/type", message, ("type",), hint)
    # Its queries and thresholds are checked all the same; its own keys are unknown, but Grafana's are not.
    panel = convert(other_panels, item, own_report)
    report.diagnostics.extend(
        one
        for one in own_report.diagnostics
        if one.rule != "spec/unknown-key" or one.hint.startswith("write ")
    )
    return panel


def _with_home(problem: Diagnostic, kind: str, panel_types: Mapping[str, type[Panel]]) -> Diagnostic:
    """The problem with the panel types that have the key, when it is one of another type."""
    match = _UNKNOWN.fullmatch(problem.message)
    if problem.rule != "spec/unknown-key" or match is None:
        return problem
    key = match["key"]
    homes = _homes(key, tuple(panel_types.items()))
    if not homes:
        return problem
    if kind in homes:
        hint = f"`{key}` is a key of the panel; an override has it below `custom:`"
        return replace(problem, hint=hint)
    names = ", ".join(f"`{name}`" for name in homes[:3]) + (" …" if len(homes) > 3 else "")
    return replace(problem, hint=f"`{key}` belongs to panels of type {names}; this one is a `{kind}`")


@cache
def _homes(key: str, panel_types: tuple[tuple[str, type[Panel]], ...]) -> list[str]:
    """The panel types that have a key, the default type first."""
    homes = [name for name, model in panel_types if key in model.__struct_fields__]
    return sorted(homes, key=lambda name: name != DEFAULT_PANEL_TYPE)


def _parse_variable(item: Json, report: Reporter) -> Variable | None:
    kind = item.get("type", DEFAULT_VARIABLE_TYPE)
    model = VARIABLE_TYPES.get(kind) if isinstance(kind, str) else None
    if model is None:
        hint = value_hint(str(kind), VARIABLE_TYPES) or nearest(str(kind), VARIABLE_TYPES)
        report.resolved.broken.append(report.resolved.origin(report.path))
        report.error("variable/type", f"there is no variable type `{kind}`", ("type",), hint)
        return None
    return convert(model, {key: value for key, value in item.items() if key != "type"}, report)
