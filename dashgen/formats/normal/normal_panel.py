"""The normal form of a panel."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.normal import ignored_defaults
from dashgen.formats.normal.grid_packing import place_of
from dashgen.formats.normal.normal_dynamic import normal_dynamic
from dashgen.formats.normal.normal_fields import normal_field_config, normal_link
from dashgen.formats.normal.normal_shape import PANEL, shaped
from dashgen.formats.normal.normal_targets import normal_targets
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.formats.upgrade.part_types import OWN_TYPES
from dashgen.formats.upgrade.upgrade_panels import own_options, without_hidden_footer

_ROW_KEYS = ("id", "type", "title", "collapsed", "repeat", "gridPos")
_REPETITION = ("repeat", "repeatDirection", "maxPerRow")
# Older dashboards have more about links of panels, which Grafana does not read; schema v2 has these only.
_LINK_KEYS = ("title", "url", "targetBlank")


def normal_panel(panel: Json) -> Json:
    """A panel without defaults, nulls and what the server adds; its place is always written out."""
    panel = shaped(panel, PANEL)
    kind = scalar_text(panel.get("type"))
    grid_pos = place_of(panel)
    # A row draws its title only; targets and options that it has are left from another type.
    if kind == "row":
        row = without_empty({key: panel[key] for key in _ROW_KEYS if key in panel})
        return {**without_defaults(row, ignored_defaults.PANEL), **_dynamic(panel), "gridPos": grid_pos}
    # Grafana fills a library panel with its model when it loads a dashboard, and drops it when it saves one.
    library = mapping(panel.get("libraryPanel"))
    if library.get("uid"):
        shown = {key: panel[key] for key in ("id", "title", *_repetition(panel)) if panel.get(key)}
        shown = without_defaults(shown, ignored_defaults.PANEL)
        reference = {"libraryPanel": {"uid": library["uid"]}, **_dynamic(panel)}
        return {**shown, **reference, "gridPos": grid_pos}
    normal = without(panel, ignored_defaults.DROPPED_FROM_PANEL)
    normal["targets"], normal["datasource"] = normal_targets(panel.get("targets"), panel.get("datasource"))
    normal["links"] = [normal_link(_panel_link(link)) for link in mappings(panel.get("links"))]
    normal["fieldConfig"] = normal_field_config(mapping(panel.get("fieldConfig")), kind)
    defaults = ignored_defaults.OPTIONS.get(kind, {})
    normal["options"] = without_defaults(mapping(without_empty(_read_options(panel, kind))), defaults)
    normal["transformations"] = [_transformation(item) for item in mappings(panel.get("transformations"))]
    normal["dynamic"] = normal_dynamic(mapping(panel.get("dynamic")))
    normal = without(normal, frozenset(_REPETITION).difference(_repetition(panel)))
    normal_form: Json = without_empty(without_defaults(normal, ignored_defaults.PANEL))
    return {**normal_form, "gridPos": grid_pos}


def _read_options(panel: Json, kind: str) -> Json:
    """The options without those of older versions that none of Grafana's own types reads."""
    options = mapping(panel.get("options"))
    options = own_options(options) if kind in OWN_TYPES else options
    return without_hidden_footer(options) if kind == "table" else options


def _repetition(panel: Json) -> tuple[str, ...]:
    """The keys that say how a panel is repeated; without a variable the others mean nothing."""
    return _REPETITION if panel.get("repeat") else ()


def _panel_link(link: Json) -> Json:
    return {key: link[key] for key in _LINK_KEYS if key in link}


def _dynamic(panel: Json) -> Json:
    dynamic = normal_dynamic(mapping(panel.get("dynamic")))
    return {"dynamic": dynamic} if dynamic else {}


def _transformation(item: Mapping[str, Any]) -> Json:
    normal_form: Json = without_empty(without_defaults(item, {"disabled": False}))
    return normal_form
