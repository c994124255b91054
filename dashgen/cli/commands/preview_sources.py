"""What ``dashgen preview`` shows, and where its data is from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dashgen.cli.commands.preview_options import PreviewArguments, PreviewData
from dashgen.cli.commands.server_options import open_servers
from dashgen.cli.options import usage_error
from dashgen.cli.project_places import shown_path
from dashgen.doctor.live.series_views import scrape_intervals
from dashgen.doctor.live.time_window import utc_now
from dashgen.drawing.panel_data import DashboardEntry
from dashgen.preview.preview_subject import PreviewSubject, files_subject, project_subject
from dashgen.preview.sources.panel_source import PanelSource

_AT_ONCE: Final = 4


def preview_subject(arguments: PreviewArguments) -> PreviewSubject:
    """The dashboards that the arguments name.

    Raises:
        DashgenError: one of them is not there.
    """
    names = arguments.names or []
    paths = [Path(name) for name in names if _is_path(name)]
    if paths and len(paths) < len(names):
        usage_error("dashboards of the project and files are previewed apart", "name only one kind of them")
    if paths:
        root = Path.cwd()
        return files_subject(paths, lambda path: shown_path(path, root))
    return project_subject(arguments.project, arguments.env, names)


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith((".json", ".yaml", ".yml")) or Path(name).exists()


@contextmanager
def preview_source(data: PreviewData, subject: PreviewSubject) -> Iterator[PanelSource]:
    """The source of data that the options name, open as long as it is used.

    Raises:
        DashgenError: an address is not valid.
    """
    if not data.has_server:
        yield _sample_source(subject)
        return
    if data.sample:
        usage_error("`--sample` and a server are two sources of data", "leave one of them out")
    servers = open_servers(
        data.servers, patience=data.timeout, concurrency=_AT_ONCE, certificates=data.certificates
    )
    try:
        from dashgen.preview.sources.telemetry_source import TelemetrySource  # only with servers

        scrapes = scrape_intervals(subject.inspection) if subject.inspection else {}
        now_ms = data.now_ms(round(utc_now().timestamp() * 1000))
        yield TelemetrySource(servers, now_ms, scrapes, _entries(subject))
    finally:
        servers.close()


def _sample_source(subject: PreviewSubject) -> PanelSource:
    from dashgen.preview.sources.sample_source import SampleSource, sample_source  # not for running servers

    entries = _entries(subject)
    if subject.inspection is None:
        return SampleSource(entries=entries)
    return sample_source(subject.inspection, entries)


def _entries(subject: PreviewSubject) -> list[DashboardEntry]:
    return [DashboardEntry(one.title, one.uid, one.folder, one.tags) for one in subject.dashboards]
