"""Checks of field options: thresholds, colours, value mappings and links."""

from collections.abc import Iterator

from dashgen.compile.lower.lower_fields import parse_range, pattern_of
from dashgen.compile.lower.panel_problems import PanelProblem
from dashgen.compile.settle.settle_thresholds import settle_thresholds
from dashgen.core.diagnostics import Severity
from dashgen.model.colors import color_problem
from dashgen.model.panel_spec import FieldOptions, Gradient, Link, Mapping, Panel
from dashgen.model.patterns import pattern_problem
from dashgen.model.units_catalogue import unit_problem
from dashgen.source.source import Path


def check_fields(options: FieldOptions, path: Path) -> Iterator[PanelProblem]:
    """What is wrong with field options, of a panel, an override or a column."""
    if options.unit is not None:
        yield from _unit(options.unit, (*path, "unit"))
    if isinstance(options.color, Gradient):
        yield from check_color(options.color.start, (*path, "color", "start"))
        yield from check_color(options.color.end, (*path, "color", "end"))
    elif options.color is not None:
        yield from check_color(options.color, (*path, "color"))
    if options.min is not None and options.max is not None and options.min >= options.max:
        message = f"the scale ends at {options.max:g} and starts at {options.min:g}"
        hint = "`min:` has to be below `max:`"
        yield PanelProblem((*path, "min"), message, hint, "panel/scale", Severity.WARNING)
    if options.thresholds is not None:
        yield from _thresholds(options, (*path, "thresholds"))
    if options.mappings is not None:
        for key, shown in options.mappings.items():
            yield from _mapping(key, shown, (*path, "mappings", key))
    if options.links:
        yield from check_links(options.links, (*path, "links"))


def check_color(color: str, path: Path) -> Iterator[PanelProblem]:
    """A colour that neither Grafana nor a browser knows."""
    wrong = color_problem(color)
    if wrong is not None:
        yield PanelProblem(path, *wrong, "panel/color")


def _unit(unit: str, path: Path) -> Iterator[PanelProblem]:
    wrong = unit_problem(unit)
    if wrong is not None:
        yield PanelProblem(path, *wrong, "panel/unit", Severity.WARNING)


def _thresholds(options: FieldOptions, path: Path) -> Iterator[PanelProblem]:
    spec_thresholds = options.thresholds or {}
    for color in spec_thresholds:
        if color != "mode":
            yield from check_color(color, (*path, color))
    if isinstance(options, Panel):
        return  # the passes settle a panel's own thresholds, and say what is wrong with them
    try:
        settle_thresholds(spec_thresholds)
    except ValueError as error:
        yield PanelProblem(path, str(error), "write `thresholds: {green: 0, red: 80}`", "panel/thresholds")


def _mapping(key: str, shown: str | Mapping, path: Path) -> Iterator[PanelProblem]:
    rule = "panel/mapping"
    if isinstance(shown, Mapping):
        if shown.text is None and shown.color is None and shown.icon is None:
            yield PanelProblem(
                path, f"the mapping of `{key}` shows nothing", "give it `text:` or `color:`", rule
            )
        if shown.color is not None:
            yield from check_color(shown.color, (*path, "color"))
    if pattern_of(key) is not None:
        wrong = pattern_problem(key)
        if wrong:
            yield PanelProblem(
                path, f"`{key}` is not a regular expression: {wrong}", "correct it", rule, on_key=True
            )
    elif (
        key.startswith("/") and key.count("/") > 1 and key.rstrip("abcdefghijklmnopqrstuvwxyz").endswith("/")
    ):
        hint = "the flags of a pattern are `g`, `i`, `m`, `y` and `s`, in this order"
        yield PanelProblem(
            path, f"`{key}` is not a regular expression: its flags are not known", hint, rule, on_key=True
        )
    elif ".." in key:
        bounds = parse_range(key)
        if bounds is None:
            hint = "write a range as `0..5`, `..5` or `5..`, and a text with `..` as a pattern"
            yield PanelProblem(path, f"`{key}` is not a range", hint, rule, on_key=True)
        elif len(bounds) > 1 and bounds["from"] > bounds["to"]:
            yield PanelProblem(
                path, f"`{key}` is an empty range", "write the smaller number first", rule, on_key=True
            )


def check_links(links: list[Link], path: Path, *, numbered: bool = True) -> Iterator[PanelProblem]:
    """Links that lead nowhere, or to two places."""
    for number, link in enumerate(links):
        aims = [name for name in ("dashboard", "url", "explore") if getattr(link, name) is not None]
        if len(aims) != 1:
            link_path = (*path, number) if numbered else path
            message = f"the link `{link.title}` needs exactly one of `dashboard`, `url` and `explore`"
            yield PanelProblem(
                link_path, message, "keep one of them" if aims else "add one of them", "link/target"
            )
