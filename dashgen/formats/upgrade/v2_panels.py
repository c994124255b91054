"""Panels of the new dashboard schema in the classic form."""

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.json_shapes import names
from dashgen.formats.upgrade.v2_queries import EXPRESSIONS, query_and_source

_OPTIONS = names(
    "maxDataPoints interval timeFrom timeShift timeCompare hideTimeOverride cacheTimeout",
    "queryCachingTTL",
)


def classic_panel(element: Json) -> Json:
    """One element of a dashboard as a panel without a place.

    Before: ``{"kind": "Panel", "spec": {"id": 1, "vizConfig": {"group": "stat", "spec": {…}}, "data": {…}}}``
    After: ``{"id": 1, "type": "stat", "options": {…}, "fieldConfig": {…}, "targets": […], …}``
    """
    spec = mapping(element.get("spec"))
    panel: Json = {"id": spec.get("id"), "title": text(spec.get("title"))}
    if element.get("kind") == "LibraryPanel":
        return {**panel, "libraryPanel": mapping(spec.get("libraryPanel"))}
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
    panel |= {key: options[key] for key in _OPTIONS if options.get(key)}
    for key in ("description", "links"):
        if spec.get(key):
            panel[key] = spec[key]
    return {**panel, "transparent": True} if spec.get("transparent") is True else panel


def _visualization(config: Json) -> Json:
    spec = mapping(config.get("spec"))
    # v2alpha1 has the panel's type as the kind of its configuration, v2beta1 and v2 as its group.
    kind = text(config.get("group")) or text(config.get("kind"))
    version = text(config.get("version")) or text(spec.get("pluginVersion"))
    visualization: Json = {
        "type": kind if kind != "VizConfig" else "",
        "options": mapping(spec.get("options")),
        "fieldConfig": mapping(spec.get("fieldConfig")) or {"defaults": {}, "overrides": []},
    }
    return {**visualization, "pluginVersion": version} if version else visualization


def _target(query: Json) -> Json:
    spec = mapping(query.get("spec"))
    source, model = query_and_source(mapping(spec.get("query")), spec.get("datasource"))
    target: Json = {"refId": text(spec.get("refId")), **model}
    if source:
        target["datasource"] = source
    return {**target, "hide": True} if spec.get("hidden") is True else target


def _common(targets: list[Json]) -> Json:
    """The data source of a panel, which has none in the new schema: that of its queries, or the mixed one."""
    sources = [target["datasource"] for target in targets if "datasource" in target]
    queried = [source for source in sources if source.get("uid") != EXPRESSIONS]
    if not queried:
        return dict(targets[0].get("datasource", {})) if targets else {}
    if all(source == queried[0] for source in queried):
        return dict(queried[0])
    return {"type": "datasource", "uid": "-- Mixed --"}


def _transformation(part: Json) -> Json:
    spec = mapping(part.get("spec"))
    kind = text(part.get("kind"))
    name = text(part.get("group")) or text(spec.get("id")) or (kind if kind != "Transformation" else "")
    transformation: Json = {"id": name, "options": spec.get("options", {})}
    return transformation | {key: spec[key] for key in ("disabled", "filter", "topic") if spec.get(key)}
