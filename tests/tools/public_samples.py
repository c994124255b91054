"""Preview public dashboards on sample data, and count what becomes of their panels.

    .venv/bin/python -m tests.tools.public_samples FOLDER… [--step N] [--show N] [--write] [--pages DIR]

The folders hold dashboards as ``*.json``. Each is read as it is, with a source of its own, made into a page and an SVG.
Printed are the panels without data by their reasons. ``--write`` puts the table into docs/preview.md, ``--pages`` keeps
the pages to look at.
"""

import argparse
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from dashgen.core.json_values import mappings, text
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import DRAWERS
from dashgen.preview.foreign_dashboards import foreign_dashboards
from dashgen.preview.opened_view import opened_view
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.sample_source import SampleSource
from dashgen.preview.view_pictures import view_svg
from dashgen.preview.views.view import View
from dashgen.preview.views.viewed_dashboard import ViewedPanel
from tests.tools.public_dashboards import files

OUTCOMES = ("drawn with data", "drawn without data", "with an error", "shown as a note")
_PAGE = Path("docs/preview.md")
_TABLE = re.compile(r"(<!-- public dashboards -->\n).*?(<!-- end -->)", re.DOTALL)
_MOST_REASON = 160


class PanelCount(Struct):
    """What became of the panels of some dashboards."""

    outcomes: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    dashboards: int = 0


def outcome(panel: ViewedPanel, data: PanelData) -> str:
    """What becomes of a panel."""
    kind = text(panel.panel.get("type"))
    if kind not in DRAWERS:
        return OUTCOMES[3]
    if data.error:
        return OUTCOMES[2]
    queries = [one for one in mappings(panel.panel.get("targets")) if one.get("hide") is not True]
    has_data = not queries or any(frame.length for frame in data.frames)
    return OUTCOMES[0] if has_data else OUTCOMES[1]


def examine(dashboard: ShownDashboard, count: PanelCount) -> str:
    """Count the panels of one dashboard; its page."""
    source = SampleSource()
    opened = opened_view(dashboard.data, View(), source)
    view_svg(opened)
    for panel in opened.viewed.panels:
        data = opened.data_of(panel)
        became = outcome(panel, data)
        count.outcomes[became] += 1
        if became == OUTCOMES[3]:
            count.notes[text(panel.panel.get("type")) or "none"] += 1
        elif became != OUTCOMES[0]:
            count.reasons.append(f"{became}: {dashboard.title}: {panel.key}: {data.error or data.notices}")
    return preview_page([dashboard], source, PageIndex(dashboard.title, ()), ViewChoice(most_views=1))


def table(count: PanelCount) -> Iterator[str]:
    """The lines of the table."""
    total = sum(count.outcomes.values())
    yield f"{count.dashboards} public dashboards, {total} panels, {len(count.crashes)} crashes."
    yield ""
    yield "| panels | number | share |"
    yield "|---|---:|---:|"
    for one in OUTCOMES:
        yield f"| {one} | {count.outcomes[one]} | {count.outcomes[one] / max(total, 1):.1%} |"
    yield ""
    listed = ", ".join(f"`{kind}` ({number})" for kind, number in count.notes.most_common())
    yield f"A note with its queries stands for a panel of these types: {listed or 'none'}."


def main() -> None:
    """Print what shows nothing, and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--pages", type=Path)
    args = parser.parse_args()
    count = PanelCount()
    for path in list(files(args.folders))[:: args.step]:
        for dashboard in foreign_dashboards([path], str)[0]:
            count.dashboards += 1
            try:
                page = examine(dashboard, count)
            except Exception as error:  # noqa: BLE001  # a traceback is a finding like any other
                where = traceback.extract_tb(error.__traceback__)[-1]
                count.crashes.append(f"{path.name}: {error!r} ({where.filename}:{where.lineno})")
            else:
                if args.pages:
                    args.pages.mkdir(exist_ok=True)
                    Path(args.pages, f"{path.stem}.html").write_text(page, encoding="utf-8")
    for line in [*count.crashes, *count.reasons[: args.show]]:
        _print_line(line[:_MOST_REASON])
    lines = "\n".join(table(count))
    _print_line(lines)
    if args.write:
        page = _PAGE.read_text(encoding="utf-8")
        _PAGE.write_text(
            _TABLE.sub(lambda match: f"{match[1]}\n{lines}\n\n{match[2]}", page), encoding="utf-8"
        )


def _print_line(line: Any) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
