"""What a served page shows: the last good build of the specs, and what is wrong with the present one."""

import threading
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import has_errors
from dashgen.core.errors import DashgenError
from dashgen.drawing.fields.themes import THEMES
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page.page_document import page_html
from dashgen.preview.page.page_maker import ContentMemory, PageDetail, page_dashboard
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import page_index
from dashgen.preview.preview_subject import PreviewSubject
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.views.view import View
from dashgen.servers.http.loopback_server import LoopbackAnswer

_ROWS: Final = 500
_MOST_REMEMBERED: Final = 40
_MOST_CONTENTS: Final = 2000
_MOST_VALUES: Final = 200
_JSON, _HTML = "application/json", "text/html"


class PreviewReader(Struct, frozen=True):
    """How what is served is read anew.

    Attributes:
        subject: reads the dashboards.
        source: gives the source of their data.
        describe: writes findings as a text.
    """

    subject: Callable[[], PreviewSubject]
    source: Callable[[PreviewSubject], PanelSource]
    describe: Callable[[PreviewSubject], str]


class SessionState(Struct, frozen=True):
    """The state that the page polls for: the number of the build, and the problems of the specs."""

    revision: int
    errors: str = ""


class _Build(Struct, frozen=True):
    revision: int
    subject: PreviewSubject
    source: PanelSource
    dashboards: Mapping[str, ShownDashboard]


class PreviewSession:
    """Answers the requests of a page.

    Args:
        reader: reads the specs.
        index: how the page is opened.
        choice: the values of variables that dashboards open with.
    """

    def __init__(self, reader: PreviewReader, index: PageIndex, choice: ViewChoice) -> None:
        self._reader = reader
        self._index = index
        self._choice = choice
        self._computing = threading.Lock()
        self._contents: ContentMemory = {}
        self._remembered: dict[tuple[object, ...], bytes] = {}
        self._build = self._read(0)
        self.state = self._state_of(self._build.subject, 0)

    def reload(self) -> SessionState:
        """Read the specs again; when they have errors, the last good build stays."""
        try:
            build = self._read(self._build.revision + 1)
        except DashgenError as error:
            self.state = SessionState(self._build.revision, str(error))
            return self.state
        self.state = self._state_of(build.subject, build.revision)
        if self.state.errors:
            self.state = replace(self.state, revision=self._build.revision)
        else:
            self._build = build
        return self.state

    def answer(self, path: str, query: Mapping[str, list[str]]) -> LoopbackAnswer | None:
        """The answer to a request of the page; None for what it does not have."""
        build = self._build
        if path == "/":
            return LoopbackAnswer(page_html(self._index_of(build), []).encode(), _HTML)
        if path == "/index.json":
            return LoopbackAnswer(msgspec.json.encode(self._index_of(build)), _JSON)
        if path == "/dashboard.json":
            dashboard = build.dashboards.get(query.get("uid", [""])[0])
            return None if dashboard is None else LoopbackAnswer(self._page(build, dashboard, query), _JSON)
        return None

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._build.subject.title

    def _read(self, revision: int) -> _Build:
        subject = self._reader.subject()
        return _Build(
            revision, subject, self._reader.source(subject), {one.uid: one for one in subject.dashboards}
        )

    def _state_of(self, subject: PreviewSubject, revision: int) -> SessionState:
        is_wrong = has_errors(subject.findings)
        return SessionState(revision, self._reader.describe(subject) if is_wrong else "")

    def _index_of(self, build: _Build) -> PageIndex:
        index = replace(self._index, title=build.subject.title, served=True, revision=build.revision)
        return page_index(build.subject.dashboards, build.source, index)

    def _page(self, build: _Build, dashboard: ShownDashboard, query: Mapping[str, list[str]]) -> bytes:
        view = self._view(query)
        theme = THEMES["light" if query.get("theme") == ["light"] else "dark"].name
        key = (
            build.revision,
            dashboard.uid,
            theme,
            view.time_from,
            view.time_to,
            *sorted(view.variables.items()),
        )
        # One at a time: two of them would only share the processor, and often query the same.
        with self._computing:
            if key not in self._remembered:
                detail = PageDetail(_ROWS, (theme,), self._contents)
                page = page_dashboard(dashboard, [view], build.source, detail)
                if len(self._contents) > _MOST_CONTENTS:
                    self._contents.clear()
                if len(self._remembered) >= _MOST_REMEMBERED:
                    self._remembered.pop(next(iter(self._remembered)))
                self._remembered[key] = msgspec.json.encode(page)
            return self._remembered[key]

    def _view(self, query: Mapping[str, list[str]]) -> View:
        variables = {
            name.removeprefix("var-"): tuple(values[:_MOST_VALUES])
            for name, values in query.items()
            if name.startswith("var-")
        }
        start, end = (query.get(name, [""])[0] for name in ("from", "to"))
        return View(start, end, {**self._choice.variables, **variables})
