"""Expressions of RE2 match in Python what they match in Go; the table is checked with promtool where it is."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dashgen.query.re2_automaton import automaton
from dashgen.query.re2_patterns import matches_whole, re2_pattern

CASES: list[tuple[str, str, bool]] = [
    ("a|b", "a", True),
    ("a|b", "ab", False),
    ("a|b", "b", True),
    ("", "", True),
    ("", "a", False),
    (".*", "", True),
    (".+", "", False),
    (".+", "ä", True),
    (r"\d+", "12", True),
    (r"\d+", "١٢", False),
    (r"\w+", "ab_1", True),
    (r"\w+", "ä", False),
    (r"\W", "ä", True),
    (r"\S+", "ab", True),
    (r"a\sb", "a b", True),
    ("(?i)ABC", "abc", True),
    ("a(?i)b|c", "aB", True),
    ("a(?i)b|c", "C", True),
    ("a(?i)b|c", "Ab", False),
    ("(?i:a)b", "Ab", True),
    ("(?i:a)b", "AB", False),
    ("(?U)a+", "aaa", True),
    ("(?P<x>a)(?P<y>b)", "ab", True),
    (r"\Qa.b\E", "a.b", True),
    (r"\Qa.b\E", "axb", False),
    ("[[:alpha:]]+", "abc", True),
    ("[[:alpha:]]+", "ab1", False),
    ("[[:punct:]]", "]", True),
    ("[^[:digit:]]", "a", True),
    ("[a&&b]+", "&", True),
    ("[[a]+", "[a", True),
    ("[]a]+", "]a", True),
    ("a{,2}", "a{,2}", True),
    ("a{,2}", "aa", False),
    ("a{2,3}", "aa", True),
    (r"\x{41}", "A", True),
    (r"[\x{41}-\x{43}]", "B", True),
    (r"\x41", "A", True),
    (r"\.prod$", ".prod", True),
    ("^a$", "a", True),
    (r"a\z", "a", True),
    (r"\ba\b", "a", True),
    (r"\B", "", True),
    (r"a\B.", "ab", True),
    ("a*?", "aaa", True),
    ("(a|ab)(c|bcd)(d*)", "abcd", True),
    ("a.b", "a\nb", False),
    ("(?s)a.b", "a\nb", True),
    (r"eu-.*-\d", "eu-west-1", True),
    ("(a|b)(c|d)", "bd", True),
    ("(?:ab)+?", "abab", True),
    ("[-a]", "-", True),
    (r"[\d.]+", "1.2", True),
    (r"[\]]", "]", True),
]


@pytest.mark.parametrize(("pattern", "value", "matches"), CASES)
def test_a_pattern_matches_as_in_re2(pattern: str, value: str, matches: bool) -> None:
    assert matches_whole(pattern, value) is matches
    compiled = re2_pattern(pattern)
    assert compiled is not None
    assert (compiled.fullmatch(value) is not None) is matches
    assert automaton(pattern).matches(value) is matches


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        ("(a+)+", "a" * 5000 + "b", False),
        ("(a+)+", "a" * 5000, True),
        ("(a|a)*", "a" * 5000 + "b", False),
        (".*a.*a.*a.*a.*a", "a" * 2000 + "b", False),
        ("(a?){500}a{500}", "a" * 500, True),
        ("((((a*)*)*)*)*", "a" * 1000 + "b", False),
        ("(x+x+)+y", "x" * 2000, False),
    ],
)
def test_no_pattern_takes_forever(pattern: str, value: str, matches: bool) -> None:
    assert matches_whole(pattern, value) is matches


ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", "^", "$", r"\b", "(?i:A)", "(?s:.)", "(?m:^)", r"\Qa.\E"]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@pytest.mark.property
@given(pattern=PATTERNS, value=st.text("abA1\n. ", max_size=6))
def test_both_ways_of_matching_agree(pattern: str, value: str) -> None:
    compiled = re2_pattern(pattern)
    assert compiled is not None
    assert automaton(pattern).matches(value) is (compiled.fullmatch(value) is not None)


@pytest.mark.property
@given(pattern=st.text("ab(|)*+?{}[]^$.\\\\Qpd,12:-", max_size=12), value=st.text("ab1", max_size=4))
def test_any_text_is_a_pattern_or_none(pattern: str, value: str) -> None:
    assert matches_whole(pattern, value) in (True, False, None)


@pytest.mark.parametrize(
    "pattern",
    [r"\pL", r"\p{Greek}+", r"\C", r"[\D]", "[[:nope:]]", ")", "(", "a{1001}", "a{1,1001}", "x" * 10_001],
)
def test_what_has_no_equivalent_is_not_guessed(pattern: str) -> None:
    assert re2_pattern(pattern) is None
    assert matches_whole(pattern, "a") is None


@pytest.mark.parametrize(
    "pattern",
    ["a*+", "a{2}+", "a*?{2}", "(a)*+b", "a**", "(a*)(", "(*)", "a{3,2}", r"(a)*\p{L}", "((a){1000}){1000}"],
)
def test_what_re2_refuses_matches_nothing(pattern: str) -> None:
    assert matches_whole(pattern, "a") is None


@pytest.mark.external
def test_prometheus_matches_the_same(promtool, tmp_path: Path) -> None:
    tests = []
    # Prometheus 3 has `.` match the end of a line in matchers too, unlike Alertmanager.
    for number, (pattern, value, matches) in enumerate(one for one in CASES if "\n" not in one[1]):
        labels = f'x{{value={_quoted(value)}, case="{number}"}}'
        expr = f'count(x{{case="{number}", value=~{_quoted(pattern)}}})'
        samples = [{"labels": "{}", "value": 1}] if matches else []
        tests.append(
            {
                "interval": "1m",
                "input_series": [{"series": labels, "values": "1"}],
                "promql_expr_test": [{"expr": expr, "eval_time": "0s", "exp_samples": samples}],
            }
        )
    file = tmp_path / "tests.yaml"
    file.write_text(yaml.safe_dump({"tests": tests}, allow_unicode=True), encoding="utf-8")
    done = promtool(tmp_path, "test", "rules", "tests.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
