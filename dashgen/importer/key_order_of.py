"""The order in which people write the words of a panel."""

from typing import Final

from dashgen.formats.json_values import Json

FIRST: Final[tuple[str, ...]] = (
    "title", "key", "type", "description", "uid", "name", "datasource", "query", "legend", "exemplars", "queries",
    "content", "unit", "decimals", "min", "max", "thresholds", "color",
)  # fmt: skip
"""What a panel shows."""
LAST: Final[tuple[str, ...]] = (
    "columns", "overrides", "transformations", "links", "panel_links", "drill_down", "repeat", "interval", "max_points",
    "time_from", "time_shift", "hide_time", "width", "height", "at", "raw",
)  # fmt: skip
"""Where it leads to, and where it stands; how it looks is between the two."""


def in_order(words: Json) -> Json:
    """The words of a panel in that order."""
    first = {word: words[word] for word in FIRST if word in words}
    last = {word: words[word] for word in LAST if word in words}
    return {
        **first,
        **{word: value for word, value in words.items() if word not in last and word not in first},
        **last,
    }
