"""The index of the search: a script that a page loads when somebody searches, so that no server is needed."""

import json
from collections.abc import Sequence
from typing import Final

from dashgen.site.markdown_html import safe_text
from dashgen.site.site_page import SitePage

SEARCH_INDEX: Final = "search-index.js"
_LONGEST: Final = 1500


def search_index(pages: Sequence[SitePage]) -> str:
    """The script: for each page its title, its kind, its path and other texts by which it is found."""
    entries = [
        [safe_text(page.title), page.kind, page.path, " ".join(safe_text(page.search).split())[:_LONGEST]]
        for page in pages
    ]
    lines = ",\n".join(_inert(json.dumps(entry, ensure_ascii=False)) for entry in entries)
    return f'"use strict";\nwindow.dashgenPages = [\n{lines}\n];\n'


def _inert(text: str) -> str:
    """JSON that is the same in a script, also where it stands in a page."""
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return "".join(escapes.get(character, character) for character in text)
