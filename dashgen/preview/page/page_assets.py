"""The styles, scripts and fonts of the page: every file of `assets/`, the vendored first, then by name."""

from base64 import b64encode
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, NamedTuple

_VENDOR: Final = "vendor"
_WEIGHTS: Final = (("Regular", 400), ("Medium", 500))


class PageAssets(NamedTuple):
    """The text of all styles, and the texts of the scripts in the order in which they run."""

    style: str
    scripts: tuple[str, ...]


@cache
def page_assets() -> PageAssets:
    """The assets that are packaged with dashgen."""
    folder = files("dashgen.preview.page") / "assets"
    vendored = [file for one in _sorted(folder / _VENDOR) if one.is_dir() for file in _sorted(one)]
    own = [file for file in _sorted(folder) if file.is_file()]
    return PageAssets("\n".join(_texts([*vendored, *own], ".css")), tuple(_texts([*vendored, *own], ".js")))


@cache
def font_styles() -> str:
    """Inter, in which Grafana writes, as styles with the fonts in them: a viewer's machine rarely has it."""
    folder = files("dashgen.drawing") / "fonts"
    rules = []
    for name, weight in _WEIGHTS:
        font = b64encode((folder / f"Inter-{name}.woff2").read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{font}) format('woff2')"
        rules.append(f"@font-face{{font-family:Inter;font-weight:{weight};src:{source}}}")
    return "\n".join(rules)


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda file: file.name)


def _texts(assets: list[Traversable], ending: str) -> list[str]:
    return [file.read_text(encoding="utf-8").strip() for file in assets if file.name.endswith(ending)]
