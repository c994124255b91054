"""Find the values of an original that its spec does not build to, without a reason on one of the lists.

The goal that a spec is compared with has gone through `upgrade`, which may lose something by mistake. So each
value of the original is looked for in the built dashboard once more, and what is missing is reported unless
`REASONS` has its path.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.core.json_values import Json, at, mapping, mappings, same, text, walk
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.dashboard.dashboard_json import REFRESH_INTERVALS
from dashgen.formats.legacy.legacy_panels import CONVERSIONS
from dashgen.formats.upgrade import loss_reasons
from dashgen.formats.upgrade.loss_reasons import Reason, is_empty, target_reasons
from dashgen.formats.upgrade.notes import Notes

Steps: TypeAlias = tuple[str | int, ...]
Test: TypeAlias = Callable[[Any, Any], bool]

_CONVERTED: Final[frozenset[str]] = frozenset({*CONVERSIONS, "dashlist", "table-old", "text"})
"""Types that `dashgen.formats.legacy` and `upgrade` convert; each conversion has its own tests."""

_LOST: Final[tuple[tuple[str, str], ...]] = (
    (r"graph\.timeRegions\[\].*", "time regions of graphs; annotations of Grafana 12 can have them"),
    (
        r"graph\.nullPointMode=null as zero",
        "missing values of a graph as 0; write `or vector(0)` into its query",
    ),
    (r"graph\.xaxis\.mode=histogram", "that a graph drew a histogram; today that is a panel type"),
    (r"(table|table-old)\.styles\[\]\.(value|range)Maps\[\].*", "texts instead of values in an old table"),
    (r"(table|table-old)\.sort\..*", "the column that an old table is sorted by"),
    (r"singlestat\.(prefix|postfix)=.*", "the text around a single stat that has a unit already"),
    (r"grafana-piechart-panel\.combine\.threshold=(?!0$).*", "that small slices of a pie are drawn as one"),
    (r"alertlist\.(dashboardTags|dashboardFilter|folderId)\b.*", "the dashboards of an old alert list"),
    (r"dashlist\.folderId=.*", "the folder of a list of dashboards, which Grafana knows by uid now"),
)  # fmt: skip
"""What no conversion carries over, by the panel's type, path and value; indexes are ``[]``."""


def _any(_: object, __: object) -> bool:
    return True


def _is_missing(_: object, built: object) -> bool:
    return built is None


def _is_same_number(value: object, built: object) -> bool:
    # Old panels have numbers as texts.
    return isinstance(value, str) and value.strip() == str(built)


_SUB = r"([.\[].*)?"
REASONS: Final[tuple[tuple[str, Test], ...]] = (
    # data sources are named anew, and each reference is checked where it is settled
    (r".*\bdatasource" + _SUB, _any),
    # fields: what holds anyway, what a mode makes no use of, mappings and thresholds in the form of today
    (r"panel\.fieldConfig\..*\bcolor\.(fixedColor|seriesBy)", _is_missing),
    (r"panel\.fieldConfig\..*\b(thresholds|value)\.(mode|steps.*)", _any),
    (r"panel\.fieldConfig\..*\b(mappings|value)\[\].*", _any),
    (r"panel\.fieldConfig\..*\b(unitScale|nullValueMode|displayNameFromDS|description)", _is_missing),
    (r"panel\.fieldConfig\..*\blineStyle\.fill", _is_missing),
    (r"panel\.fieldConfig\..*\b(displayMode|cellOptions.*|align)", _any),
    (r"panel\.fieldConfig\.overrides.*", _any),
    (r"panel\.fieldConfig\..*\bscaleDistribution\.(linearThreshold|log)", _is_missing),
    (r"panel\.fieldConfig\..*\bhideFrom\..*", _any),
    (r"panel\.fieldConfig\.defaults\.(title|decimals|min|max)", _is_same_number),
    (r"panel\.fieldConfig\.defaults\.noValue", lambda value, built: str(value) == built),
    # what Grafana 12 writes or reads anyway
    (r"panel\.options\.legend\.(asTable|displayMode|placement|showLegend)", _is_missing),
    (r"panel\.options\.(tooltip\.maxHeight|alertThreshold|graph\..*|color\.fill)", _any),
    # options that moved
    (r"panel\.options\.(fieldOptions|tooltipOptions|dataLinks|footer|angular)" + _SUB, _any),
    (r"panel\.options\.legend\.displayMode", lambda value, built: value == "hidden" and built == "list"),
    (r"panel\.options\.(valueOptions|thresholds|valueMappings)" + _SUB, _is_missing),
    (r"panel\.options\.(minValue|maxValue|prefix|suffix)" + _SUB, _is_missing),
    (r"panel\.links\[\]\.(?!title$).*", _any),
    (r"panel\.maxDataPoints", _is_same_number),
    (r"panel\.(gridPos|id|type|title|repeatDirection|maxPerRow|repeat)" + _SUB, _any),
    (r"panel\.transformations\[\]\.(?!id$).*", _any),
    (r"panel\.dynamic\.element", _any),
    # rows and tabs, whose variables are looked at one by one
    (r"section\.(gridPos|id|type|title|dynamic\.variables)" + _SUB, _any),
    # queries
    (r"target\.(refId|instant|range|format|exemplar|queryType|expression)", _any),
    (r"target\.intervalFactor", lambda value, _: value == 1),
    # variables
    (r"variable\.(options|current|query|definition|refresh|sort|hide)" + _SUB, _any),
    (r"variable\.(includeAll|multi|auto\w*|regex|allValue)" + _SUB, _any),
    (r"variable\.(allowCustomValue|regexApplyTo|valuesFormat)", _is_missing),
    (r"annotation\.(builtIn|type|limit|matchAny|target|tags|iconColor)" + _SUB, _any),
    (r"link\..*\$\$hashKey", _is_missing),
    # the dashboard
    (r"dashboard\.(uid|refresh|sharedCrosshair|timezone|title|tags|graphTooltip)" + _SUB, _any),
    (r"dashboard\.(panels|rows|templating|annotations|links)" + _SUB, _any),
    (r"dashboard\.timepicker\.(time_options|now|enable|notice|status|type|collapse)" + _SUB, _is_missing),
    (r"dashboard\.timepicker\.refresh_intervals\[\]", lambda value, _: value in REFRESH_INTERVALS),
)  # fmt: skip
"""Paths below which a value may be another or none."""
_COMPILED: Final = tuple((lazy_pattern(pattern, re.DOTALL), test) for pattern, test in REASONS)
_COMPILED_LOST: Final = tuple((lazy_pattern(pattern, re.DOTALL), why) for pattern, why in _LOST)


def note_losses(original: Json, built: Json, panels: Iterable[tuple[Json, Json]], notes: Notes) -> None:
    """Note the values of an original that its spec does not build to, without a reason.

    Args:
        original: the dashboard before anything was done with it.
        built: what its spec builds to.
        panels: each panel of the original with the built one.
        notes: gets what is lost.
    """
    missing = [*_missing("dashboard", original, built, loss_reasons.DASHBOARD)]
    for key, part, reasons in (
        ("templating", "variable", loss_reasons.VARIABLE),
        ("annotations", "annotation", loss_reasons.ANNOTATION),
    ):
        lists = [mappings(mapping(side.get(key)).get("list")) for side in (original, built)]
        missing += _missing_of_named(part, lists[0], lists[1], reasons)
    missing += _missing_of_sections(original, built)
    for before, after in panels:
        missing += _missing_of_panel(before, after)
        for why in sorted(_not_carried(before)):
            notes.drop(why)
    for path in missing:
        # What the build refuses because Grafana does not read it was noted where it was taken out.
        if not path.replace("[]", "").startswith(tuple(notes.unread)):
            notes.drop(f"`{path}`")


def _missing_of_named(
    part: str, before: list[Json], after: list[Json], reasons: Mapping[str, Reason]
) -> Iterator[str]:
    counterparts = {text(item.get("name")): item for item in after}
    for item in before:
        counterpart = counterparts.get(text(item.get("name")))
        if counterpart is not None:
            yield from _missing(part, item, counterpart, reasons)


def _missing_of_sections(original: Json, built: Json) -> Iterator[str]:
    """What is missing of the rows and tabs of a dashboard that has what only schema v2 has."""
    sides = [[one for one in mappings(side.get("panels")) if "dynamic" in one] for side in (original, built)]
    headers, built_headers = ([one for one in side if one.get("type") == "row"] for side in sides)
    # Rows and tabs have no names of their own, and a build has them in the same order.
    for before, after in zip(headers, built_headers, strict=False):
        plain = {key: value for key, value in before.items() if key != "panels"}
        yield from _missing("section", plain, after, loss_reasons.PANEL)
        variables = [mappings(mapping(one.get("dynamic")).get("variables")) for one in (before, after)]
        yield from _missing_of_named("variable", variables[0], variables[1], loss_reasons.VARIABLE)


def _missing_of_panel(before: Json, after: Json) -> Iterator[str]:
    kind = text(before.get("type"))
    if "libraryPanel" in before or "libraryPanel" in after:
        return
    apart = {"targets", "panels"} if takes_queries(kind) else {"targets", "panels", "transformations"}
    if kind != after.get("type") or kind in _CONVERTED:
        # Options of another type have other names: `_LOST` lists what a conversion loses of them.
        apart |= {"options", "fieldConfig"}
    plain = {key: value for key, value in before.items() if key not in apart}
    yield from _missing("panel", plain, after, {**loss_reasons.PANEL, **loss_reasons.LEFT_OVER})
    built_targets = mappings(after.get("targets"))
    targets = [
        t for t in mappings(before.get("targets")) if {k for k, v in t.items() if v is not None} - _FRAME
    ]
    if len(targets) == len(built_targets):
        for target, built_target in zip(targets, built_targets, strict=True):
            kind = text(mapping(built_target.get("datasource")).get("type"))
            yield from _missing("target", target, built_target, target_reasons(kind))


_FRAME = {"datasource", "refId", "hide"}


def _missing(part: str, before: Json, after: Json, reasons: Mapping[str, Reason]) -> Iterator[str]:
    for steps, value in walk(before):
        if is_empty(value) or str(steps[0]) in reasons:
            continue
        built_value = at(after, steps, None)
        if same(built_value, value):
            continue
        path = _path_text(part, steps)
        if not any(pattern.fullmatch(path) and test(value, built_value) for pattern, test in _COMPILED):
            yield path


def takes_queries(kind: str) -> bool:
    """Whether panels of a type show data; in others a data source means nothing."""
    return panel_types().get(kind, PluginPanel).takes_queries


def _not_carried(panel: Json) -> set[str]:
    """The losses of a panel's conversion, as sentences of `_LOST`."""
    kind = text(panel.get("type"))
    if kind not in _CONVERTED and kind != "table":
        return set()
    lost = set()
    for steps, value in walk(panel):
        if is_empty(value):
            continue
        path = _path_text(kind, steps)
        lost |= {
            why
            for pattern, why in _COMPILED_LOST
            if pattern.fullmatch(path) or pattern.fullmatch(f"{path}={value}")
        }
    # Without a unit the text around a single stat became its unit.
    if kind == "singlestat" and text(panel.get("format")) in ("", "none"):
        lost = {why for why in lost if "around a single stat" not in why}
    return lost


def _path_text(part: str, steps: Steps) -> str:
    return part + "".join("[]" if isinstance(step, int) else f".{step}" for step in steps)
