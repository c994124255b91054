"""What each key of a panel type does to its JSON, found by trying.

A panel type is lowered once as it is and once for every value that a key can have; what changed in the JSON
is what the key does. So the importer needs no table of keys, and a new panel type can be imported without a
line of code here.
"""

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import attr
import msgspec

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import ABSENT, Json, Steps, at, differences, is_whole, mappings, same, text
from dashgen.model.base import fields_of
from dashgen.model.duration import milliseconds, one_unit
from dashgen.model.settled_dashboard import Grid, SettledPanel

STRUCTURE = frozenset(
    {
        "at", "color", "columns", "datasource", "description", "drill_down", "exemplars", "height", "key",
        "legend",
        "links", "mappings", "overrides", "panel_links", "queries", "query", "raw", "repeat", "thresholds",
        "title",
        "transformations", "type", "uid", "width",
    }
)  # fmt: skip
"""Keys that are not probed, because they have a form of their own."""
# Values that no panel has by itself, so that they are recognised wherever they appear in the JSON.
_PROBE = "probe‡"
_NUMBER = 9731
_NOTHING: tuple[Any, ...] = ("", [], "auto")


class KeyProbe(msgspec.Struct):
    """A key of a panel type, and what it does to the JSON.

    Attributes:
        name: the key.
        type: the type of its value.
        choices: the values that can be listed, each with the JSON at the paths that it changes.
        paths: the paths that any other value goes to, with the form that it has there.
        switches: for a list of names, the path that each name switches on.
    """

    name: str
    type: Any
    choices: list[tuple[Any, dict[Steps, Any]]] = []
    paths: dict[Steps, str] = {}
    switches: dict[str, Steps] = {}

    def touches(self) -> set[Steps]:
        """Every path that it can change."""
        listed = {steps for _, changes in self.choices for steps in changes}
        return listed | set(self.paths) | set(self.switches.values())

    @property
    def listed(self) -> bool:
        """Whether all its values can be listed."""
        return bool(self.choices) and not self.paths


class TypeKeys(msgspec.Struct, frozen=True):
    """The keys of a panel type, and the JSON of a panel without any."""

    base: Json
    probes: tuple[KeyProbe, ...]
    by_path: dict[Steps, list[KeyProbe]]


@cache
def keys_of_type(cls: type[PanelType]) -> TypeKeys:
    """Probe the keys of a panel type."""
    required: Json = {f.name: _PROBE for f in fields_of(cls) if f.required and f.name not in STRUCTURE}
    base = lowered(cls, {"uid": "probe"} if "uid" in {f.name for f in fields_of(cls)} else required)
    probes = tuple(_probes(cls, base))
    _leave_to_others(probes)
    by_path: dict[Steps, list[KeyProbe]] = {}
    for probe in probes:
        for steps in probe.touches():
            by_path.setdefault(steps, []).append(probe)
    return TypeKeys(base, probes, by_path)


def is_decided_by_raw(cls: type[PanelType], key: str, raw: Json) -> bool:
    """Whether ``raw:`` has a value at every path that a key can change, so that the key changes nothing."""
    field_of = next((f for f in fields_of(cls) if f.name == key), None)
    probe = next((probe for probe in keys_of_type(cls).probes if probe.name == key), None)
    # A key whose default is derived may do more than its probes show; null in `raw:` only removes what is
    # there.
    if probe is None or field_of is None or field_of.required or field_of.default is None:
        return False
    return all(
        not isinstance(at(raw, path), dict) and at(raw, path) not in (ABSENT, None)
        for path in probe.touches()
    )


def _leave_to_others(probes: tuple[KeyProbe, ...]) -> None:
    """Leave a path to the key that sets its very value: bars are filled more, but ``fill`` is the fill."""
    own = {steps for probe in probes for steps in probe.paths}
    for probe in probes:
        if probe.paths or all(set(changes) <= own for _, changes in probe.choices):
            continue
        probe.choices = [
            (value, {steps: new for steps, new in changes.items() if steps not in own})
            for value, changes in probe.choices
        ]


def lowered(cls: type[PanelType], keys: Json) -> Json:
    """The JSON of a panel without queries."""
    if "type" in {f.name for f in fields_of(cls)}:
        keys = {"type": "probe-panel", **keys}
    panel = cls(**keys)
    settled = SettledPanel(panel, (), "", 1, Grid(0, 0, 12, 8), None, [], None, keys.get("unit"), None)
    with attr.validators.disabled():
        json: Json = panel.lower(settled, LinkScope()).to_json_data()
        return json


def _probes(cls: type[PanelType], base: Json) -> Iterator[KeyProbe]:
    for item in fields_of(cls):
        if item.name in STRUCTURE:
            continue
        probe = KeyProbe(item.name, item.type)
        kinds = list(_kinds(item.type))
        for kind in kinds:
            _try(probe, kind, cls, base)
        if item.default is None:
            _name_the_derived(probe, kinds, base)
        if probe.touches():
            yield probe


def _name_the_derived(probe: KeyProbe, kinds: list[Any], base: Json) -> None:
    """Complete the choices of a key with a derived default: without it, any value may be at its paths."""
    tried = [value for value, _ in probe.choices]
    silent = [value for kind in kinds for value in _listed(kind) if value not in tried]
    usual = {steps: at(base, steps) for _, changes in probe.choices for steps in changes}
    if len(silent) == 1 and usual:
        probe.choices = [
            (value, {**usual, **changes}) for value, changes in [*probe.choices, (silent[0], {})]
        ]


def _listed(kind: object) -> tuple[Any, ...]:
    """Every value of a type that has few."""
    if kind is bool:
        return (True, False)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _kinds(kind: object) -> Iterator[Any]:
    """The members of a type, without annotations and unions."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _kinds(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(kind):
            yield from _kinds(part)
    else:
        yield kind


def _try(probe: KeyProbe, kind: object, cls: type[PanelType], base: Json) -> None:
    origin = get_origin(kind)
    if origin is Literal:
        for value in get_args(kind):
            _choose(probe, value, cls, base)
    elif kind is bool:
        _choose(probe, value=True, cls=cls, base=base)
        _choose(probe, value=False, cls=cls, base=base)
    elif kind in (int, float):
        _open(probe, _NUMBER, cls, base)
    elif kind is str:
        _open(probe, _PROBE, cls, base)
        _open(probe, "41s", cls, base)
    elif origin is list:
        _list(probe, next(_kinds(get_args(kind)[0])), cls)
    elif origin is dict and get_args(kind)[1] is Any:
        _map(probe, cls, base)


def _changes(probe: KeyProbe, value: object, cls: type[PanelType], base: Json) -> dict[Steps, Any]:
    tried = _lowered_or_none(probe, value, cls)
    return {steps: new for steps, _, new in differences(base, tried)} if tried else {}


def _lowered_or_none(probe: KeyProbe, value: object, cls: type[PanelType]) -> Json | None:
    try:
        return lowered(cls, {probe.name: value})
    except (TypeError, ValueError, KeyError, AttributeError):
        return None  # a value of another type than the word takes, or one that needs another word


def _choose(probe: KeyProbe, value: object, cls: type[PanelType], base: Json) -> None:
    changes = _changes(probe, value, cls, base)
    if changes or value == _default(cls, probe.name):
        probe.choices.append((value, changes))


def _default(cls: type[PanelType], name: str) -> Any:
    return next(f.default for f in fields_of(cls) if f.name == name)


def _open(word: KeyProbe, probe: object, cls: type[PanelType], base: Json) -> None:
    for steps, value in _changes(word, probe, cls, base).items():
        form = _form(value, probe)
        if form:
            word.paths.setdefault(steps, form)


def _form(value: object, probe: object) -> str:
    if same(value, probe):
        return "as it is"
    if value == [probe]:
        return "in a list"
    if value == str(probe):
        return "as text"
    if value == [{"desc": False, "displayName": probe}]:
        return "sorted"
    if isinstance(probe, str) and not isinstance(value, bool) and milliseconds(probe) == value:
        return "in milliseconds"
    return ""


def _list(probe: KeyProbe, kind: object, cls: type[PanelType]) -> None:
    values: tuple[Any, ...] = get_args(kind) if get_origin(kind) is Literal else (_PROBE,)
    if get_origin(kind) is dict:
        values = ({"probe": 1},)
    none = _lowered_or_none(probe, [], cls)
    for value in values:
        tried = _lowered_or_none(probe, [value], cls)
        for steps, _, new in differences(none, tried) if none and tried else ():
            if new == [value]:
                probe.paths[steps] = "as it is"
                return
            if new is True and isinstance(value, str):
                probe.switches[value] = steps


def _map(probe: KeyProbe, cls: type[PanelType], base: Json) -> None:
    for steps in _changes(probe, {"probe": 1}, cls, base):
        if steps[-1] == "probe":
            probe.paths[steps[:-1]] = "as it is"


def value_for(probe: KeyProbe, goal: Json, built: Json) -> Any:
    """The value of a key that makes the JSON the goal at the paths of the key, or `ABSENT`.

    Args:
        probe: the key.
        goal: the panel's JSON as it should be.
        built: the panel's JSON as it is without the word.
    """
    value = _open_value(probe, goal)
    if value is not ABSENT and _fits(value, probe.type):
        return value
    value = _chosen_value(probe, goal, built)
    return value if value is ABSENT or _fits(value, probe.type) else ABSENT


def _fits(value: object, kind: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _chosen_value(probe: KeyProbe, goal: Json, built: Json) -> Any:
    if probe.switches:
        return [name for name, steps in probe.switches.items() if at(goal, steps) is True]
    base = values_without(probe, built)
    # The value that is right at most paths, if it is right at more of them than leaving the key out.
    best, best_right = ABSENT, -1
    for value, changes in probe.choices:
        says = {**base, **changes}
        right = sum(same(at(goal, steps), new) for steps, new in says.items())
        if right > best_right:
            best, best_right = value, right
    if best is ABSENT:
        return ABSENT
    now = sum(same(at(goal, steps), at(built, steps)) for steps in base)
    return best if best_right > now else ABSENT


def values_without(probe: KeyProbe, built: Json) -> dict[Steps, Any]:
    """The JSON at the paths of a key when the key is left out."""
    default = next((changes for _, changes in probe.choices if not changes), None)
    touched = {steps for _, changes in probe.choices for steps in changes}
    return (
        {steps: at(built, steps) for steps in touched}
        if default is not None
        else dict.fromkeys(touched, ABSENT)
    )


def _open_value(probe: KeyProbe, goal: Json) -> Any:
    for steps, form in probe.paths.items():
        value = at(goal, steps)
        if value is ABSENT:
            continue
        key_value = _read(value, form)
        if key_value is not ABSENT:
            return key_value
    if probe.paths and all(at(goal, steps) is ABSENT for steps in probe.paths):
        return next((value for value in _NOTHING if _fits(value, probe.type)), ABSENT)
    return ABSENT


def _read(value: object, form: str) -> Any:
    if form == "as it is":
        return value
    if form == "in a list":
        return value[0] if isinstance(value, list) and len(value) == 1 else ABSENT
    if form == "sorted":
        return _sorted(value)
    if form == "as text":
        return int(value) if isinstance(value, str) and is_whole(value) else ABSENT
    return one_unit(value, zero="ms") if isinstance(value, int) and not isinstance(value, bool) else ABSENT


def _sorted(columns: object) -> Any:
    """Columns to sort by, with ``-`` before those with falling values."""
    names = [("-" if c.get("desc") else "") + text(c.get("displayName")) for c in mappings(columns)]
    exact = [{"desc": name.startswith("-"), "displayName": name.removeprefix("-")} for name in names]
    if not same(exact, columns):
        return ABSENT
    return names[0] if len(names) == 1 else names
