"""Parts of sentences."""

from dashgen.core.sentence_parts import counted, first_names, listed


def test_things_are_counted_and_listed():
    assert [counted(1, "panel"), counted(2, "query"), counted(0, "alert"), counted(3, "series")] == [
        "1 panel", "2 queries", "0 alerts", "3 series",
    ]  # fmt: skip
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


def test_the_first_names_stand_as_code_and_the_others_are_counted():
    assert first_names([], 2) == ""
    assert first_names(["a", "b"], 2) == "`a`, `b`"
    assert first_names(["a", "b", "c", "d"], 2) == "`a`, `b` and 2 more"
