"""Panels of any version in the form that Grafana 12 gives them."""

from collections.abc import Callable

from dashgen.core.json_values import Json, mapping, mappings, text, under, whole, without_nulls
from dashgen.formats.dashboard.dashboard_json import SCHEMA_VERSION
from dashgen.formats.dashboard.panel_json import migrate_panel
from dashgen.formats.legacy.legacy_panels import CONVERSIONS
from dashgen.formats.panel_defaults import CUSTOM, OPTIONS
from dashgen.formats.upgrade.loss_reasons import LEFT_OVER, PANEL, is_empty
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.old_graph import with_axes
from dashgen.formats.upgrade.old_options import dashboard_list, text_panel
from dashgen.formats.upgrade.old_table import is_old_table, old_table
from dashgen.formats.upgrade.part_types import OWN_TYPES
from dashgen.formats.upgrade.upgrade_data_sources import References
from dashgen.formats.upgrade.upgrade_fields import data_link, defaults_of, field_options, overrides_of
from dashgen.formats.upgrade.upgrade_targets import upgrade_targets

_NAMES = {
    "bar-gauge": "bargauge", "gettingstarted": "text", "grafana-bar-gauge-panel": "bargauge",
    "grafana-singlestat-panel": "singlestat", "singlestat2": "stat",
    "table2": "table", "text2": "text", "pluginlist": "text",
}  # fmt: skip
_KEPT = frozenset(
    {
        "cacheTimeout", "datasource", "description", "fieldConfig", "gridPos", "hideTimeOverride", "id", "interval",
        "libraryPanel", "links", "maxDataPoints", "maxPerRow", "options", "queryCachingTTL", "repeat",
        "repeatDirection", "targets", "timeCompare", "timeFrom", "timeShift", "title", "transformations",
        "transparent", "type",
    }
)  # fmt: skip
_LEFT_OPTIONS = ("alertThreshold", "graph", "dataLinks", "angular")
"""Options of graphs that are no options of today's panels."""
_TOOLTIP_HEIGHT = 600
"""How high a tooltip may be when nobody says it: Grafana 11 wrote it down for every panel."""
_GRID, _PER_ROW = 16, 17
_FACTORS = (1, 2, 3, 4, 6, 8, 12, 24)


def upgrade_panel(given: Json, references: References, notes: Notes) -> Json:
    """A panel at schemaVersion 42, with everything that its plugin takes for granted, and what nobody here knows."""
    panel = without_nulls(given)
    panel["type"] = _NAMES.get(text(panel.get("type")), text(panel.get("type"))) or "timeseries"
    unknown = _unknown(panel, notes)
    panel = _converted(panel, notes)
    _per_row(panel, references.version)
    panel = {key: value for key, value in panel.items() if key in _KEPT}
    if isinstance(panel.get("libraryPanel"), dict):
        return migrate_panel(panel)
    _clean(panel, old=references.version < SCHEMA_VERSION)
    panel["datasource"] = references.find(panel.get("datasource"))
    if "targets" in panel:
        panel["targets"] = upgrade_targets(panel, references, notes)
    if panel["datasource"] is None:
        panel["datasource"] = _asked(panel) or references.default()
    return {**unknown, **_complete(panel)}


def _unknown(panel: Json, notes: Notes) -> Json:
    """The keys of a panel that nothing here reads, and that have no reason to go."""
    own = panel["type"] in OWN_TYPES
    found: Json = {}
    for key in [key for key in panel if key not in _KEPT]:
        reason = PANEL.get(key) or (LEFT_OVER.get(key) if own else None)
        if reason is None:
            found[key] = panel[key]
        elif not reason.harmless and not is_empty(panel[key]):
            notes.drop(reason.why)
    return {key: value for key, value in found.items() if not is_empty(value)}


def _asked(panel: Json) -> Json | None:
    """The one data source that all queries of a panel ask."""
    sources = [t["datasource"] for t in panel.get("targets", ()) if "datasource" in t]
    return dict(sources[0]) if sources and all(source == sources[0] for source in sources) else None


_PREPARED: dict[str, Callable[[Json], Json]] = {
    "dashlist": dashboard_list,
    "graph": with_axes,
    "text": text_panel,
}
"""Panels whose words stood elsewhere."""


def _per_row(panel: Json, version: int) -> None:
    """How many copies of a repeated panel stand side by side; before version 17 the width of one said it."""
    least = panel.get("minSpan")
    if isinstance(least, int | float) and not isinstance(least, bool) and least > 0 and version < _PER_ROW:
        columns = min(24, least * 2) if version < _GRID else least
        most = max((count for count in _FACTORS if count <= 24 / columns), default=1)
        panel.setdefault("maxPerRow", most)


def _converted(panel: Json, notes: Notes) -> Json:
    """A panel of a type that runs."""
    kind = panel["type"]
    if kind in _PREPARED:
        panel = _PREPARED[kind](panel)
    convert = old_table if is_old_table(panel) else CONVERSIONS.get(kind)
    if kind == "heatmap" and "calculate" in mapping(panel.get("options")):
        convert = None  # of today, with what its old form left behind
    if convert is None:
        return panel
    try:
        made = convert(panel)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        notes.drop(f"options of a `{kind}` panel that are not of the form that such panels have")
        return panel
    if kind == "singlestat" and made["type"] == "stat":
        made["options"]["orientation"] = "horizontal"  # as Grafana's own migration has it
    if made is not panel:
        notes.convert(
            f"`{kind}` became `{made['type']}`" if made["type"] != kind else f"`{kind}` of an old form"
        )
    return made


def _clean(panel: Json, *, old: bool) -> None:
    options, config = field_options(mapping(panel.get("options")), mapping(panel.get("fieldConfig")))
    kind = panel["type"]
    panel["options"] = _own_options(options) if kind in OWN_TYPES else options
    color = mapping(options.get("color"))
    if kind == "heatmap" and color.get("mode", "scheme") != "opacity":
        panel["options"]["color"] = {key: value for key, value in color.items() if key != "fill"}
    panel["fieldConfig"] = {
        "defaults": defaults_of(config, kind),
        "overrides": overrides_of(config, kind, whole_tooltip=old),
    }
    panel["links"] = [data_link(_old_link(link)) for link in mappings(panel.get("links"))]
    if not isinstance(panel.get("transformations"), list):
        panel.pop("transformations", None)
    panel["transformations"] = [_transformation(item) for item in mappings(panel.get("transformations"))]
    panel["title"] = text(panel.get("title"))
    if not isinstance(panel.get("description", ""), str):
        del panel["description"]


def _own_options(options: Json) -> Json:
    """Options of one of Grafana's own types, which all mean the same by these names."""
    made = {key: value for key, value in options.items() if key != "tooltipOptions"}
    if options.get("tooltipOptions"):
        made.setdefault("tooltip", options["tooltipOptions"])
    for key in ("legend", "tooltip", "reduceOptions"):
        if key in made and not isinstance(made[key], dict):
            del made[key]
    if made.get("text") == {}:
        del made["text"]
    if mapping(made.get("tooltip")).get("maxHeight") == _TOOLTIP_HEIGHT:
        made["tooltip"] = {key: value for key, value in made["tooltip"].items() if key != "maxHeight"}
    for key in _LEFT_OPTIONS:
        made.pop(key, None)
    if "asTable" in mapping(made.get("legend")):
        made["legend"] = {key: value for key, value in made["legend"].items() if key != "asTable"}
    return made


def _transformation(given: Json) -> Json:
    return given if isinstance(given.get("options"), dict) else {**given, "options": {}}


def _old_link(link: Json) -> Json:
    """A link by its address; before Grafana 6.3 there were links by the name of a dashboard."""
    if text(link.get("url")):
        return link
    url = text(link.get("dashUri")) and f"/dashboard/{link['dashUri']}"
    name = text(link.get("dashboard"))
    if not url and name:
        url = f"/dashboard/db/{name.lower().replace(' ', '-')}"
    arguments = [
        part
        for part in (
            "$__url_time_range" if link.get("keepTime") else "",
            "$__all_variables" if link.get("includeVars") else "",
            text(link.get("params")),
        )
        if part
    ]
    made = {
        "title": text(link.get("title")),
        "url": url + ("?" + "&".join(arguments) if url and arguments else ""),
    }
    return {**made, "targetBlank": True} if link.get("targetBlank") else made


def _complete(panel: Json) -> Json:
    """The panel with what Grafana takes for granted."""
    kind = panel["type"]
    if panel.get("repeat") and not text(panel.get("repeatDirection")):
        panel["repeatDirection"] = "h"
    if kind == "table":
        _table_footer(panel)
    panel["fieldConfig"]["defaults"].setdefault("custom", {})
    panel = with_defaults(panel)
    if text(panel.get("maxDataPoints")).isdigit():
        panel["maxDataPoints"] = int(panel["maxDataPoints"])
    # `intervalFactor` is how the migration tells a target of grafanalib's; here it is one of Grafana's.
    targets = panel.pop("targets", [])
    made = migrate_panel(panel)
    if targets:
        made["targets"] = [without_nulls(target) for target in targets]
    return _tidied(made)


def with_defaults(panel: Json) -> Json:
    """A panel with what its plugin does when an option is not there."""
    kind = text(panel.get("type"))
    made = dict(panel)
    if kind in OPTIONS:
        made["options"] = under(mapping(panel.get("options")), OPTIONS[kind])
    config = mapping(panel.get("fieldConfig"))
    if kind in CUSTOM and config:
        defaults = mapping(config.get("defaults"))
        custom = under(mapping(defaults.get("custom")), CUSTOM[kind])
        made["fieldConfig"] = {**config, "defaults": {**defaults, "custom": custom}}
    return made


def _table_footer(panel: Json) -> None:
    footer = panel["options"].get("footer")
    if isinstance(footer, dict) and not footer.get("show"):
        panel["options"].pop("footer")
        if footer.get("enablePagination"):
            panel["options"]["enablePagination"] = True


def _tidied(panel: Json) -> Json:
    grid = panel["gridPos"]
    panel["gridPos"] = {key: whole(grid.get(key)) for key in ("h", "w", "x", "y")}
    stacking = mapping(mapping(mapping(panel.get("fieldConfig")).get("defaults")).get("custom")).get(
        "stacking"
    )
    if isinstance(stacking, dict):
        stacking.setdefault("group", "A")
    return panel
