"""The sections of a dashboard in the extended classic form: rows and tabs with their panels, as a tree.

Before: ``[{"type": "row", "title": "A", "dynamic": {"kind": "tab"}}, {"type": "row", "title": "B",
"dynamic": {"level": 1}}, {"type": "stat", …}]``
After: a section ``A`` with the section ``B``, which has the panel
"""

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, whole

MOST_LEVELS = 20
"""Sections may nest without a bound in a hostile file; Grafana's editor makes three levels."""


class Section(Struct):
    """A row or tab.

    Attributes:
        header: the row panel that it begins with.
        panels: its panels; those of its deeper sections are theirs.
        sections: its deeper sections.
    """

    header: Json
    panels: list[Json] = []
    sections: list["Section"] = []

    @property
    def dynamic(self) -> Json:
        """What only schema v2 has of it."""
        return mapping(self.header.get("dynamic"))

    @property
    def is_tab(self) -> bool:
        """Whether it is a tab."""
        return self.dynamic.get("kind") == "tab"


def section_tree(panels: list[Json]) -> tuple[list[Json], list[Section]]:
    """The panels before the first section, and the sections.

    A header whose level skips one is taken as one level below the header before it.
    """
    loose: list[Json] = []
    top: list[Section] = []
    open_sections: list[Section] = []
    for panel in panels:
        if panel.get("type") != "row":
            (open_sections[-1].panels if open_sections else loose).append(panel)
            continue
        section = Section(panel, list(mappings(panel.get("panels"))))
        level = min(max(level_of(panel), 0), len(open_sections), MOST_LEVELS)
        del open_sections[level:]
        (open_sections[-1].sections if open_sections else top).append(section)
        open_sections.append(section)
    return loose, top


def level_of(header: Json) -> int:
    """How many sections are around a section."""
    return whole(mapping(header.get("dynamic")).get("level"))
