"""Names of colours."""

from difflib import get_close_matches

from dashgen.diagnostics import nearest

SCHEMES = frozenset(
    {
        "thresholds", "palette-classic", "palette-classic-by-name", "continuous-GrYlRd", "continuous-RdYlGr",
        "continuous-BlYlRd", "continuous-YlRd", "continuous-BlPu", "continuous-YlBl", "continuous-blues",
        "continuous-reds", "continuous-greens", "continuous-purples", "continuous-viridis", "continuous-magma",
        "continuous-plasma", "continuous-inferno", "continuous-cividis", "shades",
    }
)  # fmt: skip
_HUES = ("red", "orange", "yellow", "green", "blue", "purple")
_SHADES = ("", "dark-", "semi-dark-", "light-", "super-light-")
NAMES = frozenset(shade + hue for shade in _SHADES for hue in _HUES) | {
    "black", "brown", "cyan", "gold", "gray", "grey", "magenta", "pink", "silver", "teal", "text", "transparent",
    "violet", "white",
}  # fmt: skip


def misspelt(text: str) -> str | None:
    """A hint when a colour is nearly one that Grafana knows; a browser may know names that this does not."""
    if text in SCHEMES or text in NAMES:
        return None
    if text.startswith(("palette-", "continuous-", "threshold")):
        return nearest(text, SCHEMES)
    if not text.replace("-", "").isalpha() or text.startswith(("darks", "lights")):
        return None
    close = get_close_matches(text, NAMES, n=1, cutoff=0.8)
    css_shade = text.startswith(("dark", "light")) and "-" not in text
    return f"did you mean `{close[0]}`?" if close and not css_shade else None
