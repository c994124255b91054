"""What a preview costs: beside a build, in a page, until something is seen, and after a spec was saved."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from dashgen.preview.browser_pictures import browser_program
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.sample_source import SampleSource
from tests.bench.measure import Cost, run
from tests.bench.report import Line
from tests.bench.rounds import DASHGEN
from tests.preview.browser import Browser, Page

ROOT = Path(__file__).parents[2]
UIDS = ("mission-control", "user-analytics", "ai-cost")
PAGE_GOAL = 1_500_000
PAINT_GOAL, USABLE_GOAL, SAVE_GOAL = 1.0, 1.0, 0.3


def preview_lines(folder: Path, rounds: int, progress: Callable[[str], None]) -> list[Line]:
    """Every measurement; those of a browser only where there is one."""
    project = folder / "preview"
    shutil.copytree(ROOT / "specs", project / "specs")
    shutil.copy(ROOT / "dashgen.yaml", project)
    costs: list[tuple[Cost, Cost]] = []
    for number in range(rounds + 1):
        progress(f"preview, {'warm-up' if number == 0 else f'round {number} of {rounds}'}")
        build = run([DASHGEN, "build", "--no-cache", "--out", "built"], project)
        preview = run([DASHGEN, "preview", *UIDS], project)
        if number:
            costs.append((build, preview))
    found = [
        Line("`dashgen preview` of the guide's three dashboards / `dashgen build`, cold, by the clock",
             median(preview.wall for _, preview in costs) / median(build.wall for build, _ in costs), 2),
        Line("`dashgen preview` of the guide's three dashboards / `dashgen build`, cold",
             median(preview.cpu for _, preview in costs) / median(build.cpu for build, _ in costs)),
        Line("page of the three dashboards / 1.5 MB", (project / "preview.html").stat().st_size / PAGE_GOAL, 1),
    ]  # fmt: skip
    if browser_program() is None:
        progress("no browser was asked: chromium is missing")
        return found
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(Path(profile))
        try:
            found += _in_browser(browser, folder, project, rounds)
        finally:
            browser.close()
    return found


def _in_browser(browser: Browser, folder: Path, project: Path, rounds: int) -> Sequence[Line]:
    hundred, thousand = (_many_panels(folder / f"{count}.html", count) for count in (100, 1000))
    paints = [_first_paint(browser, hundred) for _ in range(rounds)]
    jumps = [_longest_jump(browser, thousand) for _ in range(rounds)]
    saves = _saves(browser, project, rounds)
    return [
        Line("100 panels: first panels painted in Chromium / 1 s", median(paints) / PAINT_GOAL, 1),
        Line(
            "1,000 panels: a jump to other panels until they are drawn / 1 s", median(jumps) / USABLE_GOAL, 1
        ),
        Line("`dashgen preview --serve`: a saved change is seen / 0.3 s", median(saves) / SAVE_GOAL, 1),
    ]


def _many_panels(path: Path, count: int) -> Path:
    """A page with time series, figures, gauges and tables in turns."""
    kinds = ("timeseries", "stat", "gauge", "table")
    target = {
        "refId": "A",
        "expr": "rate(app_requests_total[5m])",
        "datasource": {"type": "prometheus", "uid": "p"},
    }
    panels = [
        {
            "id": number + 1, "type": kinds[number % 4], "title": f"Panel {number}", "targets": [target],
            "gridPos": {"x": number % 4 * 6, "y": number // 4 * 6, "w": 6, "h": 6},
        }
        for number in range(count)
    ]  # fmt: skip
    dashboard = ShownDashboard({"uid": "many", "title": "Many", "panels": panels})
    html = preview_page([dashboard], SampleSource(), PageIndex("Many", []), ViewChoice())
    path.write_text(html, encoding="utf-8")
    return path


def _first_paint(browser: Browser, path: Path) -> float:
    with browser.page() as page:
        page.open(f"{path.as_uri()}#/many", ready="document.querySelector('.panel')?.isMounted === true")
        painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        return (
            float(page.wait(f"performance.getEntriesByName('first-contentful-paint').length && {painted}"))
            / 1000
        )


def _longest_jump(browser: Browser, path: Path) -> float:
    with browser.page() as page:
        page.open(f"{path.as_uri()}#/many", ready="document.querySelector('.panel')?.isMounted === true")
        return max(_jump(page, share) for share in (0.5, 1, 0.25))


def _jump(page: Page, share: float) -> float:
    started = time.perf_counter()
    page.evaluate(f"window.scrollTo(0, document.documentElement.scrollHeight * {share})")
    seen = "[...document.querySelectorAll('.panel')].filter(p => p.getBoundingClientRect().top < innerHeight"
    page.wait(f"{seen} && p.getBoundingClientRect().bottom > 0).every(p => p.isMounted)")
    page.settle()
    return time.perf_counter() - started


def _saves(browser: Browser, project: Path, rounds: int) -> list[float]:
    """The seconds from saving a spec until its change is seen."""
    spec = project / "specs/dashboards/mission-control.yaml"
    text = spec.read_text(encoding="utf-8")
    command = [DASHGEN, "preview", "--serve", "--port", "0"]
    seconds = []
    with (
        subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process,
        browser.page() as page,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().rpartition(": ")[2].strip()
        page.open(f"{address}#/mission-control")
        for number in range(rounds + 1):
            started = time.perf_counter()
            spec.write_text(text.replace("Query Rate", f"Query Rate {number}"), encoding="utf-8")
            shown = f"p.textContent.endsWith('Query Rate {number}')"
            page.wait(f"[...document.querySelectorAll('.panel-title')].some(p => {shown})")
            if number:
                seconds.append(time.perf_counter() - started)
        process.send_signal(signal.SIGINT)
    spec.write_text(text, encoding="utf-8")
    return seconds
