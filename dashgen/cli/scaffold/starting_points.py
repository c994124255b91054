"""What `dashgen init --from` names: dashboards, rules and metrics in files, folders and running servers."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.diagnostics.frame import clean
from dashgen.core.errors import DashgenError
from dashgen.core.json_values import mapping
from dashgen.formats import resources as kinds
from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.importer.exported_inputs import MAX_BYTES, ImportInput, in_folder, lines_of, parse, read_source
from dashgen.importer.remote_dashboards import RemoteGrafana, is_url, page_of, read_url
from dashgen.importer.rules.recognise import api_answer
from dashgen.servers.grafana import ConnectionSettings, Grafana, connection_settings
from dashgen.servers.grafana.data_sources_api import LiveDataSource
from dashgen.servers.grafana.grafana_errors import ForbiddenError
from dashgen.servers.http import BadAnswerError, Endpoint, Limits, RawAnswer, Request, ServiceError
from dashgen.servers.http.exchange import Exchange
from dashgen.servers.telemetry import Exposition
from dashgen.servers.telemetry.exposition import parse_exposition
from dashgen.servers.telemetry.scrape import ACCEPT
from dashgen.workspace.input_files import PROJECT_FILE
from dashgen.workspace.lock_file import LOCK_FILE

MOST_FILES: Final = 5000
_DATA: Final = frozenset((".json", ".yaml", ".yml"))
_EXPOSITIONS: Final = frozenset((".prom", ".txt", ".metrics", ""))
_LEFT_OUT: Final = frozenset(("node_modules", "vendor", "__pycache__", "venv"))
_MARKS_OF_DASHBOARDS: Final = (b'"panels"', b'"schemaVersion"', b'"elements"')
_LIMITS: Final = Limits(connect=5.0, read=20.0, total=60.0, body=MAX_BYTES, attempts=2)


class MetricsPage(Struct, frozen=True):
    """What an application exposes, and where it was read."""

    name: str
    exposition: Exposition


class StartingPoints(Struct):
    """Everything that was read.

    Attributes:
        inputs: dashboards and rules; each is tried, and what is in folders may be something else.
        pages: the metrics of applications.
        data_sources: those of the Grafanas that were read.
        failures: what could not be read, and what to do.
        unreachable: whether a server was among them.
        in_folders: the names of inputs from folders, where files of other kinds are no mistake.
    """

    inputs: list[ImportInput] = []
    pages: list[MetricsPage] = []
    data_sources: list[LiveDataSource] = []
    failures: list[Diagnostic] = []
    unreachable: bool = False
    in_folders: set[str] = set()

    def add(self, results: Sequence[ImportInput] | Diagnostic) -> None:
        """Take what a reader returned."""
        if isinstance(results, Diagnostic):
            self.failures.append(results)
        else:
            self.inputs += results


def read_starting_points(
    names: Sequence[str], variables: Mapping[str, str], step: Callable[[], None]
) -> StartingPoints:
    """Read what `--from` names; what cannot be read is a failure, and the others are read all the same.

    Args:
        names: files, folders, `-` and addresses.
        variables: the environment of the process, which has the credentials.
        step: called after each file and answer, for progress.
    """
    points = StartingPoints()
    reader = _SourceReader(points, variables, step, _token_address(names, variables))
    for name in dict.fromkeys(names):
        try:
            reader.read(name)
        except ServiceError as error:
            points.unreachable = True
            hint = error.hint or "start it, or correct the address; what else was named is used"
            points.failures.append(Diagnostic(error.rule, error.message, _shown(name), hint))
        except DashgenError as error:
            points.unreachable |= error.exit_code == ServiceError.exit_code
            message, _, hint = str(error).partition("; ")
            points.failures.append(Diagnostic("live/unreachable", message, _shown(name), hint))
    return points


def _token_address(names: Sequence[str], variables: Mapping[str, str]) -> str | None:
    """The only Grafana that gets the credentials; None where one address may be any Grafana.

    A token is for one Grafana: sent to two, the other one would have it.
    """
    configured = variables.get("GRAFANA_URL", "").strip().rstrip("/")
    addresses = {name.rstrip("/") for name in names if is_url(name)}
    return configured if configured or len(addresses) > 1 else None


def _shown(name: str) -> Location:
    return Location(clean(name)[:200])


class _SourceReader(Struct):
    points: StartingPoints
    variables: Mapping[str, str]
    step: Callable[[], None]
    token_address: str | None

    def read(self, name: str) -> None:
        if not name.strip():
            self._fail(
                "import/missing", "the name of a source is empty", name, "name a file, a folder or an address"
            )
        elif is_url(name):
            self._address(name)
        elif name != "-" and Path(name).is_dir():
            self._folder(Path(name))
        elif name == "-" or Path(name).suffix in _DATA:
            self.points.add(read_source(name))
        else:
            self._other_file(Path(name))
        self.step()

    def _folder(self, folder: Path) -> None:
        """Read every dashboard, rule file and metrics page below a folder; links are not followed."""
        files = list(_files_below(folder))
        if len(files) > MOST_FILES:
            message = f"there are more than {MOST_FILES} files in it"
            self.points.failures.append(
                Diagnostic(
                    "file/too-large", message, _shown(str(folder)), "name the folder of the dashboards"
                )
            )
            return
        before = len(self.points.inputs) + len(self.points.pages)
        above = _common_folder(files, folder)
        for path in files:
            if path.suffix in _DATA:
                results = read_source(str(path))
                inside = path.parent.is_relative_to(above)
                title = path.parent.relative_to(above).as_posix().removeprefix(".") if inside else ""
                if not isinstance(results, Diagnostic):
                    # Grafana's own provisioning makes folders of folders (`foldersFromFilesStructure`).
                    self.points.inputs += [replace(one, data=in_folder(one.data, title)) for one in results]
                    self.points.in_folders |= {one.name for one in results}
                elif _is_like_a_dashboard(path):
                    # Whatever else is in a folder, such as a template of another tool, is no mistake.
                    self.points.add(results)
            elif (page := _page_in(path)) is not None:
                self.points.pages.append(page)
            self.step()
        if len(self.points.inputs) + len(self.points.pages) == before:
            message = "there is no dashboard, no rule file and no metrics page in it"
            hint = "name a folder with JSON or YAML files"
            self.points.failures.append(Diagnostic("import/missing", message, _shown(str(folder)), hint))

    def _other_file(self, path: Path) -> None:
        page = _page_in(path)
        if page is not None:
            self.points.pages.append(page)
            return
        results = read_source(str(path))
        if isinstance(results, Diagnostic) and results.rule == "import/json":
            message = "it has neither metrics nor dashboards nor rules"
            self._fail(results.rule, message, str(path), "save the page `/metrics`, or a dashboard as JSON")
        else:
            self.points.add(results)

    def _fail(self, rule: str, message: str, name: str, hint: str) -> None:
        self.points.failures.append(Diagnostic(rule, message, _shown(name), hint))

    def _address(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            is_address = bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address:
            self._fail("import/url", "the address cannot be read", url, "check how it is written")
            return
        page = page_of(url)
        if page is not None:
            self._grafana(page.grafana.rstrip("/"), page.uid)
            return
        if "@" in parts.netloc:
            message = "the address has credentials in it"
            hint = "take them out; those of a Grafana are read from GRAFANA_TOKEN"
            self.points.failures.append(Diagnostic("import/url", message, _shown(parts.hostname or ""), hint))
            return
        # The page of a Grafana is HTML like any other, so its health is asked for first.
        if not parts.path.endswith("/metrics") and not parts.query and _is_grafana(url):
            self._grafana(url.rstrip("/"), None)
            return
        self._web(url)

    def _web(self, url: str) -> None:
        """Read metrics, a dashboard or a rule file from a web server."""
        answer = _answer(url, {"Accept": f"application/json;q=1.0,{ACCEPT}"})
        name = clean(url)[:200]
        if answer is not None and answer.status == 200:
            exposition = _exposition(answer.body)
            if exposition is not None:
                self.points.pages.append(MetricsPage(name, exposition))
                return
            if not answer.body.lstrip().startswith(b"<") and urlsplit(url).path not in ("", "/"):
                self.points.add(parse(name, answer.body))
                return
        if urlsplit(url).path in ("", "/"):
            # An application is named by its own address more often than by that of its metrics.
            below = f"{url.rstrip('/')}/metrics"
            answer = _answer(below, {"Accept": ACCEPT})
            exposition = _exposition(answer.body) if answer is not None and answer.status == 200 else None
            if exposition is not None:
                self.points.pages.append(MetricsPage(clean(below)[:200], exposition))
                return
            message = "there are no metrics at `/metrics`, and it is no Grafana"
            hint = "give the address of the metrics, or of a dashboard's JSON"
            self.points.failures.append(Diagnostic("import/url", message, _shown(url), hint))
            return
        # Addresses of the gallery on grafana.com, and the refusals that `import` explains.
        self.points.add(read_url(url, _LIMITS))

    def _grafana(self, address: str, uid: str | None) -> None:
        """Read one dashboard, or all dashboards, rules and data sources of a Grafana."""
        is_meant = self.token_address is None or self.token_address == address
        settings = ConnectionSettings(address, limits=replace(ConnectionSettings("").limits, attempts=2))
        if is_meant:
            target = connection_settings(settings, self.variables)
            if target.settings is None:
                self.points.failures += target.problems
                return
            settings = target.settings
        with Grafana(settings, forms=DASHBOARD_FORMS) as grafana:
            remote = RemoteGrafana(grafana)
            remote.require_permissions(kinds.DASHBOARD)
            if uid is not None:
                dashboard = remote.dashboard(uid)
                self.points.add(dashboard if isinstance(dashboard, Diagnostic) else [dashboard])
            else:
                self.points.inputs += remote.everything()
                self._parts(address, "its alert rules", lambda: self._rules(remote, address))
            self._parts(address, "its data sources", lambda: self._data_sources(grafana))

    def _rules(self, remote: RemoteGrafana, address: str) -> None:
        groups = remote.rules(None)
        if groups:
            data = api_answer(groups, remote.titles)
            self.points.inputs.append(ImportInput(f"rules of {address}", data, lines_of(groups)))

    def _data_sources(self, grafana: Grafana) -> None:
        # Only administrators may list them (`datasources:read`). Dashboards name those that they query, too.
        with suppress(ForbiddenError):
            self.points.data_sources += grafana.data_sources.list_all()

    def _parts(self, address: str, what: str, read: Callable[[], None]) -> None:
        """Read something that an account may not be allowed to read, without losing the rest."""
        try:
            read()
        except DashgenError as error:
            message, hint = f"{what} could not be read: {error}", "give the account the role Viewer or more"
            self.points.failures.append(Diagnostic("live/unreachable", message, _shown(address), hint))
        self.step()


def _files_below(folder: Path) -> Iterator[Path]:
    """The files that may be of use, in the order of their names; one more than the most at the end."""
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("."))
        if LOCK_FILE in files or (PROJECT_FILE in files and Path(root) != folder):
            # The output of a build, and another project, are no starting points: their specs are.
            folders.clear()
            continue
        for name in sorted(files):
            path = Path(root, name)
            if name.startswith(".") or path.suffix not in _DATA | _EXPOSITIONS or path.is_symlink():
                continue
            count += 1
            yield path
            if count > MOST_FILES:
                return


def _common_folder(files: Sequence[Path], folder: Path) -> Path:
    """The innermost folder that has all dashboards in JSON below it."""
    parents = {str(path.parent) for path in files if path.suffix == ".json" and _is_like_a_dashboard(path)}
    return Path(os.path.commonpath(parents)) if parents else folder


def _is_like_a_dashboard(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(MAX_BYTES)
    except OSError:
        return True
    return path.suffix == ".json" and any(mark in head for mark in _MARKS_OF_DASHBOARDS)


def _page_in(path: Path) -> MetricsPage | None:
    """The metrics in a file, if it has some."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError:
        return None  # `read_source` reports it
    exposition = _exposition(raw) if len(raw) <= MAX_BYTES else None
    return None if exposition is None else MetricsPage(clean(str(path)), exposition)


def _exposition(body: bytes) -> Exposition | None:
    """The metrics in a text; None when it is something else, such as JSON, a web page or a poem."""
    if body.lstrip()[:1] in (b"{", b"[", b"<", b""):
        return None
    exposition = parse_exposition(body.decode(errors="replace"))
    samples = sum(len(family.samples) for family in exposition.families.values())
    return exposition if samples > len(exposition.problems) else None


def _answer(url: str, headers: Mapping[str, str]) -> RawAnswer | None:
    """The answer of a web server, without credentials; None for an address that cannot be requested.

    Raises:
        ServiceError: it cannot be reached.
    """
    parts = urlsplit(url)
    exchange = Exchange(Endpoint("web server", f"{parts.scheme}://{parts.netloc}", limits=_LIMITS))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return exchange(Request("GET", path, headers=headers))
    except BadAnswerError:
        return None
    finally:
        exchange.close()


def _is_grafana(url: str) -> bool:
    """Whether a Grafana answers at an address.

    Source: pkg/api/http_server.go of Grafana 12.4.3 (`apiHealthHandler`): version, commit and the state of
    the database, without a login.

    Raises:
        ServiceError: nothing answers.
    """
    answer = _answer(f"{url.rstrip('/')}/api/health", {"Accept": "application/json"})
    if answer is None or answer.status not in (200, 503):
        return False
    inputs = parse("", answer.body) if answer.body.lstrip().startswith(b"{") else []
    return not isinstance(inputs, Diagnostic) and any("database" in mapping(one.data) for one in inputs)
