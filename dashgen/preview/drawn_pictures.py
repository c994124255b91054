"""Pictures of dashboards and of single panels, as files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.core.errors import DashgenError
from dashgen.core.json_values import text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.themes import ThemeName
from dashgen.preview.opened_view import OpenedView, opened_view
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.view_pictures import MARGIN, panel_size, view_picture, viewed_panel_svg
from dashgen.preview.views.view import View
from dashgen.preview.views.viewed_dashboard import ViewedPanel

_NO_NAME: Final = lazy_pattern(r"[^A-Za-z0-9_.-]+")


class DrawnPicture(Struct, frozen=True):
    """A picture of a dashboard or a panel.

    Attributes:
        name: of its file, without the ending.
        svg: the picture.
        address: the part of the page's address that shows the same, behind the `#`.
        window: the size of the window that shows it whole, in pixels.
    """

    name: str
    svg: str
    address: str
    window: tuple[int, int]


class PictureChoice(Struct, frozen=True):
    """What pictures are of.

    Attributes:
        panels: pairs of a dashboard and a panel as `UID/PANEL`; whole dashboards when there are none. A panel
            is named by its key in the spec, its number or its title.
        variables: the values that variables have, instead of the dashboards' own.
        time: a start and an end; that of each dashboard when absent.
        theme: Grafana's theme.
    """

    panels: Sequence[str] = ()
    variables: Mapping[str, tuple[str, ...]] = {}
    time: tuple[str, str] = ("", "")
    theme: ThemeName = "dark"


def drawn_pictures(
    dashboards: Sequence[ShownDashboard], source: PanelSource, choice: PictureChoice
) -> Iterator[DrawnPicture]:
    """The pictures of dashboards, or of the panels that are chosen.

    Args:
        dashboards: those that there are.
        source: where the data is from.
        choice: what is wanted.

    Raises:
        DashgenError: a panel or its dashboard is not there.
    """
    view = View(*choice.time, choice.variables)
    if not choice.panels:
        for dashboard in dashboards:
            opened = opened_view(dashboard.data, view, source, choice.theme)
            picture = view_picture(opened)
            window = picture.width, picture.height
            yield DrawnPicture(_file_name(dashboard.uid), picture.svg, _address(dashboard, choice), window)
        return
    by_uid = {one.uid: one for one in dashboards}
    opened_views: dict[str, OpenedView] = {}
    for name in choice.panels:
        uid, _, panel_name = name.partition("/")
        if uid not in by_uid:
            raise DashgenError(
                f"there is no dashboard `{uid}`; {nearest(uid, by_uid) or 'name a panel as UID/PANEL'}"
            )
        dashboard = by_uid[uid]
        if uid not in opened_views:
            opened_views[uid] = opened_view(dashboard.data, view, source, choice.theme)
        opened = opened_views[uid]
        copies = _named_panels(dashboard, opened, panel_name)
        for panel in copies:
            size = panel_size(panel)
            window = round(size.width) + 2 * MARGIN, round(size.height) + 2 * MARGIN
            address = _address(dashboard, choice, panel.key)
            ending = panel_name if len(copies) == 1 else f"{panel_name}-{panel.key}"
            yield DrawnPicture(
                _file_name(f"{uid}-{ending}"), viewed_panel_svg(opened, panel), address, window
            )


def _named_panels(dashboard: ShownDashboard, opened: OpenedView, name: str) -> list[ViewedPanel]:
    """The copies of the panel that a name stands for."""
    number = dashboard.panel_keys.get(name)
    panels = list(opened.viewed.panels)
    for is_it in (
        lambda panel: panel.panel.get("id") == number or panel.key == name,
        lambda panel: str(panel.panel.get("id")) == name,
        lambda panel: text(panel.panel.get("title")) == name,
    ):
        if named := [panel for panel in panels if is_it(panel)]:
            return named
    keys = list(dashboard.panel_keys) or [text(one.panel.get("title")) for one in panels]
    hint = nearest(name, keys) or f"its panels are {', '.join(keys)}"
    raise DashgenError(f"the dashboard `{dashboard.uid}` has no panel `{name}`; {hint}")


def _file_name(name: str) -> str:
    return _NO_NAME.sub("-", name).strip("-.") or "dashboard"


def _address(dashboard: ShownDashboard, choice: PictureChoice, panel: str = "") -> str:
    start, end = choice.time
    parameters = [("kiosk", ""), ("theme", choice.theme), ("from", start), ("to", end), ("panel", panel)]
    written = [f"{name}={quote(value)}" for name, value in parameters if value or name == "kiosk"]
    written += [f"var-{name}={quote(value)}" for name, values in choice.variables.items() for value in values]
    return f"/{quote(dashboard.uid)}?{'&'.join(written)}"
