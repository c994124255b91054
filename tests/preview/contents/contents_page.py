"""A page of contents of panels alone, for tests of their script and style sheet."""

from dashgen.preview.page.page_assets import page_assets
from tests.drawing.picture_support import CONTEXT

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_LOOK = """
body { margin: 0; font: 14px/22px Inter, sans-serif; }
.room { box-sizing: border-box; }
.room .content { container-type: size; position: relative; height: 100%; padding: 0; }
"""


def contents_page(rooms):
    """A page in which contents stand below each other.

    Args:
        rooms: of each content its HTML, width and height.
    """
    assets = page_assets()
    script = next(one for one in assets.scripts if "dashgen.contents =" in one)
    theme = CONTEXT.palette
    variables = (
        f":root{{--panel:{theme.panel};--secondary:{theme.secondary};--text:{theme.text};--link:{theme.link};"
        "--border:#888;--text-secondary:#999}"
    )
    inner = "".join(
        f'<div class="room" id="room{index}" style="width:{width}px;height:{height}px">'
        f'<div class="content">{html}</div></div>'
        for index, (html, width, height) in enumerate(rooms)
    )
    return (
        f'<!doctype html><meta charset=utf-8><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>{assets.style}{variables}{_LOOK}</style><main>{inner}</main><script>{script}</script>"
        "<script>document.querySelectorAll('.content').forEach(dashgen.contents.enhance)</script>"
    )
