"""Read what there is to import from a running Grafana or from any web server."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.diagnostics.frame import clean
from dashgen.core.errors import DashgenError
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats import resources as kinds
from dashgen.formats.resources import kind_name
from dashgen.formats.upgrade.library_panels import library_uids
from dashgen.importer.exported_inputs import MAX_BYTES, ImportInput, lines_of, parse
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.live_dashboard import LiveDashboard, SearchHit
from dashgen.servers.grafana.permission_table import ResourceAccess
from dashgen.servers.grafana.required_permissions import Need, require_permissions
from dashgen.servers.http import Endpoint, Limits, Request
from dashgen.servers.http.endpoint import malformed
from dashgen.servers.http.exchange import Exchange

_PAGE = lazy_pattern(r"(?P<base>.*?)/d(?:-solo)?/(?P<uid>[A-Za-z0-9_-]{1,40})(?:/[^/]*)?/?")
_GALLERY = lazy_pattern(r"/(?:[a-z]{2}/)?grafana/dashboards/(?P<number>\d+)[^/]*/?")
_LONGEST_SHOWN = 200


class DashboardPage(Struct, frozen=True):
    """The page of a dashboard: the address of its Grafana, and its uid."""

    grafana: str
    uid: str


def is_url(source: str) -> bool:
    """Whether a source is an address."""
    return source.lower().startswith(("http://", "https://"))


def page_of(url: str) -> DashboardPage | None:
    """The Grafana and the dashboard of an address, if it is that of a dashboard's page.

    Before: ``https://grafana.example/d/shop/my-shop?orgId=1``
    After: ``DashboardPage("https://grafana.example", "shop")``
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    match = _PAGE.fullmatch(parts.path)
    # An address at grafana.com is one of the gallery, and not of a Grafana.
    if match is None or parts.netloc.lower() in ("grafana.com", "www.grafana.com"):
        return None
    return DashboardPage(f"{parts.scheme}://{parts.netloc}{match['base']}", match["uid"])


def read_url(url: str, limits: Limits | None = None) -> list[ImportInput] | Diagnostic:
    """What a web server has at an address: one request, without credentials, bounded in time and size.

    Raises:
        ServiceError: it cannot be reached.
    """
    location = Location(clean(url)[:_LONGEST_SHOWN])
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is not a number
        origin = parts._replace(path="", query="", fragment="")
    except ValueError:
        return Diagnostic("import/url", "the address cannot be read", location, "check how it is written")
    if "@" in parts.netloc:
        hint = "take them out; nothing secret is sent to an address of a file"
        return Diagnostic(
            "import/url", "the address has credentials in it", Location(clean(parts.hostname or "")), hint
        )
    if reason := malformed(origin):
        return Diagnostic(
            "import/url", f"it is not an address to import from: {reason}", location, "give its full address"
        )
    bounds = limits or Limits(total=60, body=MAX_BYTES)
    exchange = Exchange(Endpoint("web server", origin.geturl(), limits=bounds))
    try:
        answer = exchange(Request("GET", requested_path(parts.netloc, parts.path, parts.query)))
    finally:
        exchange.close()
    if answer.status != 200:
        message = f"the server answered {answer.status} instead of a file"
        return Diagnostic("import/url", message, location, "open the address in a browser")
    return parse(location.file, answer.body)


def requested_path(host: str, path: str, query: str) -> str:
    """The path to request for an address; for a page of the gallery on grafana.com, that of its file."""
    gallery = _GALLERY.fullmatch(path)
    if gallery and host.lower() in ("grafana.com", "www.grafana.com"):
        return f"/api/dashboards/{gallery['number']}/revisions/latest/download"
    return (path or "/") + (f"?{query}" if query else "")


class RemoteGrafana:
    """The dashboards and rules of one Grafana, with the titles of its folders.

    Args:
        grafana: the connection; only reads are made.
    """

    def __init__(self, grafana: Grafana) -> None:
        self._grafana = grafana
        self._folders: dict[str, LiveFolder] | None = None

    def require_permissions(self, kind: str) -> None:
        """End before anything is read, when the account may not read resources of a kind and their folders.

        In which folders they are is not known yet, so it is enough to be allowed to read some. An account
        that may not read library panels still imports the dashboards without any.

        Raises:
            ForbiddenError: it lacks permissions, which the message names.
        """
        capabilities = self._grafana.capabilities
        needs = [
            Need(kinds.FOLDER, ResourceAccess.READ, subject="the folders"),
            Need(kind, ResourceAccess.READ, subject=f"the {kind_name(kind)}s"),
        ]
        require_permissions(needs, capabilities.permissions, capabilities.login, "nothing was imported")

    @property
    def folders(self) -> dict[str, LiveFolder]:
        """Every folder by uid."""
        if self._folders is None:
            self._folders = {folder.uid: folder for folder in self._grafana.folders.everything()}
        return self._folders

    @property
    def titles(self) -> Mapping[str, str]:
        """The path of titles of every folder, by uid."""
        return {uid: self._titles(uid) for uid in self.folders}

    def dashboard(self, uid: str) -> ImportInput | Diagnostic:
        """One dashboard, with the models of its library panels."""
        live = self._grafana.dashboards.get(uid)
        if live is None:
            location = Location(f"{self._where}/d/{clean(uid)}")
            return Diagnostic("import/missing", "there is no such dashboard", location, "check the uid")
        return self._input(live)

    def inside(self, folder: str) -> list[ImportInput]:
        """The dashboards in a folder and in the folders below it.

        Raises:
            DashgenError: there is no such folder, or several have that title.
        """
        uids = self.below(self.folder(folder))
        return self._inputs(self._grafana.dashboards.search(folder_uids=uids))

    def everything(self) -> list[ImportInput]:
        """All dashboards that the account may see."""
        return self._inputs(self._grafana.dashboards.search())

    def _inputs(self, hits: Iterable[SearchHit]) -> list[ImportInput]:
        uids = sorted(hit.uid for hit in hits)
        dashboards = list(self._grafana.dashboards.get_many(uids, self._kept))
        return [self._input(live) for live in sorted(dashboards, key=lambda live: live.uid)]

    def rules(self, folder: str | None) -> list[Json]:
        """The rule groups of a folder and those below it, or all, as the API has them."""
        within = None if folder is None else self.below(self.folder(folder))
        groups = self._grafana.alert_rules.groups(within)
        return [
            {"title": g.title, "folderUid": g.folder_uid, "interval": g.interval, "rules": list(g.rules)}
            for g in groups
        ]

    def rule(self, uid: str) -> list[Json]:
        """The group of one rule with that rule alone; nothing when there is no such rule."""
        rule = self._grafana.alert_rules.rule(uid)
        if rule is None:
            return []
        title, folder = str(rule.get("ruleGroup", "")), str(rule.get("folderUID", ""))
        group = self._grafana.alert_rules.get(folder, title)
        return [
            {
                "title": title,
                "folderUid": folder,
                "interval": group.interval if group else 60,
                "rules": [rule],
            }
        ]

    def folder(self, word: str) -> str:
        """The uid of the folder that a uid, a title or a path of titles means; empty for the root.

        Raises:
            DashgenError: there is no such folder, or several have that title.
        """
        if word in ("", "General", "general") or word in self.folders:
            return "" if word in ("", "General", "general") else word
        titles = self.titles
        matches = [uid for uid, path in titles.items() if path == word] or [
            uid for uid, folder in self.folders.items() if folder.title == word
        ]
        if len(matches) == 1:
            return matches[0]
        if not matches:
            hint = "give its title, a path such as `A/B`, or its uid"
            raise DashgenError(f"{self._where} has no folder `{clean(word)}`; {hint}")
        listed = ", ".join(f"`{clean(titles[uid])}` ({uid})" for uid in sorted(matches))
        raise DashgenError(
            f"{len(matches)} folders are called `{clean(word)}`: {listed}; give the path or the uid"
        )

    def below(self, uid: str) -> list[str]:
        """A folder and all folders below it; the root alone."""
        if not uid:
            return [""]
        uids, waiting = [uid], [uid]
        while waiting:
            parent = waiting.pop()
            inner = [f.uid for f in self.folders.values() if f.parent_uid == parent and f.uid not in uids]
            uids += inner
            waiting += inner
        return uids

    @property
    def _where(self) -> str:
        return clean(self._grafana.session.settings.url)

    def _input(self, live: LiveDashboard) -> ImportInput:
        data: Json = {"dashboard": {**live.content, "uid": live.uid}, "meta": {}}
        if live.folder_uid:
            data["meta"]["folderTitle"] = self._titles(live.folder_uid)
        # As an export has them, so that one place puts them in.
        models = {uid: {"model": model} for uid, model in self._models(live)}
        if models:
            data["dashboard"]["__elements"] = models
        return ImportInput(f"{self._where}/d/{clean(live.uid)}", data, lines_of(live.content))

    def _models(self, live: LiveDashboard) -> Iterator[tuple[str, Json]]:
        for uid in library_uids(live.content):
            library_panel = self._grafana.dashboards.library_panel(uid)
            if library_panel is not None:
                yield uid, library_panel

    def _titles(self, uid: str) -> str:
        """The titles from the outermost folder to this one."""
        titles: list[str] = []
        # A folder that the token may not see ends the path; one inside itself would make it endless.
        seen: set[str] = set()
        while uid and uid not in seen and uid in self.folders:
            seen.add(uid)
            # A slash in a title is escaped, as one between titles means a folder in another.
            titles.insert(0, self.folders[uid].title.replace("/", r"\/"))
            uid = self.folders[uid].parent_uid
        return "/".join(titles)

    @staticmethod
    def _kept(live: LiveDashboard) -> LiveDashboard:
        return live
