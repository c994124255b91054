"""Read everything that a command line names for an import: files, standard input, addresses, a Grafana."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack

from msgspec import Struct, field

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.diagnostics.frame import clean
from dashgen.core.json_values import Json
from dashgen.formats import resources as kinds
from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.importer.exported_inputs import ImportInput, lines_of, read_source
from dashgen.importer.remote_dashboards import DashboardPage, RemoteGrafana, is_url, page_of, read_url
from dashgen.importer.rules.recognise import api_answer
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.servers.grafana import ConnectionSettings, Grafana
from dashgen.workspace.workspace import Workspace

_UID = "uid:"


class ImportRequest(Struct, frozen=True):
    """The sources that a command line names.

    Attributes:
        sources: files, ``-``, addresses, and ``uid:X``.
        folder: a folder of the Grafana.
        rules: whether alert rules are read from the Grafana instead of dashboards.
        targets: names of targets; at most one.
        connection: the options for the Grafana.
    """

    sources: Sequence[str] = ()
    folder: str | None = None
    rules: bool = False
    targets: Sequence[str] = ()
    connection: Connection = field(default_factory=Connection)


def read_all(
    request: ImportRequest,
    workspace: Workspace,
    variables: Mapping[str, str],
    warn: Callable[[list[Diagnostic]], None],
) -> Iterator[ImportInput | Diagnostic]:
    """Read the inputs of a request, one after the other.

    Args:
        request: what the command line names.
        workspace: the project, which has targets.
        variables: the environment of the process, which has the credentials.
        warn: gets what a user should know of a connection.

    Raises:
        DashgenError: a Grafana or server cannot be reached, or the command line does not name it.
        ForbiddenError: the account may not read what is imported.
    """
    with ExitStack() as stack:
        reader = _RequestReader(request, workspace, variables, warn, stack)
        for source in request.sources:
            yield from reader.source(source)
        if request.folder is not None or (request.rules and not request.sources):
            yield from reader.folder()


class _RequestReader(Struct):
    request: ImportRequest
    workspace: Workspace
    variables: Mapping[str, str]
    warn: Callable[[list[Diagnostic]], None]
    stack: ExitStack
    grafanas: dict[str, RemoteGrafana] = {}

    def source(self, source: str) -> Iterator[ImportInput | Diagnostic]:
        if source.startswith(_UID):
            yield from self._uid(self._chosen(), source.removeprefix(_UID))
        elif is_url(source):
            page = page_of(source)
            if page is None:
                yield from _listed(read_url(source))
            else:
                yield from self._uid(self._of_page(page), page.uid)
        else:
            yield from _listed(read_source(source))

    def folder(self) -> Iterator[ImportInput | Diagnostic]:
        remote, folder = self._grafana(self._chosen()), self.request.folder
        if self.request.rules:
            yield from _rules(remote, remote.rules(folder), clean(folder or "rules"))
            return
        dashboards = remote.inside(folder or "")
        if not dashboards:
            yield Diagnostic("import/missing", "there are no dashboards in it", Location(clean(folder or "")))
        yield from dashboards

    def _uid(self, chosen: Chosen, uid: str) -> Iterator[ImportInput | Diagnostic]:
        remote = self._grafana(chosen)
        if self.request.rules:
            yield from _rules(remote, remote.rule(uid), clean(uid))
        else:
            yield remote.dashboard(uid)

    def _chosen(self) -> Chosen:
        return choose(self.workspace, self.request.targets, self.request.connection, self.variables)[0]

    def _of_page(self, page: DashboardPage) -> Chosen:
        """The Grafana of a page: with credentials only when they are meant for this very address."""
        address, request = page.grafana.rstrip("/"), self.request
        targets = self.workspace.project.targets.items()
        named = [name for name, target in targets if target.url.rstrip("/") == address]
        configured = request.connection.url or self.variables.get("GRAFANA_URL", "").strip()
        if request.targets or named or configured.rstrip("/") == address:
            names = request.targets or named[:1]
            chosen = choose(self.workspace, names, request.connection, self.variables)[0]
            # A token for another Grafana must not go to an address that somebody pasted.
            if chosen.settings.url == address:
                return chosen
        limits = ConnectionSettings("").limits
        return Chosen("", ConnectionSettings(address, ca_cert=request.connection.ca_cert, limits=limits))

    def _grafana(self, chosen: Chosen) -> RemoteGrafana:
        if chosen.address not in self.grafanas:
            self.warn(list(chosen.warnings))
            grafana = self.stack.enter_context(Grafana(chosen.settings, forms=DASHBOARD_FORMS))
            remote = RemoteGrafana(grafana)
            remote.require_permissions(kinds.RULE_GROUP if self.request.rules else kinds.DASHBOARD)
            self.grafanas[chosen.address] = remote
        return self.grafanas[chosen.address]


def _rules(remote: RemoteGrafana, groups: list[Json], name: str) -> Iterator[ImportInput | Diagnostic]:
    if not groups:
        yield Diagnostic("import/missing", "there are no alert rules", Location(name), "check the name")
        return
    data = api_answer(groups, remote.titles)
    yield ImportInput(name, data, lines_of(groups))


def _listed(inputs: list[ImportInput] | Diagnostic) -> list[ImportInput] | list[Diagnostic]:
    return [inputs] if isinstance(inputs, Diagnostic) else inputs
