"""What looks different between two pictures is said in words, for each panel."""

import pytest

from dashgen.core.errors import DashgenError
from dashgen.drawing.svg.elements import document, element
from dashgen.preview.compare_pictures import PANEL_MARK, picture_differences


def picture(*panels, rest=""):
    return document((400, 300), "Inter", "Shop", [rest, *panels])


def panel(title, *marks, x=0, width=200):
    surface = element("rect", {"x": x, "y": 0, "width": width, "height": 100, "fill": "#181b1f"})
    return element("g", {PANEL_MARK: title}, surface, *marks)


def words(text, color="#73BF69"):
    return element("text", {"x": 10, "y": 20, "fill": color}, text)


def line(path, color="#73BF69", **more):
    return element("path", {"d": path, "stroke": color, **more})


OLD = panel("Orders", words("98.3%"), line("M0 0L5 5"))
CASES = {
    "nothing": (OLD, []),
    "another text": (
        panel("Orders", words("98.4%"), line("M0 0L5 5")),
        ["panel “Orders”: “98.3%” became “98.4%”"],
    ),
    "a text more": (
        panel("Orders", words("98.3%"), words("of 3 K"), line("M0 0L5 5")),
        ["panel “Orders”: “of 3 K” is new"],
    ),
    "another colour": (
        panel("Orders", words("98.3%", "#F2495C"), line("M0 0L5 5", "#F2495C")),
        ["panel “Orders”: the colour #73BF69 became #F2495C"],
    ),
    "a series more": (
        panel("Orders", words("98.3%"), line("M0 0L5 5"), line("M0 0L5 9")),
        ["panel “Orders”: 2 lines and areas instead of 1"],
    ),
    "another shape": (
        panel("Orders", words("98.3%"), line("M0 0L5 9")),
        ["panel “Orders”: shapes or positions differ"],
    ),
    "another width": (
        panel("Orders", words("98.3%"), line("M0 0L5 5"), width=300),
        ["panel “Orders”: it is 300 by 100 pixels instead of 200 by 100"],
    ),
    "another place": (
        panel("Orders", words("98.3%"), line("M0 0L5 5"), x=8),
        ["panel “Orders”: it stands at 8, 0 instead of 0, 0"],
    ),
    "another title": (
        panel("Sales", words("98.3%"), line("M0 0L5 5")),
        ["panel “Orders”: it is gone", "panel “Sales”: it is new"],
    ),
    "ids of other panels before it": (
        panel("Orders", words("98.3%"), line("M0 0L5 5", id="p7c")),
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_difference_is_a_sentence_about_its_panel(name):
    new, sentences = CASES[name]
    assert picture_differences(picture(OLD), picture(new)) == sentences


def test_rows_and_what_is_outside_of_panels_count():
    old = picture(OLD, rest=words("Traffic"))
    assert picture_differences(old, picture(OLD, rest=words("Traffic and speed"))) == [
        "outside of panels: “Traffic” became “Traffic and speed”"
    ]


def test_panels_of_one_title_are_told_apart():
    second = panel("Orders", words("7"))
    assert picture_differences(picture(OLD, second), picture(OLD, panel("Orders", words("8")))) == [
        "panel “Orders (2)”: “7” became “8”"
    ]


def test_many_differences_of_one_kind_are_counted():
    old = panel("Orders", *(words(f"a{number}") for number in range(9)))
    new = panel("Orders", *(words(f"b{number}") for number in range(9)))
    sentences = picture_differences(picture(old), picture(new))
    assert sentences[-1] == "panel “Orders”: 5 more texts differ"
    assert len(sentences) == 5


def test_a_file_that_is_no_picture_is_named():
    with pytest.raises(DashgenError, match="it is no picture of dashgen's: "):
        picture_differences("<svg", picture(OLD))
