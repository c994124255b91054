"""Expressions of RE2 match in Python what they match in Go; the table is checked with promtool where it is."""

from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize(
    "pattern",
    [r"\pL", r"\p{Greek}+", r"\C", r"[\D]", "[[:nope:]]", ")", "(", "a{1001}", "a{1,1001}", "x" * 10_001],
)
def test_what_has_no_equivalent_is_not_guessed(pattern: str) -> None:
    assert re2_pattern(pattern) is None
    assert matches_whole(pattern, "a") is None


@pytest.mark.external
def test_prometheus_matches_the_same(promtool, tmp_path: Path) -> None:
    tests = []
    for number, (pattern, value, matches) in enumerate(CASES):
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
