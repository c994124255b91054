"""Hooks of mkdocs: pages from outside of docs/, and links that lead out of it.

The README is the start page. Links between it and docs/ are made to lead within the site; what a site cannot
show, such as a file of the sources, is only named.
"""

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
OUTSIDE: Final = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
"""Pages of the project's folder, and where they are in the site."""
_FENCE: Final = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)")

_ADDRESS: Final = re.compile(r'\b(src|srcset)="(?!\w+:)([^"\s]+)"')
"""An address of a picture in HTML, which a generator leaves as it is."""


def on_config(config: "MkDocsConfig") -> "MkDocsConfig":
    """Give headings the anchors that code hosts give them, as links have those."""
    from pymdownx.slugs import slugify  # installed by `nox -s site` alone, as is mkdocs

    config.mdx_configs.setdefault("toc", {})["slugify"] = slugify(case="lower")
    return config


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    """Add the pages that stand outside of docs/."""
    from mkdocs.structure.files import File

    for name, page in OUTSIDE.items():
        files.append(File.generated(config, page, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: "Page", **_others: object) -> str:
    """Make the links of a page lead within the site."""
    path = page.file.src_uri
    outside = {page: name for name, page in OUTSIDE.items()}
    return with_site_links(markdown, outside.get(path, f"docs/{path}"))


def with_site_links(markdown: str, source: str) -> str:
    """A page with its links as the site has them.

    Args:
        markdown: the page.
        source: its path in the project.
    """
    here = site_path(source) or source
    parts = _FENCE.split(markdown)
    return "".join(part if number % 2 else _linked(part, source, here) for number, part in enumerate(parts))


def site_path(source: str) -> str | None:
    """Where the site has a file of the project; None when it does not have it."""
    if source in OUTSIDE:
        return OUTSIDE[source]
    return source.removeprefix("docs/") if source.startswith("docs/") else None


def _linked(text: str, source: str, here: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        image, shown, target, anchor = match.groups()
        wanted = _normal(PurePosixPath(source).parent / target)
        path = site_path(wanted)
        if path is None or (ROOT / wanted).is_dir():
            return shown
        return f"{image}[{shown}]({_relative(path, here)}{anchor or ''})"

    def with_address(match: re.Match[str]) -> str:
        path = site_path(_normal(PurePosixPath(source).parent / match[2]))
        return match[0] if path is None else f'{match[1]}="{_relative(path, here)}"'

    return _ADDRESS.sub(with_address, _LINK.sub(replaced, text))


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return "/".join(parts)


def _relative(path: str, here: str) -> str:
    above = "../" * here.count("/")
    return f"{above}{path}"
