"""The page of several dashboards."""

import subprocess
import sys

import pytest

from dashgen.preview import preview_page as module
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.sample_source import SampleSource


def _dashboard(number: int) -> ShownDashboard:
    target = {
        "refId": "A",
        "expr": f"rate(shop_{number}_requests_total[5m])",
        "datasource": {"type": "prometheus"},
    }
    panels = [
        {"id": one + 1, "type": "timeseries", "title": f"Panel {one}", "targets": [target],
         "gridPos": {"x": 0, "y": 8 * one, "w": 12, "h": 8}}
        for one in range(number)
    ]  # fmt: skip
    return ShownDashboard({"uid": f"shop-{number}", "title": f"Shop {number}", "panels": panels})


def test_a_page_has_the_same_bytes_however_many_processes_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    dashboards = [_dashboard(number) for number in (1, 3, 2)]
    pages = []
    for processors in (1, 2, 3):
        monkeypatch.setattr(module, "usable_processors", lambda count=processors: count)
        pages.append(preview_page(dashboards, SampleSource(), PageIndex("Shops", []), ViewChoice()))

    assert pages[0] == pages[1] == pages[2]
    assert all(f'id="dashboard-{number}"' in pages[0] for number in range(3))


def test_the_command_imports_no_client_of_servers() -> None:
    script = (
        "import sys, dashgen.cli.commands.preview_command; print(*{'requests', 'urllib3'} & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert run.stdout == "\n"
