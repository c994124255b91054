"""Dashboards with rows and tabs in each other, as hypothesis makes them up in the spec language."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.property.strategies import mutate_one

Json = dict[str, Any]
_TITLES = st.sampled_from(["Latency", "Errors", "Costs", "Größe", "🚀"])
_DASHBOARD_NAMES = ("tier", "debug")
_LAYOUTS = st.sampled_from(
    [None, "grid", "auto", {"columns": 2}, {"columns": 5, "row_height": "short", "column_width": 200, "fill": True}]
)  # fmt: skip


def _conditions(draw: st.DrawFn, names: tuple[str, ...], *, is_panel: bool) -> Json:
    choices: list[Json] = [{"time_range": "7d"}, {"time_range": "6h"}]
    choices += [{"variable": name, "matches": "^p"} for name in names]
    choices += [{"variable": name, "not_equals": "free"} for name in names if name != "debug"]
    choices += [{"has_data": value} for value in (True, False)] if is_panel else []
    listed = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3))
    form = draw(st.sampled_from([listed[0], listed, {"any": listed}]))
    return {draw(st.sampled_from(["show_when", "hide_when"])): form}


@st.composite
def _panels(draw: st.DrawFn, names: tuple[str, ...], arranged: bool) -> list[Json]:
    listed = []
    for _ in range(draw(st.integers(1, 3))):
        used = draw(st.sampled_from(names))
        panel: Json = {"title": draw(_TITLES), "query": f'sum(up{{a="${{{used}}}"}})'}
        panel |= draw(
            st.sampled_from([{}, {"width": 8}, {"subtitle": "all"}, {"time_compare": "1d"}, {"unit": "s"}])
        )
        if arranged and draw(st.booleans()):
            panel |= _conditions(draw, names, is_panel=True)
        listed.append(panel)
    return listed


@st.composite
def _section(
    draw: st.DrawFn, kind: str, names: tuple[str, ...], layout: Any, depth: int, number: list[int]
) -> Json:
    section: Json = {"title": draw(_TITLES)}
    if draw(st.booleans()):
        number[0] += 1
        name = f"own_{number[0]}"
        section["variables"] = [{"name": name, "type": "custom", "values": ["free", "pro"]}]
        names = (*names, name)
    if (own := draw(_LAYOUTS)) is not None:
        section["layout"] = layout = own
    if draw(st.booleans()):
        section |= _conditions(draw, names, is_panel=False)
    section |= _inside(draw, kind, names, layout, depth, number)
    if kind == "rows":
        section |= draw(
            st.sampled_from([{}, {"collapsed": True}, {"fill_screen": True}, {"hide_header": True}])
        )
    return section


def _inside(
    draw: st.DrawFn, kind: str, names: tuple[str, ...], layout: Any, depth: int, number: list[int]
) -> Json:
    """The panels of a container, or the sections in it."""
    kinds = ["panels", "rows", "both", *(["tabs"] if kind != "tabs" else [])]
    form = draw(st.sampled_from(kinds)) if depth else "panels"
    inner: Json = {}
    if form in ("panels", "both"):
        inner["panels"] = draw(_panels(names, layout not in (None, "grid")))
    if form != "panels":
        key = "tabs" if form == "tabs" else "rows"
        sections = st.lists(_section(key, names, layout, depth - 1, number), min_size=1, max_size=2)
        inner[key] = draw(sections)
    return inner


@st.composite
def sectioned_dashboards(draw: st.DrawFn) -> Json:
    """A dashboard without mistakes, with up to three levels of rows and tabs."""
    layout = draw(_LAYOUTS)
    dashboard: Json = {
        "kind": "Dashboard",
        "uid": "made-up",
        "title": "Made up",
        "variables": [
            {"name": "tier", "type": "custom", "values": ["free", "pro"]},
            {"name": "debug", "type": "switch"},
        ],
    }
    if layout is not None:
        dashboard["layout"] = layout
    return dashboard | _inside(draw, "", _DASHBOARD_NAMES, layout, 3, [0])


@st.composite
def wrong_sections(draw: st.DrawFn) -> Json:
    """A dashboard with rows and tabs and a few mistakes."""
    dashboard: Json = deepcopy(draw(sectioned_dashboards()))
    for _ in range(draw(st.integers(1, 3))):
        mutate_one(draw, dashboard)
    return dashboard
