"""A finding is drawn with its line and a caret under what is meant, and never steers a terminal."""

import pytest

from dashgen.core.diagnostics import Diagnostic, Location, Related, Severity, Span
from dashgen.core.diagnostics.frame import clean, draw, width


def drawn(text: str | None, span: Span | None, **more: object) -> str:
    finding = Diagnostic("a/b", "it is wrong", Location("x.yaml", span), **more)  # type: ignore[arg-type]
    return draw(finding, lambda _: text)


def carets(text: str, span: Span) -> tuple[str, str]:
    _, _, _, line, under = drawn(text, span).split("\n")
    return line, under


def test_a_frame_has_the_head_the_place_the_line_and_what_to_do() -> None:
    found = drawn(
        "a: 1\nbc: 23\n",
        Span(2, 5, 2, 7),
        hint="write `3`",
        related=(Related("used here", Location("y.yaml", Span(1, 1, 1, 2))),),
    )
    assert found.split("\n") == [
        "error[a/b]: it is wrong",
        "  --> x.yaml:2:5",
        "  |",
        "2 | bc: 23",
        "  |     ^^",
        "  = used here: y.yaml:1:1",
        "  = hint: write `3`",
    ]


def test_the_gutter_is_as_wide_as_the_number_of_the_line() -> None:
    lines = drawn("\n" * 999 + "abc", Span(1000, 1, 1000, 2)).split("\n")
    assert lines[2:] == ["     |", "1000 | abc", "     | ^"]


@pytest.mark.parametrize(
    ("text", "span", "line", "under"),
    [
        ("🚀: x", Span(1, 4, 1, 5), "1 | 🚀: x", "  |     ^"),
        ("Рассвет: x", Span(1, 10, 1, 11), "1 | Рассвет: x", "  |          ^"),
        ("日本: x", Span(1, 1, 1, 3), "1 | 日本: x", "  | ^^^^"),
        ("e\u0301: x", Span(1, 5, 1, 6), "1 | e\u0301: x", "  |    ^"),
        ("👨\u200d👩: x", Span(1, 6, 1, 7), "1 | 👨\u200d👩: x", "  |       ^"),
        ("a\tb: x", Span(1, 3, 1, 4), "1 | a b: x", "  |   ^"),
        ("abc", Span(1, 2, 3, 1), "1 | abc", "  |  ^^"),
        ("abc", Span(1, 4, 1, 5), "1 | abc", "  |    ^"),
        ("abc", Span(1, 99, 1, 100), "1 | abc", "  |    ^"),
        ("", Span(1, 1, 1, 2), "1 | ", "  | ^"),
        ("a\u202eb", Span(1, 3, 1, 4), "1 | a\N{REPLACEMENT CHARACTER}b", "  |   ^"),
    ],
)
def test_the_caret_stands_under_what_is_meant_whatever_is_before_it(
    text: str, span: Span, line: str, under: str
) -> None:
    assert carets(text, span) == (line, under)


def test_a_long_line_is_cut_around_what_is_meant() -> None:
    line, under = carets("a" * 500 + "HERE" + "b" * 500, Span(1, 501, 1, 505))
    assert len(line) < 180
    assert line.startswith("1 | …")
    assert line.endswith("…")
    assert line[under.index("^") : under.rindex("^") + 1] == "HERE"


@pytest.mark.parametrize("text", [None, "a"])
def test_a_file_that_is_gone_or_shorter_now_has_no_frame(text: str | None) -> None:
    assert drawn(text, Span(9, 1, 9, 2)) == "error[a/b]: it is wrong\n  --> x.yaml:9:1"


def test_a_finding_about_a_file_or_nothing_has_no_frame() -> None:
    assert drawn("a", None) == "error[a/b]: it is wrong\n  --> x.yaml"
    assert draw(Diagnostic("a/b", "x", severity=Severity.INFO), lambda _: None) == "info[a/b]: x"


HOSTILE = "\x1b[31m\x07\u202e\u2066\r\x9b\x7f\x00"


def test_no_part_of_a_finding_reaches_the_terminal_unclean() -> None:
    related = (Related(HOSTILE, Location(HOSTILE)),)
    finding = Diagnostic(
        "a/b", HOSTILE + "\nsecond", Location(f"x{HOSTILE}", Span(1, 1, 1, 2)), HOSTILE, related=related
    )
    found = draw(finding, lambda _: HOSTILE)
    assert not set(found) & set(HOSTILE) - set("[31m")
    assert found.count("\n") == 6


def test_colours_are_only_there_when_wanted() -> None:
    finding = Diagnostic("a/b", "x", Location("f", Span(1, 1, 1, 2)))
    assert "\x1b" not in draw(finding, lambda _: "a")
    assert "\x1b[31m^\x1b[0m" in draw(finding, lambda _: "a", color=True)
    assert draw(finding, lambda _: "a", color=True).replace("\x1b[31m", "").replace("\x1b[0m", "") == draw(
        finding, lambda _: "a"
    )


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("🚀", 2), ("日本", 4), ("e\u0301", 1), ("\u200d", 0), ("عربي", 4), ("", 0)],
)
def test_the_width_of_text_is_that_of_a_terminal(text: str, columns: int) -> None:
    assert width(text) == columns


def test_cleaning_keeps_what_can_be_read() -> None:
    assert clean("Ünï 🚀 عربي") == "Ünï 🚀 عربي"
    assert clean("a\nb\tc") == "a b c"


def test_a_line_with_a_secret_is_not_drawn() -> None:
    found = Diagnostic(
        "secret/plain-text", "the slack url is a secret", Location("a.yaml", Span(1, 6, 1, 20)), "move it"
    )
    drawn = draw(found, lambda _: "url: https://hooks.example.com/T1/secret")
    assert "hooks" not in drawn
    assert "  --> a.yaml:1:6" in drawn
