"""Panels in both forms: a classic panel without its place is an element of schema v2."""

from collections.abc import Iterator
from typing import Final

from dashgen.core.json_values import Json, is_whole, mapping, mappings, text, whole
from dashgen.formats.json_shapes import names
from dashgen.formats.v2.v2_queries import EXPRESSIONS, MIXED, data_query, query_and_source

QUERY_OPTIONS: Final = names(
    "maxDataPoints interval timeFrom timeTo timeShift timeCompare hideTimeOverride cacheTimeout",
    "queryCachingTTL",
)
_TRANSFORMATION = ("disabled", "filter", "topic", "refId", "origin")
_LINK = ("title", "url", "targetBlank")
_ELSEWHERE = frozenset(
    (
        *QUERY_OPTIONS,
        *names(
            "type id pluginVersion targets title description transparent datasource gridPos links repeat",
            "repeatDirection maxPerRow transformations libraryPanel options fieldConfig autoMigrateFrom "
            "dynamic",
            "panels collapsed editable error isNew snapshotData cachedPluginOptions scopedVars hasRefreshed",
            "events repeatPanelId repeatedByRow repeatIteration height span minSpan",
        ),
    )
)
_MIGRATION = "__angularMigration"


def classic_panel(name: str, element: Json) -> Json:
    """One element of a dashboard as a panel without a place.

    Before: ``{"kind": "Panel", "spec": {"id": 1, "vizConfig": {"group": "stat", "spec": {…}}, "data": {…}}}``
    After: ``{"id": 1, "type": "stat", "options": {…}, "fieldConfig": {…}, "targets": […], …}``
    """
    spec = mapping(element.get("spec"))
    panel: Json = {"id": spec.get("id"), "title": text(spec.get("title"))}
    dynamic = {"element": name} if name != f"panel-{panel['id']}" else {}
    if element.get("kind") == "LibraryPanel":
        panel["libraryPanel"] = mapping(spec.get("libraryPanel"))
        return _with_dynamic(panel, dynamic)
    panel |= _visualization(mapping(spec.get("vizConfig")))
    group = mapping(mapping(spec.get("data")).get("spec"))
    targets = [_target(query) for query in mappings(group.get("queries"))]
    source = _common(targets)
    if source:
        panel["datasource"] = source
    if targets:
        panel["targets"] = targets
    changes = [_transformation(part) for part in mappings(group.get("transformations"))]
    if changes:
        panel["transformations"] = changes
    options = mapping(group.get("queryOptions"))
    panel |= {key: options[key] for key in QUERY_OPTIONS if options.get(key)}
    for key in ("description", "links"):
        if spec.get(key):
            panel[key] = spec[key]
    if spec.get("transparent") is True:
        panel["transparent"] = True
    if text(spec.get("subtitle")):
        dynamic["subtitle"] = spec["subtitle"]
    return _with_dynamic(panel, dynamic)


def _with_dynamic(panel: Json, dynamic: Json) -> Json:
    return {**panel, "dynamic": dynamic} if dynamic else panel


def _visualization(config: Json) -> Json:
    spec = mapping(config.get("spec"))
    # v2alpha1 has the panel's type as the kind of its configuration, v2beta1 and v2 as its group.
    kind = text(config.get("group")) or text(config.get("kind"))
    version = text(config.get("version")) or text(spec.get("pluginVersion"))
    options = dict(mapping(spec.get("options")))
    before = mapping(options.pop(_MIGRATION, None))
    visualization: Json = {
        "type": kind if kind != "VizConfig" else "",
        "options": options,
        "fieldConfig": mapping(spec.get("fieldConfig")) or {"defaults": {}, "overrides": []},
    }
    if version:
        visualization["pluginVersion"] = version
    # Keys of a panel that Grafana does not know, such as those of old plugins, are kept in its options.
    original = mapping(before.get("originalOptions"))
    visualization |= {key: value for key, value in original.items() if key not in _ELSEWHERE}
    source = text(before.get("autoMigrateFrom"))
    return {**visualization, "autoMigrateFrom": source} if source not in ("", kind) else visualization


def _target(query: Json) -> Json:
    spec = mapping(query.get("spec"))
    source, model = query_and_source(mapping(spec.get("query")), spec.get("datasource"))
    target: Json = {**model, "refId": text(spec.get("refId"))}
    if source:
        target["datasource"] = source
    return {**target, "hide": True} if spec.get("hidden") is True else target


def _common(targets: list[Json]) -> Json:
    """The data source of a panel, which has none in the new schema: that of its queries, or the mixed one."""
    sources = [mapping(target.get("datasource")) for target in targets]
    queried = [source for source in sources if source.get("uid") != EXPRESSIONS] or sources
    if all(source == queried[0] for source in queried):
        return dict(queried[0]) if queried else {}
    return {"type": "datasource", "uid": MIXED}


def _transformation(part: Json) -> Json:
    spec = mapping(part.get("spec"))
    kind = text(part.get("kind"))
    name = text(part.get("group")) or text(spec.get("id")) or (kind if kind != "Transformation" else "")
    transformation: Json = {"id": name, "options": spec.get("options", {})}
    return transformation | {key: spec[key] for key in _TRANSFORMATION if spec.get(key)}


def v2_element(panel: Json, number: int) -> Json:
    """A classic panel as an element of schema v2; the opposite of `classic_panel`.

    Args:
        panel: the panel.
        number: its id in the dashboard.
    """
    title = text(panel.get("title"))
    library = mapping(panel.get("libraryPanel"))
    if library:
        reference = {"name": text(library.get("name")), "uid": text(library.get("uid"))}
        return {"kind": "LibraryPanel", "spec": {"id": number, "title": title, "libraryPanel": reference}}
    spec: Json = {"id": number, "title": title, "description": text(panel.get("description"))}
    subtitle = text(mapping(panel.get("dynamic")).get("subtitle"))
    if subtitle:
        spec["subtitle"] = subtitle
    spec["links"] = [_link(link) for link in mappings(panel.get("links"))]
    spec["data"] = {
        "kind": "QueryGroup",
        "spec": {
            "queries": [_query(*numbered, panel) for numbered in _numbered(mappings(panel.get("targets")))],
            "transformations": [_change(part) for part in mappings(panel.get("transformations"))],
            "queryOptions": _query_options(panel),
        },
    }
    spec["vizConfig"] = _configuration(panel)
    if panel.get("transparent") is True:
        spec["transparent"] = True
    return {"kind": "Panel", "spec": spec}


def _link(link: Json) -> Json:
    texts = {key: text(link.get(key)) for key in _LINK[:2]}
    return {**texts, "targetBlank": True} if link.get("targetBlank") is True else texts


def _numbered(targets: list[Json]) -> list[tuple[str, Json]]:
    """The queries with their refIds; Grafana names those without one A, B, C … as far as these are free."""
    used = {text(target.get("refId")) for target in targets}
    free = (name for name in ref_ids() if name not in used)
    return [(text(target.get("refId")) or next(free), target) for target in targets]


def ref_ids() -> Iterator[str]:
    """A, B … Z, AA, AB …: the refIds that Grafana gives (``nextAvailableRefId`` in the converter)."""
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    yield from letters
    for name in ref_ids():
        yield from (name + letter for letter in letters)


def _query(ref_id: str, target: Json, panel: Json) -> Json:
    model = {key: value for key, value in target.items() if key not in ("refId", "hide", "datasource")}
    query = data_query(model, _source(target.get("datasource"), panel.get("datasource")))
    return {
        "kind": "PanelQuery",
        "spec": {"query": query, "refId": ref_id, "hidden": target.get("hide") is True},
    }


def _source(own: object, panel_source: object) -> object:
    """The data source that a query reads: Grafana lets that of the panel win, except over expressions."""
    uid = panel_source if isinstance(panel_source, str) else text(mapping(panel_source).get("uid"))
    if isinstance(own, dict) and EXPRESSIONS in (own.get("uid"), own.get("type")):
        return {"type": EXPRESSIONS, "uid": EXPRESSIONS}
    if uid and uid != MIXED:
        return panel_source
    return own or (panel_source if uid != MIXED else None)


def _change(part: Json) -> Json:
    spec = {
        "options": part.get("options", {}),
        **{key: part[key] for key in _TRANSFORMATION if part.get(key)},
    }
    return {"kind": "Transformation", "group": text(part.get("id")), "spec": spec}


def _query_options(panel: Json) -> Json:
    options: Json = {key: panel[key] for key in QUERY_OPTIONS if panel.get(key)}
    # Older dashboards have these numbers as texts, and schema v2 has numbers only.
    for key in ("maxDataPoints", "queryCachingTTL"):
        value = options.pop(key, None)
        number = int(value) if isinstance(value, str) and is_whole(value) else whole(value)
        if number > 0:
            options[key] = number
    return options


def _configuration(panel: Json) -> Json:
    kind = text(panel.get("type")) or "timeseries"
    options = dict(mapping(panel.get("options")))
    unknown = {key: value for key, value in panel.items() if key not in _ELSEWHERE}
    source = text(panel.get("autoMigrateFrom"))
    if unknown or source:
        options[_MIGRATION] = {"autoMigrateFrom": source or kind, "originalOptions": unknown}
    config = mapping(panel.get("fieldConfig"))
    defaults = {key: value for key, value in mapping(config.get("defaults")).items() if value is not None}
    fields = {**config, "defaults": defaults, "overrides": mappings(config.get("overrides"))}
    return {
        "kind": "VizConfig",
        "group": kind,
        "version": text(panel.get("pluginVersion")),
        "spec": {"options": options, "fieldConfig": fields},
    }
