"""What ``dashgen preview`` shows, and where its data is from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from dashgen.cli.commands.preview_options import PreviewArguments, PreviewData
from dashgen.cli.connection_options import GrafanaOptions
from dashgen.cli.options import usage_error
from dashgen.cli.project_places import shown_path
from dashgen.core.diagnostics import has_errors, nearest
from dashgen.core.errors import DashgenError
from dashgen.core.json_values import text
from dashgen.doctor.live.time_window import utc_now
from dashgen.drawing.panel_data import DashboardEntry
from dashgen.formats.panel_tree import every_variable
from dashgen.preview.preview_subject import PreviewSubject, files_subject, is_spec_path, project_subject
from dashgen.preview.shown_dashboard import CompiledMemory
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.workspace.input_files import find_project

if TYPE_CHECKING:
    from dashgen.doctor.live.run_queries import Servers
    from dashgen.preview.serving.remembered_source import RememberedSamples

_AT_ONCE: Final = 4


def preview_subject(arguments: PreviewArguments, memory: CompiledMemory | None = None) -> PreviewSubject:
    """The dashboards that the arguments name.

    Args:
        arguments: those of the command.
        memory: the dashboards of the last time, where they are read again and again.

    Raises:
        DashgenError: one of them is not there.
    """
    subject = _subject(arguments, memory)
    _require_variables(arguments.view.choice.variables, subject)
    return subject


def _subject(arguments: PreviewArguments, memory: CompiledMemory | None) -> PreviewSubject:
    names = arguments.names or []
    paths = named_paths(names)
    specs = [path for path in paths if is_spec_path(path)]
    uids = [name for name in names if not _is_path(name)]
    if len(specs) < len(paths) and (uids or specs):
        usage_error("dashboards of the project and files are previewed apart", "name only one kind of them")
    if paths and not specs:
        root = Path.cwd()
        return files_subject(paths, lambda path: shown_path(path, root))
    projects = {find_project(path if path.is_dir() else path.parent) for path in map(Path.resolve, specs)}
    if len(projects) > 1 or (projects and uids and find_project(arguments.project.resolve()) not in projects):
        usage_error("these dashboards are of several projects", "preview one project at a time")
    start = next((one for one in projects if one is not None), arguments.project)
    return project_subject(start, arguments.env, uids, memory, specs)


def _require_variables(chosen: Mapping[str, object], subject: PreviewSubject) -> None:
    """Refuse values of variables that no dashboard has; of specs with errors not all are known.

    Raises:
        DashgenError: there is such a one.
    """
    if has_errors(subject.findings):
        return
    variables = {
        text(one.get("name")) for dashboard in subject.dashboards for one in every_variable(dashboard.data)
    }
    for name in chosen:
        if name not in variables:
            hint = nearest(name, variables) or "the dashboards have other variables, or none"
            raise DashgenError(f"no dashboard has a variable `{name}`; {hint}")


def named_paths(names: Sequence[str]) -> list[Path]:
    """The names that are files or folders."""
    return [Path(name) for name in names if _is_path(name)]


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith((".json", ".yaml", ".yml")) or Path(name).exists()


class PreviewSources:
    """The sources of data that the options name; servers are open as long as it is.

    Raises:
        DashgenError: an address is not valid.
    """

    def __init__(self, data: PreviewData) -> None:
        if data.has_server and data.sample:
            usage_error("`--sample` and a server are two sources of data", "leave one of them out")
        self._data = data
        self._servers = _servers(data) if data.has_server else None
        self._remembered: RememberedSamples | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._servers is not None:
            self._servers.close()

    def of(self, subject: PreviewSubject) -> PanelSource:
        """The source of what is previewed, as it is now.

        Raises:
            DashgenError: `--now` is no time.
        """
        if self._servers is None:
            return self._samples(subject)
        now_ms = self._data.now_ms(round(utc_now().timestamp() * 1000))
        return _server_source(self._servers, now_ms, subject)

    def _samples(self, subject: PreviewSubject) -> PanelSource:
        # Not for running servers.
        from dashgen.preview.sample.made_up_store import NOW
        from dashgen.preview.serving.remembered_source import RememberedSamples
        from dashgen.preview.sources.sample_source import SampleSource

        now_ms = self._data.now_ms(NOW)
        if subject.inspection is None:
            return SampleSource(entries=_entries(subject), now_ms=now_ms)
        if self._remembered is None:
            self._remembered = RememberedSamples()
        return self._remembered.source(subject.inspection, _entries(subject), now_ms)


def _servers(data: PreviewData) -> "Servers":
    from dashgen.cli.commands.server_options import open_servers, with_grafana

    servers = open_servers(
        data.servers, patience=data.timeout, concurrency=_AT_ONCE, certificates=data.certificates
    )
    if not data.url:
        return servers
    return with_grafana(servers, GrafanaOptions(url=data.url), data.certificates, patience=data.timeout)


def _server_source(servers: "Servers", now_ms: int, subject: PreviewSubject) -> PanelSource:
    # The clients of servers are imported only where there are any.
    from dashgen.doctor.live.series_views import scrape_intervals

    scrapes = scrape_intervals(subject.inspection) if subject.inspection else {}
    grafana: PanelSource | None = None
    if servers.grafana is not None:
        from dashgen.preview.sources.grafana_source import GrafanaSource

        grafana = GrafanaSource(servers.grafana, now_ms, _entries(subject), servers.concurrency)
        if not list(servers.named()):
            return grafana
    from dashgen.preview.sources.telemetry_source import TelemetrySource

    return TelemetrySource(servers, now_ms, scrapes, _entries(subject), grafana)


def _entries(subject: PreviewSubject) -> list[DashboardEntry]:
    return [DashboardEntry(one.title, one.uid, one.folder, one.tags) for one in subject.dashboards]
