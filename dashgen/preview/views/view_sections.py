"""The tree of a dashboard's sections, with the copies of what is repeated.

Source: `RowRepeaterBehavior` (11641fb6), `RowItemRepeater` and `TabItemRepeater` in public/app/features/
dashboard-scene/scene of grafana/grafana: each value has a copy of the row with all that is in it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, scalar_text, text
from dashgen.doctor.live.live_variables import VariableValues
from dashgen.doctor.live.time_window import Window
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.formats.v2.auto_grid import AUTO_LAYOUT
from dashgen.formats.v2.dynamic_sections import Section, section_tree
from dashgen.preview.views.panel_texts import PanelTexts
from dashgen.preview.views.repeated_panels import PanelCopy, copies_of, grid_copies
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.view_conditions import arranged, is_shown
from dashgen.preview.views.view_time import panel_window, range_of, time_note
from dashgen.preview.views.view_variables import variable_texts, view_values, viewed_variables
from dashgen.preview.views.viewed_dashboard import SectionKind, ViewedPanel, ViewedSection

_OWN_TIME: Final = ("timeFrom", "timeShift", "interval", "maxDataPoints", "gridPos")


class SectionScope(NamedTuple):
    """Where something stands: the variables of the sections around it, and the copies that they are."""

    variables: tuple[Json, ...] = ()
    repeats: tuple[tuple[str, VariableOption], ...] = ()
    path: str = ""


class SectionReader:
    """Reads the sections of one dashboard.

    Args:
        dashboard: its JSON in the extended classic form, with the time of the view.
        view: what is chosen.
        options: the options of variables.
        now_ms: the present.
    """

    def __init__(self, dashboard: Json, view: View, options: VariableOptions, now_ms: int) -> None:
        self._dashboard = dashboard
        self._view = view
        self._options = options
        self._now = now_ms
        self._keys: Counter[str] = Counter()
        self._window = panel_window(dashboard, {}, now_ms)

    @property
    def window(self) -> Window:
        """The time of the dashboard."""
        return self._window

    def sections(self) -> tuple[ViewedSection, ...]:
        """All sections from top to bottom."""
        loose, deeper = section_tree(mappings(self._dashboard.get("panels")))
        layout = mapping(mapping(self._dashboard.get("dynamic")).get("layout"))
        own = self._grid(loose, layout, SectionScope(path="top")) if loose or not deeper else []
        return (*own, *self._siblings(deeper, SectionScope()))

    def values(self, scope: SectionScope) -> VariableValues:
        """The values of variables in a scope."""
        values = view_values(self._dashboard, self._options, self._view, scope.variables)
        for name, option in scope.repeats:
            values = values.with_value(name, option.value, option.text)
        return values

    def texts(self, values: VariableValues, window: Window | None = None) -> PanelTexts:
        """What fills texts with such values."""
        return PanelTexts(values, window or self._window, self._dashboard)

    def _siblings(self, sections: Sequence[Section], scope: SectionScope) -> tuple[ViewedSection, ...]:
        viewed: list[ViewedSection] = []
        for index, whole in enumerate(sections):
            section, below = _without_panels_below(whole)
            here = scope._replace(variables=(*scope.variables, *mappings(section.dynamic.get("variables"))))
            values = self.values(here)
            for copy in copies_of(section.header, self.values(scope)):
                inner = here if copy is None else here._replace(repeats=(*here.repeats, copy))
                scoped = values if copy is None else self.values(inner)
                if is_shown(section.header, scoped, range_of(self._window)):
                    identity = scalar_text(section.header.get("id")) or f"{scope.path}/{index}".lstrip("/")
                    path = identity if copy is None else f"{identity}:{copy[0]}={copy[1].value}"
                    viewed.append(self._section(section, inner._replace(path=path), scoped))
            if below:
                viewed += self._grid(below, {}, scope._replace(path=f"{scope.path}/{index}/below"))
        return self._with_open_tab(viewed)

    def _section(self, section: Section, scope: SectionScope, values: VariableValues) -> ViewedSection:
        layout = mapping(section.dynamic.get("layout"))
        key = self._unique(f"{'tab' if section.is_tab else 'row'}-{scope.path}")
        grid = self._grid(section.panels, layout, scope) if section.panels else []
        own = mappings(section.dynamic.get("variables"))
        kind: SectionKind = "tab" if section.is_tab else "row"
        return ViewedSection(
            key,
            kind,
            self.texts(values).title(section.header.get("title")),
            is_folded=section.header.get("collapsed") is True,
            has_header=section.dynamic.get("hideHeader") is not True,
            sections=(*grid, *self._siblings(section.sections, scope)),
            variables=viewed_variables(own, self._options, values, self._view),
        )

    def _with_open_tab(self, sections: list[ViewedSection]) -> tuple[ViewedSection, ...]:
        tabs = [section for section in sections if section.kind == "tab"]
        chosen = self._view.tab.split("/")
        opened = next((tab for tab in tabs if tab.title in chosen), tabs[0] if tabs else None)
        return tuple(
            replace(section, is_folded=section is not opened) if section.kind == "tab" else section
            for section in sections
        )

    def _grid(self, panels: Sequence[Json], layout: Json, scope: SectionScope) -> list[ViewedSection]:
        values = self.values(scope)
        key = self._unique(f"grid-{scope.path}")
        if layout.get("kind") != "auto":
            copies = [copy for copy in grid_copies(panels, values) if self._is_shown(copy, values)]
            return [ViewedSection(key, "grid", panels=tuple(self._panel(copy, scope) for copy in copies))]
        copies = [PanelCopy(panel, copy) for panel in panels for copy in copies_of(panel, values)]
        shown = [self._panel(copy, scope) for copy in copies if self._is_shown(copy, values)]
        full = {**AUTO_LAYOUT, **layout}
        return [ViewedSection(key, "auto", panels=arranged(shown, full), layout=full)]

    def _is_shown(self, copy: PanelCopy, values: VariableValues) -> bool:
        scoped = values
        if copy.repeat is not None:
            scoped = values.with_value(copy.repeat[0], copy.repeat[1].value, copy.repeat[1].text)
        return is_shown(copy.panel, scoped, range_of(self._window))

    def _panel(self, copy: PanelCopy, scope: SectionScope) -> ViewedPanel:
        repeats = scope.repeats if copy.repeat is None else (*scope.repeats, copy.repeat)
        values = self.values(scope._replace(repeats=repeats))
        plain = self.texts(values)
        own = {
            key: plain.plain(copy.panel[key]) if isinstance(copy.panel[key], str) else copy.panel[key]
            for key in _OWN_TIME
            if copy.panel.get(key) is not None
        }
        window = panel_window(self._dashboard, own, self._now)
        parts = (f"{name}={option.value}" for name, option in repeats)
        key = self._unique(":".join([scalar_text(copy.panel.get("id")) or "panel", *parts]))
        note = (
            ""
            if copy.panel.get("hideTimeOverride") is True
            else time_note(own, mapping(self._dashboard.get("time")))
        )
        panel = self.texts(values, window).panel({**copy.panel, **own})
        return ViewedPanel(key, panel, variable_texts(values), values, range_of(window), note)

    def _unique(self, key: str) -> str:
        self._keys[key] += 1
        count = self._keys[key]
        return self._unique(f"{key}~{count}") if count > 1 else key


def _without_panels_below(section: Section) -> tuple[Section, list[Json]]:
    """A section, and the panels after a folded row of a classic dashboard, which has its own panels inside.

    Source: `createSceneObjectsForPanels` in transformSaveModelToScene.ts of grafana/grafana.
    """
    header = section.header
    if header.get("collapsed") is not True or "dynamic" in header or section.sections:
        return section, []
    count = len(mappings(header.get("panels")))
    return Section(header, section.panels[:count]), section.panels[count:]


def library_name(panel: Json) -> str:
    """The name of the library panel that a panel refers to; empty where it has a model of its own."""
    reference = mapping(panel.get("libraryPanel"))
    return text(reference.get("name")) or text(reference.get("uid"))
