"""Find the keys for a panel: a first proposal, and more where its JSON differs from the goal."""

from typing import Any, Final

import msgspec

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.panel_checks import check_panel
from dashgen.compile.lower.panel_type import PanelType
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.library import LibraryPanel
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.settle.settle_data_sources import EXPRESSION, MIXED
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import ABSENT, Json, Steps, at, differences, make_patch, mapping, same, text
from dashgen.importer import import_fields
from dashgen.importer.import_conditions import condition_key
from dashgen.importer.import_data_sources import SourceNames
from dashgen.importer.import_overrides import columns, overrides, same_overrides
from dashgen.importer.import_queries import first_keys, keep_fitting, more_keys, needed_refs, shortest
from dashgen.importer.key_probes import KeyProbe, is_decided_by_raw, keys_of_type, value_for
from dashgen.model.parse import DEFAULT_PANEL_TYPE

_DEFAULTS = ("fieldConfig", "defaults")
_LINKS: dict[Steps, str] = {(*_DEFAULTS, "links"): "links", ("links",): "panel_links"}
_QUERY_KEYS = frozenset({"query", "math", "reduce", "resample", "threshold", "service_map"})
_EXPR = frozenset({"loki", "prometheus"})
"""Plugins whose queries have their text in ``expr``."""
_SORTING = (("options", "legend", "sortBy"), ("options", "legend", "sortDesc"))
_NOT_COMPARED = frozenset({"gridPos", "id", "targets"})


class PanelSpec(msgspec.Struct):
    """The keys of a panel while they are found.

    Attributes:
        goal: the JSON that the panel should build to.
        cls: its type.
        keys: its keys without those of its queries and its place.
        queries: the keys of its queries, in order.
        layout: the keys of its place.
        raw: what no key says.
        query_raws: the same for each query.
        keep_id: whether something refers to its id.
        scope: the variables and data sources that links may name.
        refused: keys whose values the build refuses.
    """

    goal: Json
    cls: type[PanelType]
    keys: Json
    queries: list[Json] = []
    layout: Json = {}
    raw: Json = {}
    query_raws: list[Json] = []
    keep_id: bool = False
    scope: LinkScope = msgspec.field(default_factory=LinkScope)
    refused: set[str] = set()

    def spec(self) -> Json:
        """The panel as it stands in a spec."""
        queries = [
            {**keys, "raw": raw} if raw else dict(keys)
            for keys, raw in zip(self.queries, self.query_raws, strict=True)
        ]
        spec = {**_with_drill_down(self.keys), **shortest(queries), **self.layout}
        raw = self.raw
        if self.goal.get("targets") == []:
            raw = {**raw, "targets": []}  # the build refuses a panel of such a type without queries
        if raw:
            spec["raw"] = raw
        return in_order(spec)


def _with_drill_down(keys: Json) -> Json:
    """The keys with ``drill_down`` for a link that both the values and the header of a panel have."""
    links, header = keys.get("links"), keys.get("panel_links")
    if not links or not header or links[-1] != header[-1]:
        return keys
    aim = links[-1]
    uid = aim.get("dashboard")
    usual = uid is not None and aim == {"title": "Open " + uid.replace("-", " "), "dashboard": uid}
    rest = {"links": links[:-1], "panel_links": header[:-1]}
    others = {key: value for key, value in keys.items() if key not in rest}
    return {**others, **{k: v for k, v in rest.items() if v}, "drill_down": uid if usual else aim}


def start(goal: Json, names: SourceNames, default: str | None, variables: tuple[str, ...]) -> PanelSpec:
    """The first proposal: the type of a panel, its queries, and what no other key implies."""
    if mapping(goal.get("libraryPanel")):
        return _library(goal)
    kind = goal["type"]
    cls = panel_types().get(kind, PluginPanel)
    keys: Json = {"title": goal["title"]} if goal["title"] else {}
    if kind != DEFAULT_PANEL_TYPE:
        keys["type"] = kind if cls is not PluginPanel or "-" in kind else f"{kind}-panel"
    panel = PanelSpec(goal, cls, keys, scope=LinkScope(variables, names.sources))
    # The editor keeps the queries of the type that a panel had before; one that shows no data never runs
    # them.
    if not cls.takes_queries:
        for key in ("datasource", "targets", "transformations"):
            goal.pop(key, None)
    panel.queries = [
        first_keys(target, goal, names, frozenset(variables), default) for target in goal.get("targets", ())
    ]
    refs = [target["refId"] for target in goal.get("targets", ())]
    for query, ref, is_needed in zip(panel.queries, refs, needed_refs(refs), strict=True):
        if is_needed:
            query["ref"] = ref
            keep_fitting(query)
    panel.query_raws = [{} for _ in panel.queries]
    source = mapping(goal.get("datasource"))
    if (
        source
        and (source["uid"] != MIXED.uid or not _is_mixed(goal))
        and (alias := names.alias(source)) != default
    ):
        keys["datasource"] = alias
    if cls.takes_queries and cls.needs_queries and cls.type_id:
        goal.setdefault("targets", [])
    _structure(panel)
    return panel


def _is_mixed(goal: Json) -> bool:
    """Whether the queries of a panel ask several data sources, from which the build derives the mixed one."""
    uids = {mapping(target.get("datasource")).get("uid") for target in goal.get("targets", ())}
    return len(uids - {EXPRESSION.uid}) > 1


def _library(goal: Json) -> PanelSpec:
    reference = goal["libraryPanel"]
    keys: Json = {"type": "library", "uid": text(reference.get("uid")), "name": text(reference.get("name"))}
    if goal.get("title"):
        keys["title"] = goal["title"]
    keys |= condition_key(mapping(goal.get("dynamic")))
    panel = PanelSpec(goal, LibraryPanel, {key: value for key, value in keys.items() if value})
    _repeat(panel)
    return panel


def _structure(panel: PanelSpec) -> None:
    """Set the keys that depend on no others: repetition, overrides, transformations."""
    goal = panel.goal
    _repeat(panel)
    panel.keys |= condition_key(mapping(goal.get("dynamic")))
    config = mapping(goal.get("fieldConfig"))
    if config.get("overrides"):
        named, others = columns(config["overrides"], panel.cls, panel.scope)
        if named:
            panel.keys["columns"] = named
        rest = overrides(others, panel.cls, panel.scope)
        if rest is not ABSENT and rest:
            panel.keys["overrides"] = rest
    if goal.get("transformations"):
        panel.keys["transformations"] = [_transformation(item) for item in goal["transformations"]]


def _repeat(panel: PanelSpec) -> None:
    goal = panel.goal
    by = text(goal.get("repeat"))
    if not by:
        return
    keys: Json = {"by": by}
    if goal.get("repeatDirection") == "v":
        keys["direction"] = "vertical"
    if isinstance(goal.get("maxPerRow"), int) and 1 <= goal["maxPerRow"] <= 24:
        keys["max_per_row"] = goal["maxPerRow"]
    panel.keys["repeat"] = by if len(keys) == 1 else keys


def _transformation(item: Json) -> Any:
    if set(item) != {"id", "options"} or item["id"] == "id":
        return item
    return {item["id"]: item["options"]} if item["options"] else item["id"]


def improve(panel: PanelSpec, built: Json, *, listed: bool, auto: bool = True) -> bool:
    """Add the keys that explain where a panel's JSON differs from its goal; return whether any changed.

    Args:
        panel: the panel; changed.
        built: the JSON that it compiles to now.
        listed: only keys with few values: defaults of the others may follow from those.
        auto: also ``auto`` for what would be derived: that may change with the other keys.
    """
    before = (dict(panel.keys), [dict(query) for query in panel.queries])
    if not listed:
        for query, (built_target, needed) in zip(panel.queries, _targets(panel, built), strict=True):
            more_keys(query, built_target, needed)
    if not mapping(panel.goal.get("libraryPanel")):
        for steps, _, _ in list(differences(built, panel.goal)):
            if steps[0] not in _NOT_COMPARED:
                _add_keys(panel, steps, built, listed=listed, auto=auto)
        _check(panel)
        for key in panel.refused:
            panel.keys.pop(key, None)
    return before != (panel.keys, panel.queries)


def _targets(panel: PanelSpec, built: Json) -> list[tuple[Json, Json]]:
    return list(zip(built.get("targets", ()), panel.goal.get("targets", ()), strict=False))


def _add_keys(panel: PanelSpec, steps: Steps, built: Json, *, listed: bool, auto: bool) -> None:
    if steps == ("description",):
        panel.keys["description"] = text(panel.goal.get("description"))
        return
    if _add_formed(panel, steps):
        return
    # From the whole path up: a key may set a mapping of which only one value differs.
    type_keys = keys_of_type(panel.cls)
    for length in range(len(steps), 0, -1):
        for candidate in type_keys.by_path.get(steps[:length], ()):
            _add_key(panel, candidate, built, listed=listed, auto=auto)


def _add_formed(panel: PanelSpec, steps: Steps) -> bool:
    """Set a key that has a form of its own; return whether there is one for a path."""
    if steps in _SORTING and panel.cls.type_id == "timeseries":
        return _set(panel, "legend_sort", import_fields.legend_sort(at(panel.goal, ("options", "legend"))))
    for location, key in _LINKS.items():
        if steps[: len(location)] == location:
            return _set(panel, key, import_fields.links(at(panel.goal, location), panel.scope))
    option = (
        steps[len(_DEFAULTS)] if steps[: len(_DEFAULTS)] == _DEFAULTS and len(steps) > len(_DEFAULTS) else ""
    )
    if option in import_fields.READERS:
        value = at(panel.goal, (*_DEFAULTS, option))
        return _set(panel, option, ABSENT if value is ABSENT else import_fields.READERS[option](value))
    return False


def _set(panel: PanelSpec, key: str, value: object) -> bool:
    if value is not ABSENT:
        panel.keys[key] = value
    return True


def _add_key(panel: PanelSpec, probe: KeyProbe, built: Json, *, listed: bool, auto: bool) -> None:
    if (probe.listed and probe.name in panel.keys) or (listed and not probe.listed):
        return
    value = value_for(probe, panel.goal, built)
    if value is not ABSENT and (auto or value != "auto" or probe.listed):
        panel.keys[probe.name] = value


def _check(panel: PanelSpec) -> None:
    """Leave out keys that the build would refuse: their JSON goes to ``raw:``."""
    candidates = {
        key: value for key, value in panel.keys.items() if key != "type" or panel.cls is PluginPanel
    }
    while candidates:
        try:
            problems = check_panel(msgspec.convert(candidates, panel.cls))
            first_error = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
        except msgspec.ValidationError as error:
            # msgspec names the field at the end of its message only: "… - at `$.legend_sort`".
            name = str(error).rpartition("$.")[2].split("[")[0].split(".")[0].rstrip("`")
            wrong = name if name in candidates else next(iter(candidates))
        else:
            if first_error is None:
                return
            wrong = str(first_error.path[0]) if first_error.path else ""
        if wrong not in candidates or wrong in ("type", "uid"):
            return
        del candidates[wrong]
        panel.keys.pop(wrong)


def settle_raw(panel: PanelSpec, built: Json) -> None:
    """Put into ``raw:`` what is still different."""
    pairs = _targets(panel, built)
    panel.query_raws = [
        _query_raw(query, needed, make_patch(present, needed))
        for (present, needed), query in zip(pairs, panel.queries, strict=True)
    ]
    needed = {key: value for key, value in panel.goal.items() if key not in _NOT_COMPARED}
    present = {key: value for key, value in built.items() if key not in _NOT_COMPARED}
    # A merge patch replaces lists as a whole, and the order of an override's properties means nothing.
    config, goal_config = mapping(present.get("fieldConfig")), mapping(needed.get("fieldConfig"))
    if same_overrides(config.get("overrides"), goal_config.get("overrides")) and config and goal_config:
        needed = {**needed, "fieldConfig": {**goal_config, "overrides": config.get("overrides")}}
    panel.raw = make_patch(present, needed)
    if not same(built["gridPos"], panel.goal["gridPos"]):
        panel.raw["gridPos"] = make_patch(built["gridPos"], panel.goal["gridPos"])
    for key in [key for key in panel.keys if is_decided_by_raw(panel.cls, key, panel.raw)]:
        del panel.keys[key]
    if panel.keep_id and built["id"] != panel.goal["id"]:
        panel.raw["id"] = panel.goal["id"]


def _query_raw(query: Json, goal: Json, raw: Json) -> Json:
    """The ``raw:`` of a query; one without text has an empty text there, which the build refuses in keys."""
    kind = text(mapping(goal.get("datasource")).get("type"))
    if _QUERY_KEYS & set(query) or "expr" in raw or (raw and kind not in _EXPR):
        return raw
    return {**raw, "expr": text(goal.get("expr"))}


FIRST: Final[tuple[str, ...]] = (
    "title", "subtitle", "key", "type", "description", "uid", "name", "datasource", "query", "legend",
    "exemplars", "queries",
    "content", "unit", "decimals", "min", "max", "thresholds", "color",
)  # fmt: skip
"""The keys of what a panel shows."""
LAST: Final[tuple[str, ...]] = (
    "columns", "overrides", "transformations", "links", "panel_links", "drill_down", "repeat", "interval",
    "max_points",
    "time_from", "time_shift", "time_compare", "hide_time", "show_when", "hide_when", "width", "height", "at",
    "raw",
)  # fmt: skip
"""The keys of links and of the place; those of the look are between the two."""


def in_order(keys: Json) -> Json:
    """The keys of a panel in the order in which people write them."""
    first = {key: keys[key] for key in FIRST if key in keys}
    last = {key: keys[key] for key in LAST if key in keys}
    return {
        **first,
        **{key: value for key, value in keys.items() if key not in last and key not in first},
        **last,
    }
