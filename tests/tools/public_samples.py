"""Make data up for public dashboards, and count the panels that show any.

    .venv/bin/python -m tests.tools.public_samples FOLDER… [--step N] [--show N]

The folders hold dashboards as ``*.json``; they are read as they are, each with a source of its own. Printed are the
panels without data by the reason, and the share of those with data by the type of their data source.
"""

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from dashgen.core.json_values import mapping, mappings, text
from dashgen.preview.sample.typed_targets import source_types, typed_panel
from dashgen.preview.sources.sample_source import SampleSource
from dashgen.preview.views.readable_dashboard import readable_dashboard
from dashgen.preview.views.view import View
from dashgen.preview.views.view_dashboard import viewed_dashboard
from tests.tools.public_dashboards import files

_WITHOUT_QUERIES = frozenset(
    ("text", "row", "news", "welcome", "gettingstarted", "clock-panel", "nodata", "pluginlist")
)


class PanelCount(Struct):
    """Panels with data and without, by the type of their data source, and why others have none."""

    shown: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


def examine(path: Path, count: PanelCount) -> None:
    """Count the panels of one dashboard."""
    document = json.loads(path.read_bytes())
    dashboard = readable_dashboard(document)
    source = SampleSource()
    view = View()
    viewed = viewed_dashboard(dashboard, view, source.variable_options(dashboard, view), source.now_ms)
    data = source.panel_data(viewed)
    types = source_types(dashboard)
    for panel in viewed.panels:
        targets = mappings(typed_panel(panel.panel, types).get("targets"))
        if panel.panel.get("type") in _WITHOUT_QUERIES or not any(
            one.get("hide") is not True for one in targets
        ):
            continue
        kind = text(mapping(targets[0].get("datasource")).get("type")) or "other"
        own = data.get(panel.key)
        if own is not None and any(frame.length for frame in own.frames):
            count.shown[kind] += 1
            continue
        count.empty[kind] += 1
        reason = own.error or " ".join(own.notices) if own is not None else "no entry"
        queries = [text(one.get("expr")) or text(one.get("query")) for one in targets]
        count.reasons.append(f"{kind}: {reason or 'nothing'}: {path.name} {panel.key}: {queries[:2]}")


def main() -> None:
    """Print what shows nothing, and the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--show", type=int, default=40)
    args = parser.parse_args()
    count = PanelCount()
    start = time.process_time()
    paths = list(files(args.folders))[:: args.step]
    slow: list[tuple[float, str]] = []
    for path in paths:
        began = time.process_time()
        try:
            examine(path, count)
        except Exception as error:  # noqa: BLE001  # a traceback is a finding like any other
            where = traceback.extract_tb(error.__traceback__)[-1]
            count.crashes.append(
                f"{path.name}: {type(error).__name__}: {error} ({where.filename}:{where.lineno})"
            )
        slow.append((time.process_time() - began, path.name))
    for line in [*count.crashes, *count.reasons[: args.show]]:
        _print_line(line[:400])
    for kind in sorted({*count.shown, *count.empty}):
        shown, empty = count.shown[kind], count.empty[kind]
        _print_line(
            f"{shown:6} of {shown + empty:6} panels show data ({shown / (shown + empty):.1%}): {kind}"
        )
    for seconds, name in sorted(slow)[-3:]:
        _print_line(f"{seconds:.1f} s {name}")
    _print_line(f"{len(paths)} dashboards, {len(count.crashes)} crash, {time.process_time() - start:.0f} s")


def _print_line(line: Any) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
