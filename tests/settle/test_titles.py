"""A title that is cut on a usual screen is reported at its place, with what would make it fit."""

import pytest

from dashgen.compile.settle.check_titles import room, text_width
from tests.settle.settling import settled
from tests.source.helpers import told

# Measured with the font itself.
MEASURED = {
    "ARR (Annual Recurring Revenue)": 223.5,
    "MAU (Monthly Active Users)": 194.4,
    "DAU/MAU (Stickiness)": 153.9,
    "Cost Efficiency (Queries per Dollar)": 241.5,
}


@pytest.mark.parametrize("title", MEASURED)
def test_the_width_of_a_text_is_near_the_one_of_the_font(title: str) -> None:
    assert text_width(title) == pytest.approx(MEASURED[title], rel=0.02)


def test_marks_have_no_width_and_pictographs_have_two_letters() -> None:
    assert text_width("⏱️") == text_width("⏱")
    assert text_width("🔥") == text_width("地") == 17
    assert text_width("é") == text_width("e\u0301") - text_width("e") + text_width("é")


def test_icons_take_room_and_columns_give_it() -> None:
    assert room(4, 0) > room(4, 1) > room(4, 2)
    assert room(5, 2) > room(4, 2)


def _found(panels: str) -> list[str]:
    dashboard, problems = settled(f"panels:\n{panels}")
    del dashboard
    return told(problems)


LONG = "ARR (Annual Recurring Revenue)"


def test_a_title_that_is_cut_is_reported_with_the_width_that_it_needs() -> None:
    [result] = _found(f"  - {{title: {LONG}, width: 1/6, description: d, query: users}}\n")
    assert result.startswith("5:13 panel/title-width: ")
    assert f"`{LONG}` does not fit" in result
    dashboard, [problem] = settled(
        f"panels:\n  - {{title: {LONG}, width: 1/6, description: d, query: users}}\n"
    )
    del dashboard
    assert problem.hint == "shorten it, or make the panel 5 columns wide"
    assert problem.severity == "warning"
    assert _found(f"  - {{title: {LONG}, width: 5, description: d, query: users}}\n") == []


def test_links_take_room_too() -> None:
    panel = "title: Queries (Last 24 Hours), width: 4, description: d, query: users"
    assert _found(f"  - {{{panel}}}\n") == []
    assert len(_found(f"  - {{{panel}, drill_down: {{title: More, url: 'https://example.org'}}}}\n")) == 1


@pytest.mark.parametrize(
    "panel",
    [
        "title: 'Requests of $service that took too long', width: 3, query: users",
        "title: 'Requests of [[service]] that took too long', width: 3, query: users",
        f"title: {LONG}, width: 4, repeat: tier, query: users",
        f"title: {LONG}, width: 1/3, query: users",
    ],
)
def test_what_fits_or_is_not_known_is_not_reported(panel: str) -> None:
    assert [one for one in _found(f"  - {{{panel}}}\n") if "title-width" in one] == []


def test_a_title_that_fits_nowhere_can_only_be_shortened() -> None:
    dashboard, [problem] = settled(f"panels:\n  - {{title: {'very ' * 60}long, query: users}}\n")
    del dashboard
    assert problem.hint == "shorten it"
