"""Panels in the words of specs: proposed, compiled, compared, and said again where they differ."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from dashgen.compile.lower.lower_links import Scope
from dashgen.compile.lower.panel_checks import check_panel
from dashgen.compile.lower.panel_type import PanelType
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.library import LibraryPanel
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.settle.settle_data_sources import EXPRESSION, MIXED
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import ABSENT, Json, Steps, at, differences, make_patch, mapping, same, text
from dashgen.importer import import_fields
from dashgen.importer.import_data_sources import SourceNames
from dashgen.importer.import_overrides import columns, overrides, same_overrides
from dashgen.importer.import_queries import first_words, keep_fitting, more_words, refs_to_say, shortest
from dashgen.importer.key_probes import Word, is_decided_by_raw, value_for, words_of
from dashgen.model.parse import DEFAULT_PANEL_TYPE

_DEFAULTS = ("fieldConfig", "defaults")
_LINKS: dict[Steps, str] = {(*_DEFAULTS, "links"): "links", ("links",): "panel_links"}
_ASKING = frozenset({"query", "math", "reduce", "resample", "threshold", "service_map"})
_EXPR = frozenset({"loki", "prometheus"})
"""Plugins whose queries have their text in ``expr``."""
_SORTING = (("options", "legend", "sortBy"), ("options", "legend", "sortDesc"))
_NOT_COMPARED = frozenset({"gridPos", "id", "targets"})


@dataclass(slots=True)
class PanelSpec:
    """A panel on its way to a spec.

    Attributes:
        wanted: its JSON as it should be.
        cls: its type.
        words: what the spec says of it.
        queries: what the spec says of its queries, in order.
        layout: what the spec says of its place.
        raw: what no word can say.
        query_raws: the same for each query.
        keep_id: whether others refer to its number.
        scope: what links need to know of the dashboard.
        refused: words that the build does not take with these values.
    """

    wanted: Json
    cls: type[PanelType]
    words: Json
    queries: list[Json] = field(default_factory=list)
    layout: Json = field(default_factory=dict)
    raw: Json = field(default_factory=dict)
    query_raws: list[Json] = field(default_factory=list)
    keep_id: bool = False
    scope: Scope = field(default_factory=Scope)
    refused: set[str] = field(default_factory=set)

    def spec(self) -> Json:
        """The panel as it stands in a spec."""
        queries = [
            {**words, "raw": raw} if raw else dict(words)
            for words, raw in zip(self.queries, self.query_raws, strict=True)
        ]
        said = {**_with_drill_down(self.words), **shortest(queries), **self.layout}
        raw = self.raw
        if self.wanted.get("targets") == []:
            raw = {**raw, "targets": []}  # a panel without queries has to say so
        if raw:
            said["raw"] = raw
        return in_order(said)


def _with_drill_down(words: Json) -> Json:
    """One word for a link that both the values and the header have."""
    links, header = words.get("links"), words.get("panel_links")
    if not links or not header or links[-1] != header[-1]:
        return words
    aim = links[-1]
    uid = aim.get("dashboard")
    usual = uid is not None and aim == {"title": "Open " + uid.replace("-", " "), "dashboard": uid}
    rest = {"links": links[:-1], "panel_links": header[:-1]}
    kept = {key: value for key, value in words.items() if key not in rest}
    return {**kept, **{k: v for k, v in rest.items() if v}, "drill_down": uid if usual else aim}


def start(wanted: Json, names: SourceNames, default: str | None, variables: tuple[str, ...]) -> PanelSpec:
    """The first proposal: what a panel is and asks."""
    if mapping(wanted.get("libraryPanel")):
        return _library(wanted)
    kind = wanted["type"]
    cls = panel_types().get(kind, PluginPanel)
    words: Json = {"title": wanted["title"]} if wanted["title"] else {}
    if kind != DEFAULT_PANEL_TYPE:
        words["type"] = kind if cls is not PluginPanel or "-" in kind else f"{kind}-panel"
    panel = PanelSpec(wanted, cls, words, scope=Scope(variables, names.known))
    if not cls.takes_queries:
        for key in ("datasource", "targets", "transformations"):
            wanted.pop(key, None)
    panel.queries = [
        first_words(target, wanted, names, frozenset(variables), default)
        for target in wanted.get("targets", ())
    ]
    refs = [target["refId"] for target in wanted.get("targets", ())]
    for query, ref, said in zip(panel.queries, refs, refs_to_say(refs), strict=True):
        if said:
            query["ref"] = ref
            keep_fitting(query)
    panel.query_raws = [{} for _ in panel.queries]
    source = mapping(wanted.get("datasource"))
    if (
        source
        and (source["uid"] != MIXED.uid or not _is_mixed(wanted))
        and (alias := names.alias(source)) != default
    ):
        words["datasource"] = alias
    if cls.takes_queries and cls.needs_queries and cls.type_id:
        wanted.setdefault("targets", [])
    _structure(panel)
    return panel


def _is_mixed(wanted: Json) -> bool:
    """Whether the queries of a panel ask several data sources, so that nobody has to say so."""
    asked = {mapping(target.get("datasource")).get("uid") for target in wanted.get("targets", ())}
    return len(asked - {EXPRESSION.uid}) > 1


def _library(wanted: Json) -> PanelSpec:
    reference = wanted["libraryPanel"]
    words: Json = {"type": "library", "uid": text(reference.get("uid")), "name": text(reference.get("name"))}
    if wanted.get("title"):
        words["title"] = wanted["title"]
    panel = PanelSpec(wanted, LibraryPanel, {key: value for key, value in words.items() if value})
    _repeat(panel)
    return panel


def _structure(panel: PanelSpec) -> None:
    """What a panel says whatever else it says: repetition, overrides, transformations."""
    wanted = panel.wanted
    _repeat(panel)
    config = mapping(wanted.get("fieldConfig"))
    if config.get("overrides"):
        named, others = columns(config["overrides"], panel.cls, panel.scope)
        if named:
            panel.words["columns"] = named
        rest = overrides(others, panel.cls, panel.scope)
        if rest is not ABSENT and rest:
            panel.words["overrides"] = rest
    if wanted.get("transformations"):
        panel.words["transformations"] = [_transformation(item) for item in wanted["transformations"]]


def _repeat(panel: PanelSpec) -> None:
    wanted = panel.wanted
    by = text(wanted.get("repeat"))
    if not by:
        return
    words: Json = {"by": by}
    if wanted.get("repeatDirection") == "v":
        words["direction"] = "vertical"
    if isinstance(wanted.get("maxPerRow"), int) and 1 <= wanted["maxPerRow"] <= 24:
        words["max_per_row"] = wanted["maxPerRow"]
    panel.words["repeat"] = by if len(words) == 1 else words


def _transformation(item: Json) -> Any:
    if set(item) != {"id", "options"} or item["id"] == "id":
        return item
    return {item["id"]: item["options"]} if item["options"] else item["id"]


def improve(panel: PanelSpec, built: Json, *, listed: bool, auto: bool = True) -> bool:
    """Say what makes the JSON of a panel what is wanted; whether anything was said.

    Args:
        panel: the panel.
        built: what it compiles to now.
        listed: only words whose values can be listed: others, and what queries ask for, may follow from those.
        auto: also `auto` for what would be derived: that may change with the other words.
    """
    before = (dict(panel.words), [dict(query) for query in panel.queries])
    if not listed:
        for query, (there, needed) in zip(panel.queries, _targets(panel, built), strict=True):
            more_words(query, there, needed)
    if not mapping(panel.wanted.get("libraryPanel")):
        for steps, _, _ in list(differences(built, panel.wanted)):
            if steps[0] not in _NOT_COMPARED:
                _say(panel, steps, built, listed=listed, auto=auto)
        _check(panel)
        for word in panel.refused:
            panel.words.pop(word, None)
    return before != (panel.words, panel.queries)


def _targets(panel: PanelSpec, built: Json) -> list[tuple[Json, Json]]:
    return list(zip(built.get("targets", ()), panel.wanted.get("targets", ()), strict=False))


def _say(panel: PanelSpec, steps: Steps, built: Json, *, listed: bool, auto: bool) -> None:
    if steps == ("description",):
        panel.words["description"] = text(panel.wanted.get("description"))
        return
    if _say_formed(panel, steps):
        return
    known = words_of(panel.cls)
    for length in range(len(steps), 0, -1):
        for candidate in known.by_path.get(steps[:length], ()):
            _say_word(panel, candidate, built, listed=listed, auto=auto)


def _say_formed(panel: PanelSpec, steps: Steps) -> bool:
    """Say a word that has a form of its own; whether there is one for a place."""
    if steps in _SORTING and panel.cls.type_id == "timeseries":
        return _keep(panel, "legend_sort", import_fields.legend_sort(at(panel.wanted, ("options", "legend"))))
    for place, word in _LINKS.items():
        if steps[: len(place)] == place:
            return _keep(panel, word, import_fields.links(at(panel.wanted, place), panel.scope))
    option = (
        steps[len(_DEFAULTS)] if steps[: len(_DEFAULTS)] == _DEFAULTS and len(steps) > len(_DEFAULTS) else ""
    )
    if option in import_fields.READERS:
        value = at(panel.wanted, (*_DEFAULTS, option))
        return _keep(panel, option, ABSENT if value is ABSENT else import_fields.READERS[option](value))
    return False


def _keep(panel: PanelSpec, word: str, value: Any) -> bool:
    if value is not ABSENT:
        panel.words[word] = value
    return True


def _say_word(panel: PanelSpec, word: Word, built: Json, *, listed: bool, auto: bool) -> None:
    if (word.listed and word.name in panel.words) or (listed and not word.listed):
        return
    value = value_for(word, panel.wanted, built)
    if value is not ABSENT and (auto or value != "auto" or word.listed):
        panel.words[word.name] = value


def _check(panel: PanelSpec) -> None:
    """Leave out words that the build would refuse: their JSON goes to ``raw:``."""
    given = {key: value for key, value in panel.words.items() if key != "type" or panel.cls is PluginPanel}
    while given:
        try:
            problems = check_panel(msgspec.convert(given, panel.cls))
            found = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
        except msgspec.ValidationError as error:
            name = str(error).rpartition("$.")[2].split("[")[0].split(".")[0].rstrip("`")
            wrong = name if name in given else next(iter(given))
        else:
            if found is None:
                return
            wrong = str(found.path[0]) if found.path else ""
        if wrong not in given or wrong in ("type", "uid"):
            return
        del given[wrong]
        panel.words.pop(wrong)


def settle_raw(panel: PanelSpec, built: Json) -> None:
    """Put into ``raw:`` what is still different."""
    pairs = _targets(panel, built)
    panel.query_raws = [
        _asking(query, needed, make_patch(there, needed))
        for (there, needed), query in zip(pairs, panel.queries, strict=True)
    ]
    needed = {key: value for key, value in panel.wanted.items() if key not in _NOT_COMPARED}
    there = {key: value for key, value in built.items() if key not in _NOT_COMPARED}
    config, wanted = mapping(there.get("fieldConfig")), mapping(needed.get("fieldConfig"))
    if same_overrides(config.get("overrides"), wanted.get("overrides")) and config and wanted:
        needed = {**needed, "fieldConfig": {**wanted, "overrides": config.get("overrides")}}
    panel.raw = make_patch(there, needed)
    if not same(built["gridPos"], panel.wanted["gridPos"]):
        panel.raw["gridPos"] = make_patch(built["gridPos"], panel.wanted["gridPos"])
    for key in [key for key in panel.words if is_decided_by_raw(panel.cls, key, panel.raw)]:
        del panel.words[key]
    if panel.keep_id and built["id"] != panel.wanted["id"]:
        panel.raw["id"] = panel.wanted["id"]


def _asking(query: Json, wanted: Json, raw: Json) -> Json:
    """What ``raw:`` has of a query; one without text, which the build would refuse, has an empty one there."""
    kind = text(mapping(wanted.get("datasource")).get("type"))
    if _ASKING & set(query) or "expr" in raw or (raw and kind not in _EXPR):
        return raw
    return {**raw, "expr": text(wanted.get("expr"))}


FIRST: Final[tuple[str, ...]] = (
    "title", "key", "type", "description", "uid", "name", "datasource", "query", "legend", "exemplars", "queries",
    "content", "unit", "decimals", "min", "max", "thresholds", "color",
)  # fmt: skip
"""What a panel shows."""
LAST: Final[tuple[str, ...]] = (
    "columns", "overrides", "transformations", "links", "panel_links", "drill_down", "repeat", "interval", "max_points",
    "time_from", "time_shift", "hide_time", "width", "height", "at", "raw",
)  # fmt: skip
"""Where it leads to, and where it stands; how it looks is between the two."""


def in_order(words: Json) -> Json:
    """The words of a panel in that order."""
    first = {word: words[word] for word in FIRST if word in words}
    last = {word: words[word] for word in LAST if word in words}
    return {
        **first,
        **{word: value for word, value in words.items() if word not in last and word not in first},
        **last,
    }
