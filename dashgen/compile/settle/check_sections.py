"""What Grafana takes of rows and tabs: what may be in them, and how deep.

Source: "Dashboard panel groupings" in Grafana's documentation of 13.3, and ``RowsLayoutSpec`` and
``TabsLayoutSpec`` in ``apps/dashboard/kinds/v2/dashboard_spec.cue``.
"""

from collections.abc import Iterator
from typing import Final

from dashgen.model.dashboard_spec import Dashboard
from dashgen.model.section_spec import DashboardSection, Row
from dashgen.model.spec_sections import SECTION_LISTS, SECTION_NAMES
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_DEEPEST: Final = 4
"""Rows and tabs around each other, at most."""


def sections_of(
    container: Dashboard | DashboardSection, path: Path = ()
) -> Iterator[tuple[Path, DashboardSection]]:
    """The rows and tabs of a dashboard or section and those in them, each with its path."""
    for key in SECTION_LISTS:
        for number, section in enumerate(getattr(container, key)):
            yield (*path, key, number), section
            yield from sections_of(section, (*path, key, number))


def section_title(dashboard: Dashboard, path: Path) -> str:
    """What a section is called in messages: `the tab “Latency”`."""
    section = dict(sections_of(dashboard)).get(path)
    kind = SECTION_NAMES[path[-2]]
    return f"the {kind} `{section.title}`" if section is not None and section.title else f"a {kind}"


def check_sections(dashboard: Dashboard, report: Reporter) -> None:
    """Report rows and tabs that Grafana does not know in this way."""
    _check_mixed(dashboard, (), report)
    for path, section in sections_of(dashboard):
        _check_mixed(section, path, report)
        kind = SECTION_NAMES[path[-2]]
        if not (section.panels or section.rows or section.tabs) and not isinstance(section, Row):
            report.warn(
                "layout/empty", f"the tab `{section.title}` is empty", path, "add `panels:` or `rows:`"
            )
        if kind == "tab" and len(path) > 2 and path[-4] == "tabs":
            message = f"the tab `{section.title}` is directly in a tab, which Grafana's editor does not offer"
            report.warn("layout/depth", message, path, "put a row around it, or use rows")
        if len(path) // 2 == _DEEPEST + 1:
            message = (
                f"Grafana puts rows and tabs into each other {_DEEPEST} levels deep, and this is one more"
            )
            report.warn("layout/depth", message, path, "use fewer levels")


def _check_mixed(container: Dashboard | DashboardSection, path: Path, report: Reporter) -> None:
    if not container.tabs:
        return
    for key in ("rows", "panels"):
        if getattr(container, key):
            message = f"`{key}` are beside `tabs`, and Grafana shows one of them"
            hint = f"put the {key} into a tab"
            report.error("layout/mixed", message, (*path, key), hint, key=True)
