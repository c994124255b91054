"""Specs as text: whatever is written is read again as it was, and reads as if a person had written it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.source.load import load_text
from dashgen.source.resolve import Scope, resolve
from dashgen.source.source_limits import CONTROL
from dashgen.source.spec_text import spec_text

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60).map(lambda text: CONTROL.sub("", text))
TRICKY = st.sampled_from(
    ["null", "~", "true", "1e3", "0x1f", "22:22", "- a", "a: b", "a #b", "# x", "'", '"', "a'b\"c", "{{x}}", "[a]", "*x",
     "&x", "!x", "%x", "@x", "`x`", "|", ">-", "?", ": ", "a\n  b\n", "\n", " a", "a ", "a\tb", "x\r\ny", "$var",
     "🚀 Mission", "---", "...", "=", "<<", "a,b", "${{ x }}", "${{", "word " * 60, "word  " * 40, "line\n" * 3, "-1", "-x"]
)  # fmt: skip
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), TEXT, TRICKY)
KEYS = TEXT | st.sampled_from(["on", "null", "1", "a b", "x: y", "{x}", "panels", "raw", "${{ x }}", "${{"])
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def _read(text: str) -> object:
    loaded = load_text("x.yaml", text)
    assert not loaded.diagnostics, (loaded.diagnostics, text)
    resolved, problems = resolve(loaded.documents[0], Scope({}, {}, None, ()))
    assert not problems, (problems, text)
    return resolved[0].data


@pytest.mark.property
@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(["title", "raw", "text", "more"]), DATA, min_size=1))
def test_what_is_written_is_read_as_it_was(data):
    assert _read(spec_text([data])) == data


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("up", "k: up"),
        ("🚀 Mission Control", "k: 🚀 Mission Control"),
        ('rate(a{b="c"}[5m])', 'k: rate(a{b="c"}[5m])'),
        ("{{tier}}", "k: '{{tier}}'"),
        ("node", "k: node"),
        ("24h", "k: 24h"),
        ("1e3", "k: '1e3'"),
        ("it's: so", 'k: "it\'s: so"'),
        ("", "k: ''"),
        (0.9, "k: 0.9"),
        (1e-9, "k: 1e-09"),
        ({"green": 0, "red": 80}, "k: {green: 0, red: 80}"),
        (["a", "b"], "k: [a, b]"),
        ("a\nb", "k: |-\n  a\n  b"),
        ("a\nb\n", "k: |\n  a\n  b"),
        ("a ${{ b }}", "k: a ${{ '${{' }} b }}"),
    ],
)
def test_a_value_is_written_as_people_write_it(value, line):
    assert spec_text([{"k": value}]) == line + "\n"


def test_a_long_query_is_folded_and_reads_as_one_line():
    query = " + ".join(f"sum(rate(http_requests_{i}_total[5m]))" for i in range(8))
    text = spec_text([{"query": query}])
    assert text.startswith("query: >-\n  sum(")
    assert max(map(len, text.splitlines())) <= 110
    assert _read(text) == {"query": query}


def test_what_does_not_fit_on_a_line_stands_below_each_other():
    data = {
        "panels": [
            {"title": "A " * 30, "query": "up", "thresholds": {"green": 0, "red": 80}, "legend": "x" * 50}
        ]
    }
    assert spec_text([data]).splitlines()[:3] == [
        "panels:",
        "  - title: '" + "A " * 30 + "'",
        "    query: up",
    ]


def test_documents_are_divided():
    assert spec_text([{"a": 1}, {"b": 2}]) == "a: 1\n---\nb: 2\n"
