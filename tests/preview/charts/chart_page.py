"""A page of charts alone, for tests of their scripts."""

import base64
import json
from importlib.resources import files
from typing import Any

from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.preview.page.page_assets import page_assets
from tests.drawing.picture_support import CONTEXT

_WIDTH, _HEIGHT = 600, 260
_SETUP = """
window.handles = contents.map((content, index) => {
  const room = document.createElement('div');
  room.className = 'room';
  room.id = 'room' + index;
  room.innerHTML = content.html;
  document.querySelector('main').append(room);
  const element = room.querySelector('.chart');
  return element && content.chart.kind ? dashgen.charts.mount(element, content.chart, scene) : null;
});
window.isReady = true;
"""


def page_of(contents: list[ContentMarkup], scene: dict[str, Any] | None = None) -> str:
    """A page in which charts stand below each other, each in an element `#roomN` of 600 by 260 pixels.

    Its font is Inter, which Python measures texts in.
    """
    assets = page_assets()
    font = (files("dashgen.drawing") / "fonts" / "Inter-Regular.ttf").read_bytes()
    own = {
        "theme": "dark",
        "range": list(CONTEXT.time_range),
        "zone": "Asia/Dubai",
        "syncKey": "d",
        **(scene or {}),
    }
    given = [{"html": one.html, "chart": one.chart} for one in contents]
    return (
        "<!doctype html><meta charset=utf-8><style>"
        f"@font-face{{font-family:Inter;src:url(data:font/ttf;base64,{base64.b64encode(font).decode()})}}"
        f"body{{margin:0;font:14px Inter}}.room{{width:{_WIDTH}px;height:{_HEIGHT}px}}{assets.style}</style>"
        f"<main></main>{''.join(f'<script>{one}</script>' for one in assets.scripts if 'dashgen.page =' not in one)}"
        f"<script>const contents = {_script(given)}, scene = {_script(own)};"
        f"document.fonts.load('12px Inter').then(() => {{ {_SETUP} }});</script>"
    )


def _script(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")
