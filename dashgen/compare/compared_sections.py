"""The sections (rows and tabs) of one side of a comparison, and what is in them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from dashgen.compare.change_texts import quoted
from dashgen.core.json_values import Json, mapping
from dashgen.formats.normal.normal_dynamic import is_auto

Panel: TypeAlias = Json
SectionKey: TypeAlias = "str | None"
"""The key of a section in the normal form; None outside of all sections."""


def is_section(panel: Mapping[str, Any]) -> bool:
    """Whether a panel is the header of a row or a tab."""
    return panel.get("type") == "row"


def is_tab(panel: Mapping[str, Any]) -> bool:
    """Whether a panel is the header of a tab."""
    return is_section(panel) and mapping(panel.get("dynamic")).get("kind") == "tab"


def section_of(panel: Mapping[str, Any]) -> SectionKey:
    """The key of the section that a panel or header is in."""
    key: SectionKey = panel.get("row")
    return key


def panel_name(panel: Mapping[str, Any]) -> str:
    """A panel, row or tab in a sentence; one without a title is called by its type."""
    word = "tab" if is_tab(panel) else "row" if is_section(panel) else "panel"
    title = panel.get("title")
    if title:
        return f"{word} {quoted(str(title))}"
    kind = f" ({panel.get('type', 'unknown')})" if word == "panel" else ""
    return f"{word} without a title{kind}"


class ComparedSections:
    """The headers of a dashboard by their keys.

    Args:
        panels: the panels and headers of its normal form.
        dynamic: what schema v2 adds to the dashboard itself.
    """

    def __init__(self, panels: Iterable[Panel], dynamic: Json) -> None:
        self._panels = list(panels)
        self._dynamic = dynamic
        self.headers: dict[SectionKey, Panel] = {
            panel["key"]: panel for panel in self._panels if is_section(panel)
        }

    def arranges_itself(self, key: SectionKey) -> bool:
        """Whether the panels of a section, or those outside of all, have an auto layout."""
        header = self.headers.get(key)
        return is_auto(mapping(header.get("dynamic")) if header is not None else self._dynamic)

    def inside(self, key: SectionKey) -> Iterator[Panel]:
        """Every panel and header in a section, at any depth."""
        for panel in self._panels:
            if panel.get("row") == key:
                yield panel
                if is_section(panel):
                    yield from self.inside(panel["key"])

    def around(self, panel: Panel) -> Iterator[Panel]:
        """The headers of the sections that a panel or header is in, the innermost first."""
        header = self.headers.get(section_of(panel))
        while header is not None:
            yield header
            header = self.headers.get(section_of(header))

    def name(self, key: SectionKey) -> str:
        """A section in a sentence: ``row "Detail" of tab "Costs"``."""
        header = self.headers[key]
        return " of ".join(map(panel_name, (header, *self.around(header))))

    def is_plain(self, key: SectionKey) -> bool:
        """Whether a section is a row of the dashboard itself, or none."""
        header = self.headers.get(key)
        return header is None or not (is_tab(header) or section_of(header))
