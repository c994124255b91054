"""The path of every page: short, the same each time, and unique where letters' case does not count."""

from hashlib import sha256
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

_OTHER: Final = lazy_pattern(r"[^a-z0-9_-]+")
_LONGEST: Final = 80
_DIGITS: Final = 8
DASHBOARD, ALERT, METRIC = "dashboards", "alerts", "metrics"


class SitePaths:
    """Gives pages their paths, by folder and name.

    Uids differ in case (`Abc`, `abc`), and names of metrics may be any text, but paths have to be told apart
    on every file system and need no escape in an address. So a name whose path is changed gets a hash behind.
    """

    def __init__(self) -> None:
        self._paths: dict[tuple[str, str], str] = {}

    def page(self, folder: str, name: str) -> str:
        """The path of a page below the site, such as ``dashboards/mission-control.html``."""
        key = (folder, name)
        if key not in self._paths:
            self._paths[key] = f"{folder}/{file_stem(name)}.html"
        return self._paths[key]


def file_stem(name: str) -> str:
    """A name as the beginning of a file's name."""
    plain = _OTHER.sub("-", name.lower()).strip("-")[:_LONGEST]
    # `con.html` and the like are devices on Windows; `index` is a page of its own.
    if plain == name and len(plain) > 3 and plain != "index":
        return plain
    return f"{plain or 'page'}-{sha256(name.encode()).hexdigest()[:_DIGITS]}"
