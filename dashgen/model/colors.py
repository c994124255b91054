"""Colours as Grafana reads them: its own names, those of CSS, hexadecimal and functional forms, schemes.

Source: ``createVisualizationColors`` of @grafana/data 12.4.3 (themes/createVisualizationColors.ts), which
leaves to the browser what it does not know; https://www.w3.org/TR/css-color-4/#named-colors.
"""

import re

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern

SCHEMES = frozenset(
    {
        "thresholds", "palette-classic", "palette-classic-by-name", "palette-saturated",
        "palette-colorblind", "palette-categorical-next", "palette-categorical-next-2",
        "palette-categorical-next-3", "continuous-GrYlRd",
        "continuous-RdYlGr", "continuous-BlYlRd", "continuous-YlRd", "continuous-BlPu", "continuous-YlBl",
        "continuous-blues", "continuous-reds", "continuous-greens", "continuous-purples",
        "continuous-viridis", "continuous-magma", "continuous-plasma", "continuous-inferno",
        "continuous-cividis", "shades",
    }
)  # fmt: skip
_HUES = ("red", "orange", "yellow", "green", "blue", "purple")
_SHADES = ("", "dark-", "semi-dark-", "light-", "super-light-")
_CSS = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
    burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
    darkgoldenrod darkgray darkgrey darkgreen darkkhaki darkmagenta darkolivegreen darkorange darkorchid
    darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet
    deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro
    ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
    lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow
    lightgray lightgrey lightgreen lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine
    mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise
    mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab
    orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru
    pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen
    seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle
    tomato turquoise violet wheat white whitesmoke yellow yellowgreen
"""
NAMES = frozenset(shade + hue for shade in _SHADES for hue in _HUES) | {"text", "transparent"}
_ALL = NAMES | frozenset(_CSS.split()) | {"currentcolor", "inherit"}
_FORM = lazy_pattern(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl|hsv)a?\(.+\)|var\(.+\)", re.IGNORECASE
)


def is_color(text: str) -> bool:
    """Whether Grafana or a browser knows the colour, or a variable decides."""
    plain = text.strip()
    return "$" in text or text in SCHEMES or plain.lower() in _ALL or _FORM.fullmatch(plain) is not None


def color_problem(text: str) -> tuple[str, str] | None:
    """Why a text is not a colour, and what to write; None when it is one."""
    if is_color(text):
        return None
    message = f"there is no colour `{text}`"
    if text.startswith(("palette", "continuous", "threshold")):
        return message, nearest(text, SCHEMES) or "write `palette-classic`, for example"
    if re.fullmatch(r"[0-9a-fA-F]{6}", text):
        return message, f"write `'#{text}'`"
    if text.startswith("#"):
        return message, "write `#` and 3, 4, 6 or 8 hexadecimal digits"
    close = nearest(text.lower(), NAMES) or nearest(text.lower(), _ALL)
    return (
        message,
        close
        or "write a name such as `red` or `semi-dark-blue`, `#1f60c4`, or a scheme such as `palette-classic`",
    )
