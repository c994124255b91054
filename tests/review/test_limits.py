"""A comment has a limit: the most important parts are in it, each of them whole."""

import pytest

from dashgen.compare import Change, Code, Detail, What
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.markdown.markdown_reader import read_markdown
from dashgen.formats.resources import DASHBOARD, Resource
from dashgen.review.render.fitting_parts import CommentPart, Rank, fitted
from dashgen.review.render.review_markdown import MOST, CommentOptions, render_review
from dashgen.review.review import CostLine, DashboardReview, PanelPictures, Picture, Review, TouchedThings

GITHUB, GITLAB = 65_536, 1_000_000


def dashboard(number: int, details: int, pictures: int = 0) -> DashboardReview:
    """A dashboard with so many differences, each about a panel."""
    sides = [
        Resource(DASHBOARD, f"uid-{number}", f"Dashboard {number}", {}, form="classic") for _ in range(2)
    ]
    listed = tuple(
        Detail(
            ("query A changed ", Code(f"sum(rate(metric_{number}_{index}[5m]))")),
            ("panels", index, "targets"),
            "a",
            "b",
            f'panel "Panel {index}"',
        )
        for index in range(details)
    )
    drawn = tuple(
        PanelPictures(
            f"Panel {index}",
            "changed",
            Picture(f"u-{number}-{index}-before-{'0' * 16}.png", b"x", "It was."),
            Picture(f"u-{number}-{index}-after-{'1' * 16}.png", b"x", "It is."),
        )
        for index in range(pictures)
    )
    return DashboardReview(Change(What.CHANGED, sides[0], sides[1], listed), drawn)


def review(dashboards: int, details: int, pictures: int = 0) -> Review:
    """A review of so many dashboards, in which everything has something."""
    return Review(
        "main",
        "c0ffee" + "0" * 34,
        ".",
        [dashboard(number, details, pictures) for number in range(dashboards)],
        findings=[Diagnostic("query/label", "no label", severity=Severity.WARNING)],
        costs=[
            CostLine(f"uid-{n}", f"Dashboard {n}", (1, 2), (1.0, 2.0), (None, 3)) for n in range(dashboards)
        ],
        touched=[
            TouchedThings(f"component:c{n}", "changed", 3, (f"uid-{n}",), (), (), ())
            for n in range(dashboards)
        ],
    )


def assert_whole(text: str) -> None:
    """Every table has its head and rows of one width, and what is folded is closed."""
    lines = text.splitlines()
    assert lines.count("<details>") == lines.count("</details>")
    assert text.count("```") % 2 == 0
    for number, line in enumerate(lines):
        if line.startswith("| ---"):
            assert lines[number - 1].startswith("| ")
            assert lines[number + 1].startswith("| ")
    for block in read_markdown(text):
        assert len({len(row) for row in block.rows}) <= 1


@pytest.mark.parametrize(
    ("dashboards", "details", "pictures"),
    [(1, 5000, 0), (1000, 3, 0), (40, 40, 40), (300, 20, 2), (3, 3, 200)],
)
@pytest.mark.parametrize("host", MOST)
def test_whatever_changes_the_comment_fits_and_its_parts_are_whole(
    host: str, dashboards: int, details: int, pictures: int
) -> None:
    options = CommentOptions(lambda name: f"images/{name}", MOST[host], "### Findings: 1 warning\n")
    text = render_review(review(dashboards, details, pictures), options)
    assert len(text) < {"github": GITHUB, "gitlab": GITLAB}[host]
    assert text.startswith("### Review: ")
    assert "### Findings: 1 warning" in text
    assert_whole(text)
    if "more part" in text:
        assert text.splitlines()[-1].startswith("… and ")
        assert text.endswith("that do not fit; run `dashgen review --against main`\n")
        assert len(text) > MOST[host] - 20_000


def test_pictures_are_left_out_before_words() -> None:
    options = CommentOptions(lambda name: f"https://files.example.com/{'x' * 200}/{name}")
    text = render_review(review(60, 3, 20), options)
    assert "more parts" in text
    assert all(f"Dashboard {number}**" in text for number in range(60))
    assert "#### Cost of queries" in text


def test_a_small_comment_has_everything() -> None:
    text = render_review(review(2, 2, 2), CommentOptions(str))
    assert "more part" not in text
    assert text.count("![") == 8


def test_what_is_included_goes_first() -> None:
    parts = [
        CommentPart(Rank.HEAD, ["head"]),
        CommentPart(Rank.CHANGES, ["x" * 500]),
        CommentPart(Rank.PICTURES, ["picture" * 100]),
        CommentPart(Rank.INCLUDED, ["included"]),
    ]
    assert fitted(parts, 1000, "elsewhere").splitlines()[::2] == [
        "head", "x" * 500, "… and 2 more parts elsewhere",
    ]  # fmt: skip
    assert "included" in fitted(parts, 5000, "elsewhere")
