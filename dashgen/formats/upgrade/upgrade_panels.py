"""Upgrade panels of any version to the form that Grafana 12 gives them.

The order of the steps is that of Grafana: the type's own migration sees the panel as it was saved, then
options move, then what the plugin takes for granted is filled in.
"""

from collections.abc import Callable

from dashgen.core.json_values import Json, at, mapping, mappings, text, under, whole, without_nulls
from dashgen.formats.dashboard.dashboard_json import SCHEMA_VERSION
from dashgen.formats.dashboard.panel_json import migrate_panel
from dashgen.formats.json_shapes import names
from dashgen.formats.legacy.legacy_panels import CONVERSIONS
from dashgen.formats.panel_options import CUSTOM, OPTIONS
from dashgen.formats.upgrade.loss_reasons import LEFT_OVER, PANEL, is_empty
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.old_graph import with_axes
from dashgen.formats.upgrade.old_options import dashboard_list, text_panel
from dashgen.formats.upgrade.old_table import is_old_table, old_table
from dashgen.formats.upgrade.part_types import OWN_TYPES
from dashgen.formats.upgrade.upgrade_data_sources import References
from dashgen.formats.upgrade.upgrade_fields import (
    data_link,
    defaults_of,
    field_options,
    fill_thresholds,
    overrides_of,
)
from dashgen.formats.upgrade.upgrade_targets import upgrade_targets

_NAMES = {
    "bar-gauge": "bargauge", "gettingstarted": "text", "grafana-bar-gauge-panel": "bargauge",
    "grafana-singlestat-panel": "singlestat", "singlestat2": "stat",
    "table2": "table", "text2": "text", "pluginlist": "text",
}  # fmt: skip
_READ = frozenset(
    names(
        "cacheTimeout datasource description fieldConfig gridPos hideTimeOverride id interval",
        "libraryPanel links maxDataPoints maxPerRow options queryCachingTTL repeat repeatDirection",
        "targets timeCompare timeFrom timeShift title transformations transparent type",
    )
)
_LEFT_OPTIONS = ("alertThreshold", "graph", "dataLinks", "angular")
"""Options of old graphs, which today's panels do not have."""
_TOOLTIP_HEIGHT = 600
"""How high a tooltip may be by default: Grafana 11 wrote it into every panel."""
_GRID, _PER_ROW = 16, 17
_FACTORS = (1, 2, 3, 4, 6, 8, 12, 24)


def upgrade_panel(old_panel: Json, references: References, notes: Notes) -> Json:
    """A panel at schemaVersion 42, with the defaults of its plugin and with the keys that nothing here reads.

    Before: ``{"type": "singlestat", "format": "s", "datasource": "Prometheus", "targets": [{"expr": "up"}],
    …}``
    After: ``{"type": "stat", "fieldConfig": {…}, "datasource": {"type": "prometheus", "uid": "Prometheus"},
    …}``
    """
    # JavaScript reads null and a missing key alike, and so does everything below.
    panel = without_nulls(old_panel)
    panel["type"] = _NAMES.get(text(panel.get("type")), text(panel.get("type"))) or "timeseries"
    unknown = _unknown(panel, notes)
    panel = _converted(panel, notes)
    _per_row(panel, references.version)
    panel = {key: value for key, value in panel.items() if key in _READ}
    if isinstance(panel.get("libraryPanel"), dict):
        return migrate_panel(panel)
    _clean(panel, references)
    panel["datasource"] = references.find(panel.get("datasource"))
    if "targets" in panel:
        panel["targets"] = upgrade_targets(panel, references, notes)
    if panel["datasource"] is None:
        panel["datasource"] = _common_source(panel) or references.default()
    return {**unknown, **_complete(panel, fills_defaults=references.fills_defaults)}


def _unknown(panel: Json, notes: Notes) -> Json:
    """The keys of a panel that nothing here reads, without those that have a reason to go."""
    own = panel["type"] in OWN_TYPES
    unknown: Json = {}
    for key in [key for key in panel if key not in _READ]:
        reason = PANEL.get(key) or (LEFT_OVER.get(key) if own else None)
        if reason is None:
            unknown[key] = panel[key]
        elif not reason.harmless and not is_empty(panel[key]):
            notes.drop(reason.why)
    return {key: value for key, value in unknown.items() if not is_empty(value)}


def _common_source(panel: Json) -> Json | None:
    """The data source of a panel whose queries all name the same one."""
    sources = [t["datasource"] for t in panel.get("targets", ()) if "datasource" in t]
    return dict(sources[0]) if sources and all(source == sources[0] for source in sources) else None


_PREPARED: dict[str, Callable[[Json], Json]] = {
    "dashlist": dashboard_list,
    "graph": with_axes,
    "text": text_panel,
}
"""Panels whose options were elsewhere before their type had a conversion."""


def _per_row(panel: Json, version: int) -> None:
    """Set how many copies of a repeated panel are side by side; before version 17 that was the width of one.

    Source: the step 17 of ``DashboardMigrator.ts``, which takes the next lower divisor of 24.
    """
    least = panel.get("minSpan")
    if isinstance(least, int | float) and not isinstance(least, bool) and least > 0 and version < _PER_ROW:
        # Before version 16 a row had 12 columns.
        columns = min(24, least * 2) if version < _GRID else least
        most = max((count for count in _FACTORS if count <= 24 / columns), default=1)
        panel.setdefault("maxPerRow", most)


def _converted(panel: Json, notes: Notes) -> Json:
    """The panel as one of a type that Grafana 12 runs."""
    kind = panel["type"]
    if kind in _PREPARED:
        panel = _PREPARED[kind](panel)
    convert = old_table if is_old_table(panel) else CONVERSIONS.get(kind)
    if kind == "heatmap" and "calculate" in mapping(panel.get("options")):
        convert = None  # of today, with what its old form left behind
    if convert is None:
        return panel
    # Foreign JSON may have any type anywhere: what a conversion cannot read stays as it is, with a note.
    try:
        converted_panel = convert(panel)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        notes.drop(f"options of a `{kind}` panel that are not of the form that such panels have")
        return panel
    if kind == "singlestat" and converted_panel["type"] == "stat":
        converted_panel["options"]["orientation"] = "horizontal"  # as Grafana's own migration has it
    if converted_panel is not panel:
        new_kind = converted_panel["type"]
        notes.convert(f"`{kind}` became `{new_kind}`" if new_kind != kind else f"`{kind}` of an old form")
    return converted_panel


def _clean(panel: Json, references: References) -> None:
    """Upgrade the options, fields and links of a panel."""
    options, config = field_options(mapping(panel.get("options")), mapping(panel.get("fieldConfig")))
    kind = panel["type"]
    panel["options"] = own_options(options) if kind in OWN_TYPES else options
    color = mapping(options.get("color"))
    # Only the mode `opacity` has one fill; the others keep what the editor last had in it.
    if kind == "heatmap" and color.get("mode", "scheme") != "opacity":
        panel["options"]["color"] = {key: value for key, value in color.items() if key != "fill"}
    fields = defaults_of(config, kind)
    if references.fills_defaults:
        fill_thresholds(fields, kind)
    panel["fieldConfig"] = {
        "defaults": fields,
        "overrides": overrides_of(config, kind, whole_tooltip=references.version < SCHEMA_VERSION),
    }
    panel["links"] = [data_link(_old_link(link)) for link in mappings(panel.get("links"))]
    transformations = mappings(panel.get("transformations"))
    panel["transformations"] = [{**item, "options": mapping(item.get("options"))} for item in transformations]
    panel["title"] = text(panel.get("title"))


def own_options(options: Json) -> Json:
    """Options of one of Grafana's own types, which all mean the same by these names."""
    read = {key: value for key, value in options.items() if key not in _LEFT_OPTIONS}
    if old_tooltip := read.pop("tooltipOptions", None):
        read.setdefault("tooltip", old_tooltip)
    for key in ("legend", "tooltip", "reduceOptions"):
        if key in read and not isinstance(read[key], dict):
            del read[key]
    if read.get("text") == {}:
        del read["text"]
    if mapping(read.get("tooltip")).get("maxHeight") == _TOOLTIP_HEIGHT:
        read["tooltip"] = _without(read["tooltip"], "maxHeight")
    if "asTable" in mapping(read.get("legend")):
        read["legend"] = _without(read["legend"], "asTable")
    return read


def _without(options: Json, key: str) -> Json:
    return {name: value for name, value in options.items() if name != key}


def _old_link(link: Json) -> Json:
    """A link by its address; before Grafana 6.3 there were links by the name of a dashboard.

    Before: ``{"type": "dashboard", "dashboard": "My Shop", "keepTime": true}``
    After: ``{"title": "", "url": "/dashboard/db/my-shop?$__url_time_range"}``
    """
    if text(link.get("url")):
        return link
    url = text(link.get("dashUri")) and f"/dashboard/{link['dashUri']}"
    name = text(link.get("dashboard"))
    if not url and name:
        url = f"/dashboard/db/{name.lower().replace(' ', '-')}"
    arguments = (
        "$__url_time_range" if link.get("keepTime") else "",
        "$__all_variables" if link.get("includeVars") else "",
        text(link.get("params")),
    )
    query = "&".join(filter(None, arguments))
    upgraded = {"title": text(link.get("title")), "url": f"{url}?{query}" if url and query else url}
    return {**upgraded, "targetBlank": True} if link.get("targetBlank") else upgraded


def _complete(panel: Json, *, fills_defaults: bool) -> Json:
    """The panel with the defaults of its plugin, and every key in its final form."""
    kind = panel["type"]
    if panel.get("repeat") and not text(panel.get("repeatDirection")):
        panel["repeatDirection"] = "h"
    if kind == "table":
        panel["options"] = without_hidden_footer(panel["options"])
    fields = panel["fieldConfig"]["defaults"]
    left_open = [] if fills_defaults else [key for key in ("color", "thresholds") if key not in fields]
    fields.setdefault("custom", {})
    if fills_defaults:
        panel = with_defaults(panel)
    if text(panel.get("maxDataPoints")).isdigit():
        panel["maxDataPoints"] = int(panel["maxDataPoints"])
    # `intervalFactor` is how the migration tells a target of grafanalib's; here it is one of Grafana's.
    targets = panel.pop("targets", [])
    completed = migrate_panel(panel)
    for key in left_open:
        mapping(at(completed, ("fieldConfig", "defaults"), {})).pop(key, None)
    if targets:
        completed["targets"] = [without_nulls(target) for target in targets]
    return _tidied(completed)


def with_defaults(panel: Json) -> Json:
    """A panel with the default of every option that it does not have.

    Before: ``{"type": "gauge", "options": {}, …}``
    After: ``{"type": "gauge", "options": {"sizing": "auto", "showThresholdLabels": false, …}, …}``
    """
    kind = text(panel.get("type"))
    completed = dict(panel)
    if kind in OPTIONS:
        completed["options"] = under(mapping(panel.get("options")), OPTIONS[kind])
    config = mapping(panel.get("fieldConfig"))
    if kind in CUSTOM and config:
        defaults = mapping(config.get("defaults"))
        custom = under(mapping(defaults.get("custom")), CUSTOM[kind])
        completed["fieldConfig"] = {**config, "defaults": {**defaults, "custom": custom}}
    return completed


def without_hidden_footer(options: Json) -> Json:
    """The options of a table without a footer that is not shown.

    Before: ``{"footer": {"show": false, "reducer": ["sum"], "enablePagination": true}}``
    After: ``{"enablePagination": true}``
    """
    footer = options.get("footer")
    if not isinstance(footer, dict) or footer.get("show"):
        return options
    # It may still have turned on the pages, which have an option of their own since Grafana 12.2.
    paged = {"enablePagination": True} if footer.get("enablePagination") else {}
    return {key: value for key, value in options.items() if key != "footer"} | paged


def _tidied(panel: Json) -> Json:
    grid = panel["gridPos"]
    panel["gridPos"] = {key: whole(grid.get(key)) for key in ("h", "w", "x", "y")}
    stacking = at(panel, ("fieldConfig", "defaults", "custom", "stacking"))
    if isinstance(stacking, dict):
        stacking.setdefault("group", "A")
    return panel
