"""Panels of the new dashboard schema in the classic form."""

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.upgrade.v2_queries import asked

_OPTIONS = (
    "maxDataPoints", "interval", "timeFrom", "timeShift", "timeCompare", "hideTimeOverride", "cacheTimeout",
    "queryCachingTTL",
)  # fmt: skip
_EXPRESSIONS = "__expr__"


def classic_panel(element: Json) -> Json:
    """One element of a dashboard as a panel without a place."""
    spec = mapping(element.get("spec"))
    made: Json = {"id": spec.get("id"), "title": text(spec.get("title"))}
    if element.get("kind") == "LibraryPanel":
        return {**made, "libraryPanel": mapping(spec.get("libraryPanel"))}
    made |= _shown(mapping(spec.get("vizConfig")))
    group = mapping(mapping(spec.get("data")).get("spec"))
    targets = [_target(query) for query in mappings(group.get("queries"))]
    source = _common(targets)
    if source:
        made["datasource"] = source
    if targets:
        made["targets"] = targets
    changes = [_transformation(part) for part in mappings(group.get("transformations"))]
    if changes:
        made["transformations"] = changes
    options = mapping(group.get("queryOptions"))
    made |= {key: options[key] for key in _OPTIONS if options.get(key)}
    for key in ("description", "links"):
        if spec.get(key):
            made[key] = spec[key]
    return {**made, "transparent": True} if spec.get("transparent") is True else made


def _shown(config: Json) -> Json:
    spec = mapping(config.get("spec"))
    kind = text(config.get("group")) or text(config.get("kind"))
    version = text(config.get("version")) or text(spec.get("pluginVersion"))
    found: Json = {
        "type": kind if kind != "VizConfig" else "",
        "options": mapping(spec.get("options")),
        "fieldConfig": mapping(spec.get("fieldConfig")) or {"defaults": {}, "overrides": []},
    }
    return {**found, "pluginVersion": version} if version else found


def _target(query: Json) -> Json:
    spec = mapping(query.get("spec"))
    source, model = asked(mapping(spec.get("query")), spec.get("datasource"))
    made: Json = {"refId": text(spec.get("refId")), **model}
    if source:
        made["datasource"] = source
    return {**made, "hide": True} if spec.get("hidden") is True else made


def _common(targets: list[Json]) -> Json:
    """The data source of a panel: that of its queries, or the one that stands for several."""
    asked_ones = [
        t["datasource"] for t in targets if "datasource" in t and t["datasource"].get("uid") != _EXPRESSIONS
    ]
    if not asked_ones:
        return dict(targets[0].get("datasource", {})) if targets else {}
    if all(source == asked_ones[0] for source in asked_ones):
        return dict(asked_ones[0])
    return {"type": "datasource", "uid": "-- Mixed --"}


def _transformation(part: Json) -> Json:
    spec = mapping(part.get("spec"))
    kind = text(part.get("kind"))
    name = text(part.get("group")) or text(spec.get("id")) or (kind if kind != "Transformation" else "")
    made: Json = {"id": name, "options": spec.get("options", {})}
    return made | {key: spec[key] for key in ("disabled", "filter", "topic") if spec.get(key)}
