"""Dashboards without what only schema v2 can hold: what every Grafana reads, and what it loses."""

from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.v2.dynamic_sections import level_of
from dashgen.formats.v2.v2_dashboard import ClassicDashboard
from dashgen.formats.v2.v2_layout import DashboardNote

_TABS: DashboardNote = ("converted", "tabs became rows, one below the other")
_ROWS: DashboardNote = ("converted", "rows in rows became rows, one below the other")
_PLACES: DashboardNote = ("converted", "a grid that arranges its panels by itself became fixed places")


def without_dynamic(dashboard: Json) -> ClassicDashboard:
    """The dashboard without ``dynamic``, with notes on what is lost.

    Tabs and rows in rows become rows one below the other, panels have fixed places, everything is always
    shown, and the variables and annotations of sections are those of the dashboard.
    """
    fallback = _Fallback()
    panels = mappings(dashboard.get("panels"))
    previous: Json | None = None
    remaining: list[Json] = []
    for panel in panels:
        if panel.get("type") != "row":
            remaining.append(fallback.panel(panel))
        elif _is_hidden(panel) and (previous is None or _is_around(previous, panel)):
            # Its panels stand at the top, or below the header of the section that it is in.
            fallback.header(panel, panels)
        else:
            remaining.append(fallback.header(panel, panels))
        previous = panel
    classic = {key: value for key, value in dashboard.items() if key != "dynamic"}
    if "layout" in mapping(dashboard.get("dynamic")):
        fallback.note(_PLACES)
    classic["panels"] = remaining
    for key, moved in (("templating", fallback.variables), ("annotations", fallback.annotations)):
        before = mapping(classic.get(key))
        names = [item.get("name") for item in mappings(before.get("list"))]
        new, doubled = _split(moved, names)
        if moved:
            classic[key] = {**before, "list": [*mappings(before.get("list")), *new]}
        if key == "templating":
            fallback.drop_variables(doubled, [*mappings(before.get("list")), *new])
    return ClassicDashboard(classic, fallback.notes)


def _split(moved: list[Json], taken: list[Any]) -> tuple[list[Json], list[Json]]:
    """What can be moved to the dashboard, and what has a name that is taken there, or by what came before."""
    new: list[Json] = []
    doubled: list[Json] = []
    for item in moved:
        (doubled if item.get("name") in taken else new).append(item)
        taken.append(item.get("name"))
    return new, doubled


def _is_hidden(header: Json) -> bool:
    """Whether a section needs no header in the classic form: a repeated one holds the variable in it."""
    is_open = header.get("collapsed") is not True and not text(header.get("repeat"))
    return is_open and mapping(header.get("dynamic")).get("hideHeader") is True


def _is_around(header: Json, inner: Json) -> bool:
    """Whether an open section begins with another one, so that its header stands directly above."""
    is_open = header.get("type") == "row" and header.get("collapsed") is not True
    return is_open and level_of(header) < level_of(inner)


class _Fallback:
    """What was lost so far, and what belongs to the dashboard from now on."""

    def __init__(self) -> None:
        self.notes: list[DashboardNote] = []
        self.variables: list[Json] = []
        self.annotations: list[Json] = []

    def note(self, note: DashboardNote) -> None:
        """Note a loss once."""
        if note not in self.notes:
            self.notes.append(note)

    def drop_variables(self, doubled: list[Json], remaining: list[Json]) -> None:
        """Note variables of sections whose names are taken; one that is kept elsewhere is no loss."""
        for name in (text(variable.get("name")) for variable in doubled if variable not in remaining):
            self.note(("dropped", f"the variable `{name}` of a section: the dashboard has one of this name"))

    def panel(self, panel: Json) -> Json:
        """A panel without ``dynamic``, and with fixed thresholds only."""
        title = text(panel.get("title")) or f"panel-{panel.get('id')}"
        fixed = _with_fixed_thresholds(mapping(panel.get("fieldConfig")))
        if fixed is not panel.get("fieldConfig") and "fieldConfig" in panel:
            panel = {**panel, "fieldConfig": fixed}
            self.note(
                ("dropped", f"the variables of the thresholds of the panel `{title}`; their values stay")
            )
        if "dynamic" not in panel:
            return panel
        dynamic = mapping(panel["dynamic"])
        self._condition(dynamic, f"the panel `{title}`")
        if dynamic.get("subtitle"):
            self.note(("dropped", f"the subtitle of the panel `{title}`"))
        return {key: value for key, value in panel.items() if key != "dynamic"}

    def header(self, header: Json, panels: list[Json]) -> Json:
        """A header without ``dynamic``; what is in a collapsed row with it."""
        row = {key: value for key, value in header.items() if key != "dynamic"}
        if mappings(header.get("panels")):
            row["panels"] = [self.panel(child) for child in mappings(header["panels"])]
        if "dynamic" in header:
            self._section(header)
        if header.get("collapsed") is True and _holds_sections(header, panels):
            title = text(header.get("title"))
            self.note(("converted", f"the row `{title}` is open: only a row of panels can be collapsed"))
            row["collapsed"] = False
        return row

    def _section(self, header: Json) -> None:
        dynamic = mapping(header["dynamic"])
        is_tab = dynamic.get("kind") == "tab"
        what = f"the {'tab' if is_tab else 'row'} `{text(header.get('title'))}`"
        self._condition(dynamic, what)
        if dynamic.get("fillScreen") is True:
            self.note(("dropped", f"that {what} fills the screen"))
        for key, moved in (("variables", self.variables), ("annotations", self.annotations)):
            own = mappings(dynamic.get(key))
            if own:
                moved.extend(own)
                self.note(("converted", f"{key} of {what} are {key} of the dashboard"))
        if is_tab:
            self.note(_TABS)
        elif level_of(header) and _TABS not in self.notes:
            self.note(_ROWS)
        if mapping(dynamic.get("layout")).get("kind") == "auto":
            self.note(_PLACES)

    def _condition(self, dynamic: Json, what: str) -> None:
        if mapping(dynamic.get("showWhen")).get("items"):
            self.note(("dropped", f"when {what} is shown; it is always shown now"))


def _with_fixed_thresholds(config: Json) -> Json:
    """The options of fields without ``valueExpr``, the variable that a threshold is read from.

    Grafana's conversion drops it; each step has a number beside it. Without one they are returned as they
    are.
    """
    defaults, overrides = mapping(config.get("defaults")), mappings(config.get("overrides"))
    fixed = {**defaults, "thresholds": _fixed(defaults.get("thresholds"))}
    fixed_overrides = [
        {**item, "properties": _fixed_properties(item.get("properties"))} for item in overrides
    ]
    is_same = fixed["thresholds"] is defaults.get("thresholds") and all(
        after["properties"] is before.get("properties")
        for after, before in zip(fixed_overrides, overrides, strict=True)
    )
    if is_same:
        return config
    changed = {**config, "defaults": fixed} if "thresholds" in defaults else dict(config)
    return {**changed, "overrides": fixed_overrides} if overrides else changed


def _fixed_properties(properties: object) -> object:
    listed = mappings(properties)
    fixed = [{**item, "value": _fixed(item["value"])} if "value" in item else item for item in listed]
    changed = any(
        after.get("value") is not before.get("value") for after, before in zip(fixed, listed, strict=True)
    )
    return fixed if changed else properties


def _fixed(thresholds: object) -> object:
    steps = mappings(mapping(thresholds).get("steps"))
    if not any("valueExpr" in step for step in steps):
        return thresholds
    remaining = [{key: value for key, value in step.items() if key != "valueExpr"} for step in steps]
    return {**mapping(thresholds), "steps": remaining}


def _holds_sections(header: Json, panels: list[Json]) -> bool:
    """Whether a deeper section follows a header."""
    position = next(index for index, panel in enumerate(panels) if panel is header)
    after = panels[position + 1 : position + 2]
    return any(panel.get("type") == "row" and level_of(panel) > level_of(header) for panel in after)
