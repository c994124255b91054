"""Findings are values: sorted by place, told once, with the nearest right word."""

import pytest

from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span, arrange, has_errors, nearest


def at(file: str, line: int, column: int, rule: str = "a/b", message: str = "x") -> Diagnostic:
    return Diagnostic(rule, message, Location(file, Span(line, column, line, column + 1)))


def test_findings_are_sorted_by_file_line_column_and_rule() -> None:
    wanted = [
        Diagnostic("z/z", "nowhere"),
        Diagnostic("a/b", "a whole file", Location("a")),
        at("a", 1, 2), at("a", 1, 10), at("a", 2, 1, "a/a"), at("a", 2, 1, "a/b", "a"), at("a", 2, 1, "a/b", "b"), at("b", 1, 1),
    ]  # fmt: skip
    assert arrange(reversed(wanted)) == wanted


def test_the_same_finding_is_told_once() -> None:
    assert arrange([at("a", 1, 1), at("a", 1, 1)]) == [at("a", 1, 1)]


@pytest.mark.parametrize(
    ("severities", "errors"), [([], False), (["warning", "info"], False), (["info", "error"], True)]
)
def test_only_errors_stop_a_build(severities: list[str], errors: bool) -> None:
    assert has_errors([Diagnostic("a/b", "x", severity=Severity(one)) for one in severities]) == errors


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("titel", ["title", "type"], "did you mean `title`?"),
        ("x", ["red", "green"], "use one of: `green`, `red`"),
        ("x", [], ""),
        ("x", [str(n) * 5 for n in range(20)], ""),
        ("", ["a"], "use one of: `a`"),
        ("red", ["red", "red"], "did you mean `red`?"),
    ],
)
def test_the_nearest_word_is_named_or_the_few_there_are(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known) == hint


@pytest.mark.parametrize(
    ("place", "text"), [(Location("a.yaml"), "a.yaml"), (Location("a.yaml", Span(3, 7, 3, 9)), "a.yaml:3:7")]
)
def test_a_place_can_be_clicked(place: Location, text: str) -> None:
    assert str(place) == text
