"""Pictures of dashboards as they open."""

from dashgen.core.json_values import Json
from dashgen.drawing.fields.themes import ThemeName
from dashgen.preview.opened_view import opened_view
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.view_pictures import view_svg
from dashgen.preview.views.view import View


def dashboard_picture(
    dashboard: Json, source: PanelSource, theme: ThemeName = "dark", width: int = 1600
) -> str:
    """A dashboard as it opens, as SVG."""
    return view_svg(opened_view(dashboard, View(), source, theme), width)
