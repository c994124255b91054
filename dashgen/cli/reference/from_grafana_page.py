"""The page that leads from Grafana's JSON, and from other tools, to the words of the spec language."""

from dashgen.compile.lower.panels import panel_types
from dashgen.source.other_keys import KEYS
from dashgen.source.other_words import PANEL_TYPES, VALUES

_INTRO = """\
# Grafana's JSON → dashgen

What keys and values of Grafana's JSON, of provisioning files and of other tools are called in specs. Findings give the same
hints. Keys that only differ in their form need no entry: `displayName` is `display_name`. `dashgen import` does all of it.
"""


def from_grafana_page() -> str:
    """The page: panel types, keys by part of the language, field options of panel types, values."""
    parts = [
        _INTRO,
        _table("Panel types", {f"`{theirs}`": f"`type: {ours}`" for theirs, ours in PANEL_TYPES.items()}),
    ]
    for part, keys in KEYS.items():
        title = "panel: options of its type" if part == "chart" else part
        parts.append(_table(title.capitalize(), {f"`{word.theirs}`": word.hint for word in keys}))
    options = {
        f"`custom.{theirs}`": f"`{ours}:`"
        for model in panel_types().values()
        for theirs, ours in model.synonyms().items()
    }
    parts.append(_table("Field options (`fieldConfig.defaults.custom`)", dict(sorted(options.items()))))
    parts.append(_table("Values", {f"`{theirs}`": f"`{ours}`" for theirs, ours in VALUES.items()}))
    return "\n".join(parts)


def _table(title: str, rows: dict[str, str]) -> str:
    lines = [f"| {theirs} | {ours.replace('|', chr(92) + '|')} |" for theirs, ours in rows.items()]
    return "\n".join([f"## {title}\n", "| there | in a spec |", "|---|---|", *lines]) + "\n"
