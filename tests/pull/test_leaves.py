"""What could not be taken over, in the names that people know."""

from dashgen.sync.pull.leaves import difference_sentences
from tests.compare.support import dashboard, panel

DATA = dashboard(*(panel(number, f"P{number}", y=number * 8) for number in range(1, 6)))


def test_places_are_one_sentence_and_all_else_names_its_panel():
    rest = {f"panel {number}": frozenset({("gridPos", "y")}) for number in range(1, 6)}
    rest["panel 2"] |= {("options", "x")}
    assert list(difference_sentences(rest, DATA)) == [
        'places that no row or `at:` gives: panel "P1", panel "P2", panel "P3" and 2 more',
        'panel "P2": options.x',
    ]


def test_other_parts_are_called_by_their_name():
    assert list(difference_sentences({"variable tier": frozenset({("query",)})}, DATA)) == [
        "variable tier: query"
    ]
