"""The page as one HTML file that needs no server.

Its Content-Security-Policy admits the scripts that are in it, by their hashes, and no connection at all: what
a title or a log line may contain has nothing that it could run or load.
"""

import zlib
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import msgspec

from dashgen.drawing.fields.themes import THEMES, Theme
from dashgen.drawing.svg.elements import escaped
from dashgen.preview.page.page_assets import font_styles, page_assets
from dashgen.preview.page.page_data import PageDashboard, PageIndex

_NO_SCRIPT: Final = (
    "This page draws its dashboards with a script, which this browser does not run. "
    "`dashgen preview --svg DIR` writes them as pictures."
)
_LEVEL: Final = 9
# A script element ends at these characters wherever they stand, and a comment in it begins at the others.
_ENDINGS: Final = (("</", "<\\/"), ("<!--", "<\\u0021--"))


def page_html(index: PageIndex, packed: Iterable[bytes]) -> str:
    """The whole page.

    Args:
        index: the list of dashboards, and how the page is opened.
        packed: the dashboards that are in the page, in the order of the index; none for a page that is served.
    """
    assets = page_assets()
    blobs = [
        f'<script type="application/octet-stream" id="dashboard-{number}">{dashboard.decode()}</script>'
        for number, dashboard in enumerate(packed)
    ]
    policy = content_policy(assets.scripts, is_served=index.served)
    lines = [
        "<!doctype html>",
        '<html lang="en" data-theme="dark">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="dark light">',
        '<meta name="referrer" content="no-referrer">',
        '<link rel="icon" href="data:,">',
        f"<title>{escaped(index.title)}</title>",
        f"<style>\n{font_styles()}\n{theme_styles()}\n{assets.style}\n</style>",
        "</head>",
        "<body>",
        f'<noscript><p class="notice">{escaped(_NO_SCRIPT)}</p></noscript>',
        '<div id="page"></div>',
        f'<script type="application/json" id="index">{_json(index)}</script>',
        *blobs,
        *(f"<script>{script}</script>" for script in assets.scripts),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def content_policy(scripts: Iterable[str], *, is_served: bool) -> str:
    """The Content-Security-Policy of a page with these inline scripts."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in scripts)
    connections = "; connect-src 'self'" if is_served else ""
    return (
        f"default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src {hashes}{connections}; base-uri 'none'; form-action 'none'"
    )


def packed_dashboard(dashboard: PageDashboard) -> bytes:
    """A dashboard's JSON, compressed (RFC 1950, `deflate` for a browser) and in letters."""
    return b64encode(zlib.compress(msgspec.json.encode(dashboard), _LEVEL))


def _json(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    for ending, harmless in _ENDINGS:
        text = text.replace(ending, harmless)
    return text


def theme_styles() -> str:
    """Grafana's colours as CSS variables."""
    return "\n".join(_theme_style(theme) for theme in THEMES.values())


def _theme_style(theme: Theme) -> str:
    colors = {
        "canvas": theme.canvas,
        "panel": theme.panel,
        "secondary": theme.secondary,
        "text": theme.text,
        "text-secondary": _faded(theme.text, theme.text_opacity_secondary),
        "text-disabled": _faded(theme.text, theme.text_opacity_disabled),
        "border": _faded(theme.border, theme.border_opacity),
        "grid": _faded(theme.border, theme.grid_opacity),
        "link": theme.link,
        "max-contrast": theme.max_contrast,
    }
    written = "".join(f"--{name}:{color};" for name, color in colors.items())
    return f':root[data-theme="{theme.name}"]{{color-scheme:{theme.name};{written}}}'


def _faded(color: str, opacity: float) -> str:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
